"""Scores worked through by hand: one confusion, one class, and what parts weighted from macro F1."""

from dataclasses import dataclass

import numpy as np

from core.analysis.confusions import Confusion, biggest_confusions
from core.analysis.metrics import ClassMetrics, SplitMetrics


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionExcerpt:
    """The lines of two classes of a confusion matrix, all further columns added up.

    `counts[i]` are the rows of true class `names[i]` predicted as `names[0]`, as `names[1]` and as any other class.
    """

    biggest: Confusion
    names: tuple[str, str]
    counts: tuple[tuple[int, int, int], tuple[int, int, int]]
    n_classes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedClass:
    """One class: rows that were found, missed, and wrongly named so, with the scores that follow from them."""

    scores: ClassMetrics
    true_positives: int
    false_negatives: int
    false_positives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageGap:
    """Weighted minus macro F1, and the class that accounts for the largest part of it.

    `macro_share` and `weighted_share` in [0, 1] are what the class counts for in the two means.
    """

    gap: float
    scores: ClassMetrics
    macro_share: float
    weighted_share: float


def excerpt_confusion(metrics: SplitMetrics) -> ConfusionExcerpt | None:
    """Return the two classes of the biggest confusion, or None if there is no mistake."""
    confusions = biggest_confusions(metrics, limit=1)
    if not confusions:
        return None
    (biggest,) = confusions
    names = [c.name for c in metrics.per_class]
    pair = (names.index(biggest.true), names.index(biggest.predicted))
    lines = []
    for true in pair:
        line = metrics.confusion[true]
        lines.append((line[pair[0]], line[pair[1]], sum(line) - line[pair[0]] - line[pair[1]]))
    return ConfusionExcerpt(
        biggest=biggest,
        names=(biggest.true, biggest.predicted),
        counts=(lines[0], lines[1]),
        n_classes=len(names),
    )


def work_through_class(metrics: SplitMetrics) -> WorkedClass:
    """Return the true class of the biggest confusion, or without any mistake the class with the most rows."""
    excerpt = excerpt_confusion(metrics)
    names = [c.name for c in metrics.per_class]
    k = names.index(excerpt.biggest.true) if excerpt else int(np.argmax([c.support for c in metrics.per_class]))
    scores, hits = metrics.per_class[k], metrics.confusion[k][k]
    return WorkedClass(
        scores=scores,
        true_positives=hits,
        false_negatives=scores.support - hits,
        false_positives=scores.n_predicted - hits,
    )


def explain_average_gap(metrics: SplitMetrics) -> AverageGap:
    """Return what parts weighted from macro F1.

    Both are means of the same F1 values with other weights, so class k accounts for
    (F1_k - macro F1) · (support_k / n - 1 / classes) of the gap; the parts add up to it.
    """
    scored = [c for c in metrics.per_class if c.f1 is not None]
    f1 = np.array([c.f1 for c in scored], dtype=np.float64)
    weighted_shares = np.array([c.support for c in scored]) / metrics.n_rows
    macro_share = 1 / len(scored)
    parts = (f1 - f1.mean()) * (weighted_shares - macro_share)
    gap = metrics.weighted_f1 - metrics.macro_f1
    k = int(np.argmax(np.copysign(1.0, gap) * parts))
    return AverageGap(gap=gap, scores=scored[k], macro_share=macro_share, weighted_share=float(weighted_shares[k]))
