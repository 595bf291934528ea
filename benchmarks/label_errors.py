"""How well suspected labels are found: the demo corpus with some train labels flipped, by seed.

Run: python -m benchmarks.label_errors --seeds 0 1 2 --out-of-fold 5
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import tyro
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_self_confidence_for_each_label

from benchmarks.table import print_table
from core.analysis.settings import AnalysisSettings
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, ISSUES, TEXTS, Issue, ModelName, Split
from core.artifacts.workspace import open_workspace
from core.data.settings import CorpusSettings
from core.data.validation import load_corpus
from scripts import extract_features, fine_tune, prepare_data, train_baselines
from scripts.parts.issues import find_issues, pooled_probabilities
from scripts.presets import PRESETS

BoolArray = npt.NDArray[np.bool_]
_RECALL = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelErrorBenchmark:
    """Flip train labels of the demo corpus, build a run from it, and look who is suspected."""

    seeds: tuple[int, ...] = (0, 1, 2)
    """Seeds of the flips, one run each."""
    flipped: float = 0.05
    """Share of the train labels that are flipped to another class."""
    out_of_fold: int = 5
    """Folds of out-of-fold fine-tuning; 0 for judges without the fine-tuned model."""


def main() -> None:
    """Print one line per seed."""
    options = tyro.cli(LabelErrorBenchmark, prog="python -m benchmarks.label_errors")
    rows = []
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as folder:
            rows.append([str(seed), *measure(options, seed, Path(folder))])
            print(*rows[-1], flush=True)
    print_table(
        f"suspected labels of the demo corpus, {options.flipped:.0%} of the train labels flipped,"
        f" {options.out_of_fold}-fold fine-tuning",
        ["seed", "suspects", "precision", "recall", f"precision at recall {_RECALL}", "cleanlab's own cut: suspects",
         "precision", "recall", f"of the fine-tuned model alone: precision at recall {_RECALL}"],
        rows,
    )  # fmt: skip


def measure(options: LabelErrorBenchmark, seed: int, folder: Path) -> list[str]:
    """Build the run and return its line of the table."""
    corpus = load_corpus(CorpusSettings(dataset="demo"))
    frame = corpus.frame.reset_index(drop=True)
    names = np.array(corpus.classes)
    label, train = frame["label"].to_numpy().copy(), np.flatnonzero(frame["split"] == Split.TRAIN)
    rng = np.random.default_rng(seed)
    ids = rng.choice(train, round(options.flipped * len(train)), replace=False)
    label[ids] = (label[ids] + rng.integers(1, len(names), len(ids))) % len(names)
    dataset = folder / "flipped.csv"
    flipped = pd.DataFrame({"text": frame["text"], "label": names[label], "split": frame["split"]})
    flipped.to_csv(dataset, index=False)
    run = build(options, dataset, folder)
    wrong = _is_flipped(run, dict(zip(frame["text"], names[frame["label"]], strict=True)))
    in_train = (run.read_table(EXAMPLES, ["split"])["split"] == Split.TRAIN).to_numpy()
    return judge(run, wrong[in_train], np.flatnonzero(in_train))


def build(options: LabelErrorBenchmark, dataset: Path, folder: Path) -> Run:
    """Build a run as far as its issues, without the vectors' part of them."""
    recipe = PRESETS["demo"]
    with open_workspace(folder / "artifacts", "flipped") as workspace:
        prepare_data.prepare(workspace, CorpusSettings(dataset=str(dataset), split_column="split"))
        extract_features.extract(workspace, recipe.encoder)
        train_baselines.train(workspace, recipe.baselines, seed=42)
        if options.out_of_fold:
            training = replace(recipe.training, out_of_fold=options.out_of_fold)
            fine_tune.train(workspace, recipe.encoder, training, seed=42)
        print(find_issues(workspace, AnalysisSettings(), 42), flush=True)
        workspace.publish()
    return Run.open(folder / "artifacts" / "flipped")


def judge(run: Run, wrong: BoolArray, train: npt.NDArray[np.intp]) -> list[str]:
    """Return how many flipped labels were found: by the queue, by cleanlab's own cut, by the fine-tuned model alone."""
    label = run.read_table(EXAMPLES, ["label"])["label"].to_numpy()[train]
    issues = run.read_table(ISSUES)
    suspected = np.isin(train, issues["id"][issues["issue"] == Issue.SUSPECTED_LABEL])
    probs = pooled_probabilities(run, seed=42)[train]
    own = find_label_issues(label, probs, n_jobs=1)
    cells = [*_hits(suspected, wrong), _at_recall(label, probs, wrong), *_hits(own, wrong)]
    alone = "–"
    if ModelName.FINETUNED in run.models:
        alone = _at_recall(label, run.read_probabilities(ModelName.FINETUNED)[train], wrong)
    return [*cells, alone]


def _is_flipped(run: Run, truth: dict[str, str]) -> BoolArray:
    """Return which rows of a run carry another label than their text had, shape (rows,)."""
    names = np.array(run.manifest.corpus.classes)
    given = names[run.read_table(EXAMPLES, ["label"])["label"]]
    expected = run.read_table(TEXTS)["text"].map(truth).to_numpy()
    flipped: BoolArray = given != expected
    return flipped


def _hits(found: BoolArray, wrong: BoolArray) -> list[str]:
    n_hits = int((found & wrong).sum())
    return [f"{found.sum():,}", f"{n_hits / max(1, found.sum()):.2f}", f"{n_hits / wrong.sum():.2f}"]


def _at_recall(label: npt.NDArray[np.integer], probs: npt.NDArray[np.floating], wrong: BoolArray) -> str:
    """Return the precision of the ranking by cleanlab's label quality where so many flips have been found."""
    hits = wrong[np.argsort(get_self_confidence_for_each_label(label, probs), kind="stable")].cumsum()
    n_needed = int(np.searchsorted(hits, _RECALL * wrong.sum())) + 1
    return f"{hits[n_needed - 1] / n_needed:.2f}"


if __name__ == "__main__":
    main()
