"""Which classes a model confuses, what a second model changes about it, and which model does best."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.float64]


class Normalise(StrEnum):
    """What a cell of a confusion matrix says."""

    COUNTS = "counts"
    BY_TRUTH = "by truth"
    BY_PREDICTION = "by prediction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Rows of one class that were predicted as another; `share_of_true` in [0, 1] of all rows of the true class."""

    true: str
    predicted: str
    n_rows: int
    share_of_true: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusedPair:
    """A class and another that it was taken for, as indices, with the number of such rows of each model.

    `support` is the number of all rows of the true class.
    """

    true: int
    predicted: int
    n_rows: tuple[int, ...]
    support: int

    @property
    def difference(self) -> int:
        """Return the rows of the last model minus those of the first."""
        return self.n_rows[-1] - self.n_rows[0]

    @property
    def share_of_true(self) -> float:
        """Return the rows of the last model as a share of all rows of the true class, in [0, 1]."""
        return self.n_rows[-1] / self.support


def cell_values(confusion: IntArray, normalise: Normalise) -> FloatArray:
    """Return the value of each cell, shape (classes, classes).

    Args:
        confusion: Counts, rows true, columns predicted.
        normalise: Counts; or shares in [0, 1] of the row (of all rows with that true class) or of the column (of all
            rows predicted so). A share of nothing is NaN.
    """
    counts = confusion.astype(np.float64)
    if normalise is Normalise.COUNTS:
        return counts
    totals = counts.sum(axis=1 if normalise is Normalise.BY_TRUTH else 0, keepdims=True)
    shares: FloatArray = np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)
    return shares


def improvement(difference: FloatArray) -> FloatArray:
    """Return how much each cell of a difference of two confusion matrices is for the better; negative for the worse.

    More on the diagonal is better, more off it is worse.
    """
    sign = np.full(difference.shape, -1.0)
    np.fill_diagonal(sign, 1.0)
    better: FloatArray = difference * sign
    return better


def confused_pairs(models: Sequence[SplitMetrics]) -> list[ConfusedPair]:
    """Return every pair that some model confuses, most rows of the last model first, then of those before it."""
    counts = np.stack([m.confusion_array for m in models])
    mistakes = counts.sum(axis=0)
    np.fill_diagonal(mistakes, 0)
    true, predicted = np.nonzero(mistakes)
    rows = counts[:, true, predicted]
    order = np.lexsort((predicted, true, *-rows))
    return [
        ConfusedPair(
            true=int(true[k]),
            predicted=int(predicted[k]),
            n_rows=tuple(rows[:, k].tolist()),
            support=models[-1].per_class[true[k]].support,
        )
        for k in order
    ]


def biggest_confusions(metrics: SplitMetrics, *, limit: int = 8) -> list[Confusion]:
    """Return the most frequent mistakes, most rows first; of equals, the larger share of the true class."""
    mistakes = metrics.confusion_array.copy()
    np.fill_diagonal(mistakes, 0)
    found = [
        Confusion(
            true=metrics.per_class[true].name,
            predicted=metrics.per_class[predicted].name,
            n_rows=int(mistakes[true, predicted]),
            share_of_true=float(mistakes[true, predicted] / metrics.per_class[true].support),
        )
        for true, predicted in np.argwhere(mistakes > 0)
    ]
    return sorted(found, key=lambda c: (-c.n_rows, -c.share_of_true))[:limit]


def most_confused_classes(models: list[SplitMetrics], *, limit: int) -> list[int]:
    """Return the classes with the most mistakes, as truth or as prediction, over all models, in label order."""
    mistakes = np.sum([m.confusion_array for m in models], axis=0)
    np.fill_diagonal(mistakes, 0)
    per_class = mistakes.sum(axis=0) + mistakes.sum(axis=1)
    return sorted(int(k) for k in np.argsort(-per_class, kind="stable")[:limit])


def best_of(models: list[SplitMetrics]) -> SplitMetrics:
    """Return the metrics with the highest macro F1; of equals, the best expected."""
    order = list(ModelName)
    return max(models, key=lambda m: (m.macro_f1, order.index(m.model)))
