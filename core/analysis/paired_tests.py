"""Is the difference between two models on the same rows real: its intervals, and tests of every part of it."""

from dataclasses import dataclass

import numpy as np

from core.analysis.answer_counts import AnswerCounts, FloatArray, IntArray, count_answers, influence_of
from core.analysis.bootstrap import overall_intervals
from core.analysis.comparison import ClassDifference, PairedComparison, TestedDifference
from core.analysis.exchange_test import exchange_test
from core.analysis.score_intervals import estimate, f1_intervals
from core.artifacts.schema import ModelName, Origin, Split

_EXCHANGES_PER_CLASS = 40  # so that the smallest p-value, times the number of classes, is below 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one model says about some rows: its predicted labels, shape (n,), and how they relate to what it learned."""

    model: ModelName
    origin: Origin
    pred: IntArray


def compare_pair(
    y_true: IntArray, first: Answers, second: Answers, *, n_classes: int, split: Split, n_resamples: int, seed: int
) -> PairedComparison:
    """Return the second model against the first; differences are second minus first.

    Accuracy is tested by McNemar's exact test, macro, weighted and per-class F1 by exchanging answers at random. The
    intervals of the overall differences are those of the paired bootstrap.

    Args:
        y_true: True labels, shape (n,), in [0, n_classes).
        first: Answers of the model that is compared with.
        second: Answers of the model that is looked at.
        n_classes: Number of classes.
        split: Which split the rows are of, recorded in the result.
        n_resamples: Bootstrap resamples, and exchanges at least.
        seed: Seed of both.

    Raises:
        ValueError: If there is no row, the shapes differ, or a label names no class.
    """
    counts = count_answers(y_true, [first.pred, second.pred], n_classes=n_classes)
    right = [counts.answers[model] == counts.label for model in (0, 1)]
    n_fixed = int(counts.n_rows[right[1] & ~right[0]].sum())
    n_broken = int(counts.n_rows[right[0] & ~right[1]].sum())
    intervals = overall_intervals(counts, n_resamples=n_resamples, seed=seed)
    test = exchange_test(counts, n_exchanges=max(n_resamples, _EXCHANGES_PER_CLASS * n_classes), seed=seed)
    before, after = counts.tally(0), counts.tally(1)
    return PairedComparison(
        first=first.model,
        second=second.model,
        split=split,
        first_origin=first.origin,
        second_origin=second.origin,
        n_both_right=int(counts.n_rows[right[0] & right[1]].sum()),
        n_fixed=n_fixed,
        n_broken=n_broken,
        n_both_wrong=int(counts.n_rows[~right[0] & ~right[1]].sum()),
        accuracy=TestedDifference(
            difference=estimate((n_fixed - n_broken) / len(y_true), intervals["accuracy"]),
            p_value=mcnemar_p(n_fixed, n_broken),
        ),
        macro_f1=TestedDifference(
            difference=estimate(float((after.macro_f1 - before.macro_f1)[0]), intervals["macro_f1"]),
            p_value=test.macro_f1,
        ),
        weighted_f1=TestedDifference(
            difference=estimate(float((after.weighted_f1 - before.weighted_f1)[0]), intervals["weighted_f1"]),
            p_value=test.weighted_f1,
        ),
        per_class=_class_differences(counts, test.f1),
    )


def mcnemar_p(n_fixed: int, n_broken: int) -> float:
    """Return the exact two-sided p-value of McNemar's test; 1 if the models are right on the same rows.

    Source: McNemar 1947, with the exact binomial distribution.
    """
    from scipy.stats import binomtest

    n_differing = n_fixed + n_broken
    return float(binomtest(n_fixed, n_differing, 0.5).pvalue) if n_differing else 1.0


def f1_difference_intervals(counts: AnswerCounts) -> FloatArray:
    """Return both ends of the 95% interval of each class's difference in F1, shape (classes, 2).

    They are put together from the intervals of both F1 and from how far the two vary together over the rows, which
    holds with few rows too, where a bootstrap of three rows would be sure of everything.

    Source: Zou & Donner 2008, "Construction of confidence limits about effect measures: a general approach"; for shares
    it is Newcombe 1998, method 10.
    """
    before, after = counts.tally(0).f1[0], counts.tally(1).f1[0]
    (before_low, before_high), (after_low, after_high) = f1_intervals(counts, 0).T, f1_intervals(counts, 1).T
    together = _correlation(influence_of(counts, 0).f1, influence_of(counts, 1).f1, counts.n_rows)
    down = _combined(after - after_low, before_high - before, together)
    up = _combined(after_high - after, before - before_low, together)
    difference = after - before
    ends: FloatArray = np.clip(np.stack([difference - down, difference + up], axis=1), -1, 1)
    return ends


def _class_differences(counts: AnswerCounts, p_values: FloatArray) -> tuple[ClassDifference | None, ...]:
    from scipy.stats import false_discovery_control

    is_tested = ~np.isnan(p_values)
    adjusted = np.full(counts.n_classes, np.nan)
    if is_tested.any():
        adjusted[is_tested] = false_discovery_control(p_values[is_tested], method="bh")  # Benjamini & Hochberg 1995
    difference = (counts.tally(1).f1 - counts.tally(0).f1)[0]
    ends = f1_difference_intervals(counts)
    return tuple(
        ClassDifference(
            f1=estimate(float(difference[k]), (float(ends[k, 0]), float(ends[k, 1]))),
            p_value=float(p_values[k]),
            p_adjusted=float(adjusted[k]),
        )
        if is_tested[k]
        else None
        for k in range(counts.n_classes)
    )


def _correlation(first: FloatArray, second: FloatArray, n_rows: IntArray) -> FloatArray:
    """Return how two statistics of each class vary together, in [-1, 1]; 0 where one does not vary."""
    shared = n_rows @ (first * second)
    spread = np.sqrt((n_rows @ first**2) * (n_rows @ second**2))
    correlation: FloatArray = np.divide(shared, spread, out=np.zeros_like(spread), where=spread > 0)
    return correlation


def _combined(one: FloatArray, other: FloatArray, together: FloatArray) -> FloatArray:
    distance: FloatArray = np.sqrt(np.maximum(0, one**2 - 2 * together * one * other + other**2))
    return distance
