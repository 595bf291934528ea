"""The scores of one model with their 95% intervals."""

import numpy as np

from core.analysis.answer_counts import AnswerCounts, IntArray, Tally, count_answers
from core.analysis.bootstrap import overall_intervals
from core.analysis.comparison import ClassScores, Estimate, ModelScores
from core.analysis.rates import wilson_interval
from core.artifacts.schema import ModelName, Origin, Split


def estimate_scores(
    y_true: IntArray,
    y_pred: IntArray,
    *,
    n_classes: int,
    model: ModelName,
    split: Split,
    origin: Origin,
    n_resamples: int,
    seed: int,
) -> ModelScores:
    """Return the scores of one model with their intervals.

    Accuracy, precision, recall and the F1 of a class are single shares and have Wilson intervals, which hold with few
    rows too; macro and weighted F1 are averages of shares and have bootstrap intervals.

    Args:
        y_true: True labels, shape (n,), in [0, n_classes).
        y_pred: Predicted labels, shape (n,), likewise.
        n_classes: Number of classes.
        model: Which model, recorded in the result.
        split: Which split, recorded in the result.
        origin: How the predictions relate to the fitted data, recorded in the result.
        n_resamples: Bootstrap resamples.
        seed: Their seed.

    Raises:
        ValueError: If there is no row, the shapes differ, or a label names no class.
    """
    counts = count_answers(y_true, [y_pred], n_classes=n_classes)
    tally = counts.tally(0)
    overall = overall_intervals(counts, n_resamples=n_resamples, seed=seed)
    return ModelScores(
        model=model,
        split=split,
        origin=origin,
        n_rows=len(y_true),
        accuracy=_share(int(tally.hits.sum()), len(y_true)),
        macro_f1=estimate(float(tally.macro_f1[0]), overall["macro_f1"]),
        weighted_f1=estimate(float(tally.weighted_f1[0]), overall["weighted_f1"]),
        per_class=tuple(
            ClassScores(
                precision=_share(hits, n_predicted) if n_predicted else None,
                recall=_share(hits, support) if support else None,
                f1=_f1(hits, support, n_predicted),
            )
            for support, n_predicted, hits in _per_class(tally)
        ),
    )


def estimate(value: float, interval: tuple[float, float] | None) -> Estimate:
    """Return an estimate with the ends of its interval, if it has one."""
    low, high = (None, None) if interval is None else interval
    return Estimate(value=value, low=low, high=high)


def f1_interval(hits: int, support: int, n_predicted: int) -> tuple[float, float]:
    """Return the 95% interval of the F1 of a class that has a row or an answer.

    Of the rows that have the class as label or as answer, the share J that has it as both is a single proportion, and
    F1 = 2·J / (1 + J) grows with it: the ends of J's Wilson interval become those of F1.

    Source: Lam, Gopal & Qian 2023, "Confidence intervals for the F1 score: a comparison of four methods", the indirect
    Wilson score interval.
    """
    low, high = wilson_interval(hits, support + n_predicted - hits)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def f1_intervals(counts: AnswerCounts, model: int) -> np.ndarray:
    """Return both ends of the F1 interval of each class, shape (classes, 2), NaN where there is no F1."""
    ends = np.full((counts.n_classes, 2), np.nan)
    for k, (support, n_predicted, hits) in enumerate(_per_class(counts.tally(model))):
        if support + n_predicted:
            ends[k] = f1_interval(hits, support, n_predicted)
    return ends


def _per_class(tally: Tally) -> list[tuple[int, int, int]]:
    """Return rows, answers and right answers of each class."""
    columns = np.stack([tally.support[0], tally.n_predicted[0], tally.hits[0]], axis=1).astype(np.int64)
    return [(int(support), int(n_predicted), int(hits)) for support, n_predicted, hits in columns]


def _share(n_hits: int, n_rows: int) -> Estimate:
    return estimate(n_hits / n_rows, wilson_interval(n_hits, n_rows))


def _f1(hits: int, support: int, n_predicted: int) -> Estimate | None:
    if support + n_predicted == 0:
        return None
    return estimate(2 * hits / (support + n_predicted), f1_interval(hits, support, n_predicted))
