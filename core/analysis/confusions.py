"""Which classes a model confuses, most first, and which model does best."""

from dataclasses import dataclass

import numpy as np

from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Rows of one class that were predicted as another; `share_of_true` in [0, 1] of all rows of the true class."""

    true: str
    predicted: str
    n_rows: int
    share_of_true: float


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
