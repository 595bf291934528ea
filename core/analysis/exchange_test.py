"""Could the difference between two models be chance: what it would be if their answers were exchanged at random."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.answer_counts import AnswerCounts, FloatArray, Tally

_CELLS_AT_ONCE = 4_000_000
_ALIKE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeTest:
    """Two-sided p-values of the differences between two models; `f1` has the shape (classes,), NaN where undefined."""

    macro_f1: float
    weighted_f1: float
    f1: FloatArray


def exchange_test(counts: AnswerCounts, *, n_exchanges: int, seed: int) -> ExchangeTest:
    """Return how often differences at least as large come about if it is chance which model gave which answer.

    On every row the answers of the two models are exchanged with probability ½. The test holds with any number of rows,
    however few; McNemar's is the same test of the accuracy, computed exactly.

    Args:
        counts: Combinations of label and answers of two models.
        n_exchanges: How often all answers are exchanged; the p-value is at least 1 / (n_exchanges + 1).
        seed: Their seed.

    Source: approximate randomization, Noreen 1989 and Yeh 2000, "More accurate tests for the statistical significance
    of result differences"; one is added to both counts (Davison & Hinkley 1997, ch. 4).
    """
    first, second = counts.tally(0), counts.tally(1)
    observed = _sizes(first, second)
    differ = np.flatnonzero(counts.answers[0] != counts.answers[1])
    reached = [np.ones(size.shape[1:]) for size in observed]
    rng = np.random.default_rng(seed)
    block = max(1, _CELLS_AT_ONCE // max(1, len(differ)))
    for start in range(0, n_exchanges, block):
        shape = (min(block, n_exchanges - start), len(differ))
        exchanged = rng.binomial(counts.n_rows[differ], 0.5, size=shape).astype(np.float64)
        by_chance = _sizes(*_exchange(counts, differ, exchanged, first, second))
        reached = [
            n_reached + (chance >= size - _ALIKE).sum(axis=0)
            for n_reached, chance, size in zip(reached, by_chance, observed, strict=True)
        ]
    macro, weighted, f1 = (n_reached / (n_exchanges + 1) for n_reached in reached)
    is_defined = ~np.isnan(first.f1[0]) & ~np.isnan(second.f1[0])
    return ExchangeTest(macro_f1=float(macro), weighted_f1=float(weighted), f1=np.where(is_defined, f1, np.nan))


def _sizes(first: Tally, second: Tally) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the sizes of the differences in macro F1, weighted F1, and F1 of each class; 0 where one is undefined."""
    return (
        np.abs(second.macro_f1 - first.macro_f1),
        np.abs(second.weighted_f1 - first.weighted_f1),
        np.nan_to_num(np.abs(second.f1 - first.f1)),
    )


def _exchange(
    counts: AnswerCounts, differ: npt.NDArray[np.intp], exchanged: FloatArray, first: Tally, second: Tally
) -> tuple[Tally, Tally]:
    """Return both tallies after some rows of each combination on which the models differ have changed sides."""
    label, before, after = counts.label[differ], *(counts.answers[model][differ] for model in (0, 1))
    predicted = counts.of_class(exchanged, after) - counts.of_class(exchanged, before)
    gained = (after == label).astype(np.float64) - (before == label)
    hits = counts.of_class(exchanged * gained, label)
    before_after = (
        Tally(
            support=np.broadcast_to(tally.support, hits.shape),
            n_predicted=tally.n_predicted + sign * predicted,
            hits=tally.hits + sign * hits,
        )
        for tally, sign in ((first, 1), (second, -1))
    )
    return next(before_after), next(before_after)
