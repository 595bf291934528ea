"""Whether attributed words are the ones that matter: convergence delta and deletion test, on texts of the test split.

Run: python -m benchmarks.attributions --run demo --n-rows 400
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tyro
from scipy.stats import bootstrap
from tqdm import tqdm

from benchmarks.table import print_table
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, TEXTS, ModelName, Split
from core.models.attribution import N_STEPS, Attribution, Attributor
from core.models.classifier import Classifier
from core.models.predictor import load_classifier

FloatArray = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionBenchmark:
    """Attribute the predicted class of each text, then take words away and ask again."""

    run: str = "demo"
    """A run with texts and a fine-tuned checkpoint."""
    artifacts_dir: Path = Path("artifacts")
    """Where runs live."""
    models: tuple[ModelName, ...] = (ModelName.FINETUNED, ModelName.LOGREG)
    """The models to test."""
    n_rows: int = 400
    """Texts of the test split at most, the first ones."""
    n_steps: int = N_STEPS
    """Points of the path at which gradients are taken."""
    removed: float = 0.2
    """Share of the words that are removed, at least one."""
    n_seeds: int = 5
    """Random choices of words to compare with, per text."""


def main() -> None:
    """Print one line per model."""
    options = tyro.cli(AttributionBenchmark, prog="python -m benchmarks.attributions")
    run = Run.open(options.artifacts_dir / options.run)
    is_test = run.read_table(EXAMPLES, ["split"])["split"] == Split.TEST
    texts = run.read_table(TEXTS)["text"][is_test].tolist()[: options.n_rows]
    rows = []
    for model in options.models:
        rows.append([model.value, *measure(load_classifier(run, model), texts, options)])
        print(*rows[-1], sep=" | ", flush=True)
    print_table(
        f"attributions of {len(texts)} test texts of {options.run}, {options.n_steps} steps, predicted class",
        ["model", "mean |delta|", "95% of |delta| up to", "largest |delta|",
         f"drop without the top {options.removed:.0%} of words", "without as many random words",
         "difference, paired 95% interval"],
        rows,
    )  # fmt: skip


def measure(classifier: Classifier, texts: list[str], options: AttributionBenchmark) -> list[str]:
    """Return the line of a model."""
    attributor = Attributor(classifier, n_steps=options.n_steps)
    probs = classifier.predict_proba(texts).probs
    target = probs.argmax(axis=1)
    found = [attributor.attribute(text, [int(k)])[0] for text, k in zip(tqdm(texts, unit="text"), target, strict=True)]
    delta = np.abs([one.delta for one in found])
    chosen = [np.argsort(-one.scores)[: n_removed(one, options.removed)] for one in found]
    top = drop(classifier, texts, found, chosen, probs)
    by_seed = []
    for seed in range(options.n_seeds):
        rng = np.random.default_rng(seed)
        drawn = [rng.choice(len(one.scores), n_removed(one, options.removed), replace=False) for one in found]
        by_seed.append(drop(classifier, texts, found, drawn, probs))
    at_random = np.mean(by_seed, axis=0)
    interval = bootstrap((top - at_random,), np.mean, rng=np.random.default_rng(0)).confidence_interval
    return [
        f"{delta.mean():.4f}",
        f"{np.quantile(delta, 0.95):.4f}",
        f"{delta.max():.4f}",
        f"{top.mean():.3f}",
        f"{at_random.mean():.3f}",
        f"{(top - at_random).mean():.3f} ({interval.low:.3f} – {interval.high:.3f})",
    ]


def n_removed(found: Attribution, share: float) -> int:
    """Return how many words are removed of a text; none of a text without words."""
    return min(len(found.scores), max(1, round(share * len(found.scores))))


def drop(
    classifier: Classifier,
    texts: list[str],
    found: list[Attribution],
    positions: Iterable[npt.NDArray[np.integer]],
    probs: FloatArray,
) -> FloatArray:
    """Return by how much the probability of the attributed class falls when words are removed, shape (texts,)."""
    shortened = [without(text, one, chosen) for text, one, chosen in zip(texts, found, positions, strict=True)]
    after = classifier.predict_proba(shortened).probs
    each, target = np.arange(len(texts)), [one.target for one in found]
    lost: FloatArray = probs[each, target] - after[each, target]
    return lost


def without(text: str, found: Attribution, positions: npt.NDArray[np.integer]) -> str:
    """Return a text without some of its words."""
    kept, last = "", 0
    for word in np.sort(positions):
        kept, last = kept + text[last : found.start[word]], found.end[word]
    return " ".join((kept + text[last:]).split())


if __name__ == "__main__":
    main()
