"""How the search for doubtful rows grows with the corpus: copies, near copies, odd texts, outliers, judging labels.

Run: python -m benchmarks.duplicates --sizes 10000 100000
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tyro

from benchmarks.table import print_table
from core.analysis.duplicates import find_label_conflicts, find_leaks, find_repeats, group_texts, near_pairs
from core.analysis.label_issues import find_suspects, judge_by_letters
from core.analysis.odd_texts import find_odd_texts
from core.analysis.outliers import find_outliers
from core.artifacts.schema import Split

_N_CLASSES, _N_NEAREST, _N_WORDS = 6, 10, 20_000
_COPIES, _NEAR = 0.01, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateBenchmark:
    """Time each search on made-up corpora, of which 1% are copies and 5% have a near neighbour."""

    sizes: tuple[int, ...] = (10_000, 30_000, 100_000)
    """Rows of the corpora."""


def main() -> None:
    """Print seconds per search and size, and how much faster they grow than the rows."""
    options = tyro.cli(DuplicateBenchmark, prog="python -m benchmarks.duplicates")
    seconds = [time_searches(size) for size in options.sizes]
    growth = options.sizes[-1] / options.sizes[0]
    rows = [
        [name, *(f"{times[name]:.2f}" for times in seconds), f"{seconds[-1][name] / seconds[0][name] / growth:.2f}"]
        for name in seconds[0]
    ]
    header = ["search, seconds", *(f"{size:,} rows" for size in options.sizes), "growth against the rows"]
    print_table("doubtful rows of made-up corpora", header, rows)


def time_searches(n_rows: int) -> dict[str, float]:
    """Return the seconds of each search on one corpus."""
    rng = np.random.default_rng(0)
    texts = make_texts(rng, n_rows)
    split = np.where(np.arange(n_rows) < 0.8 * n_rows, Split.TRAIN.value, Split.TEST.value).astype(object)
    label, train = rng.integers(0, _N_CLASSES, n_rows), split == Split.TRAIN
    nearest = rng.integers(0, n_rows, (n_rows, _N_NEAREST))
    similarity = np.where(rng.random(nearest.shape) < _NEAR / _N_NEAREST, 0.97, 0.8)
    group = group_texts(texts)
    probs = rng.dirichlet(np.ones(_N_CLASSES), n_rows)
    searches: dict[str, Callable[[], object]] = {
        "copies, leaks, conflicts": lambda: _find_copies(texts, split, label),
        "near copies, given neighbours": lambda: near_pairs(
            texts, group, np.arange(n_rows), nearest, similarity, min_similarity=0.95, min_shared=0.7
        ),
        "odd texts": lambda: find_odd_texts(texts),
        "outliers, given neighbours": lambda: find_outliers(nearest, similarity, train),
        "judging by letters": lambda: judge_by_letters(texts, label, train, n_classes=_N_CLASSES, seed=0),
        "suspects, given probabilities": lambda: find_suspects(label, probs, label_odds=15),
    }
    return {name: _seconds(search) for name, search in searches.items()}


def make_texts(rng: np.random.Generator, n_rows: int) -> list[str]:
    """Return texts of 5 to 30 made-up words, frequent ones first as in a language, some of them copies."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(rng.choice(letters, rng.integers(2, 10))) for _ in range(_N_WORDS)])
    texts = [" ".join(words[rng.zipf(1.3, rng.integers(5, 31)) % _N_WORDS]) for _ in range(n_rows)]
    for copy, original in rng.integers(0, n_rows, (round(_COPIES * n_rows), 2)):
        texts[copy] = texts[original].upper() + "!"
    return texts


def _find_copies(texts: list[str], split: npt.NDArray[np.object_], label: npt.NDArray[np.integer]) -> None:
    group = group_texts(texts)
    find_repeats(group, split)
    find_leaks(group, split)
    find_label_conflicts(group, label)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
