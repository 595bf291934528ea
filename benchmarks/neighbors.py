"""Nearest rows: all pairs against an approximate index over growing numbers of vectors, with its recall."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tyro

from benchmarks.table import print_table
from core.analysis.neighbors import Nearest, nearest

_DIMENSION = 384
_K = 10
_CENTRES = 60
_CHECKED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Time the search for the nearest rows."""

    sizes: tuple[int, ...] = (10_000, 30_000, 100_000)
    """Numbers of vectors."""
    exact_up_to: int = 30_000
    """Number of vectors up to which all pairs are compared too."""


def run(options: Options) -> None:
    """Print one line per number of vectors."""
    nearest(_vectors(1_000), _vectors(1_000), k=_K, exact_up_to=0)  # compiles the index, which is not what is measured
    lines: list[Sequence[str]] = []
    for n_rows in options.sizes:
        vectors = _vectors(n_rows)
        approximate, seconds = _timed(vectors, exact_up_to=0)
        exact_seconds = "–"
        if n_rows <= options.exact_up_to:
            exact_seconds = f"{_timed(vectors, exact_up_to=n_rows)[1]:.1f}"
        sample = np.random.default_rng(0).choice(n_rows, _CHECKED, replace=False)
        true = nearest(vectors, vectors[sample], k=_K, itself=sample, exact_up_to=n_rows)
        hits = [len(set(a) & set(b)) for a, b in zip(true.ids, approximate.ids[sample], strict=True)]
        rate, recall = f"{n_rows / seconds:,.0f}", f"{np.mean(hits) / _K:.1%}"
        lines.append((f"{n_rows:,}", exact_seconds, f"{seconds:.1f}", rate, recall))
    print_table(
        f"{_K} nearest of every vector, {_DIMENSION} dimensions",
        ("vectors", "all pairs, s", "index, s", "index, vectors/s", f"recall at {_K}"),
        lines,
    )


def _timed(vectors: npt.NDArray[np.float16], *, exact_up_to: int) -> tuple[Nearest, float]:
    started = time.perf_counter()
    found = nearest(vectors, vectors, k=_K, itself=np.arange(len(vectors)), exact_up_to=exact_up_to)
    return found, time.perf_counter() - started


def _vectors(n_rows: int) -> npt.NDArray[np.float16]:
    """Return vectors in overlapping groups, as those of texts are."""
    rng = np.random.default_rng(n_rows)
    centres = rng.normal(size=(_CENTRES, _DIMENSION))
    spread = rng.normal(size=(n_rows, 24)) @ rng.normal(size=(24, _DIMENSION)) / np.sqrt(24)
    noise = 0.3 * rng.normal(size=(n_rows, _DIMENSION))
    vectors: npt.NDArray[np.float16] = (centres[rng.integers(0, _CENTRES, n_rows)] + spread + noise).astype(np.float16)
    return vectors


if __name__ == "__main__":
    run(tyro.cli(Options))
