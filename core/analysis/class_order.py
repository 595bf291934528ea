"""In which order classes stand on charts and in tables."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from core.analysis.confusions import Normalise, cell_values
from core.analysis.metrics import SplitMetrics


class ClassOrder(StrEnum):
    """In which order classes stand on charts."""

    WEAKEST = "weakest first"
    GAIN = "largest gain first"
    TOGETHER = "confused together"
    CORPUS = "as in the corpus"
    NAME = "by name"


def order_classes(order: ClassOrder, models: Sequence[SplitMetrics]) -> list[int]:
    """Return class indices in the chosen order.

    Weakest go by F1 of the last model; gains by its F1 minus that of the first. Classes without such a number come
    last.
    """
    last = models[-1].per_class
    classes = range(len(last))
    if order is ClassOrder.NAME:
        return sorted(classes, key=lambda k: last[k].name.casefold())
    if order is ClassOrder.TOGETHER:
        return confused_together(models)
    if order is ClassOrder.WEAKEST:
        return _lowest_first([c.f1 for c in last])
    if order is ClassOrder.GAIN:
        return _lowest_first([None if gain is None else -gain for gain in f1_gains(models[0], models[-1])])
    return list(classes)


def f1_gains(before: SplitMetrics, after: SplitMetrics) -> list[float | None]:
    """Return F1 of the second model minus that of the first, in class order, in [-1, 1]; None where one has none."""
    pairs = [(b.f1, a.f1) for b, a in zip(before.per_class, after.per_class, strict=True)]
    return [None if first is None or second is None else second - first for first, second in pairs]


def confused_together(models: Sequence[SplitMetrics]) -> list[int]:
    """Return class indices such that classes that are taken for each other stand side by side.

    Two classes are as near as the larger the shares of them that the models confuse, in either direction. The order is
    that of the leaves of a dendrogram (average linkage) in which neighbouring leaves are as near as can be.

    Source: Bar-Joseph et al. 2001, "Fast optimal leaf ordering for hierarchical clustering", as in scipy.
    """
    shares = sum(np.nan_to_num(cell_values(m.confusion_array, Normalise.BY_TRUTH)) for m in models)
    nearness = np.asarray(shares) + np.asarray(shares).T
    np.fill_diagonal(nearness, 0)
    if len(nearness) < 3 or not nearness.any():
        return list(range(len(nearness)))
    distance = 1 - nearness / nearness.max()
    np.fill_diagonal(distance, 0)
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    order: list[int] = leaves_list(linkage(squareform(distance), method="average", optimal_ordering=True)).tolist()
    return order


def _lowest_first(scores: Sequence[float | None]) -> list[int]:
    return sorted(range(len(scores)), key=lambda k: (scores[k] is None, scores[k] or 0.0))
