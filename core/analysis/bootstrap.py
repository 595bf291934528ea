"""Bootstrap intervals of the scores of one model, and of the differences between two on the same rows."""

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.analysis.answer_counts import AnswerCounts, FloatArray, influence_of

OverallScore = Literal["accuracy", "macro_f1", "weighted_f1"]
OVERALL_SCORES: tuple[OverallScore, ...] = get_args(OverallScore)
LEVEL = 0.95
_CELLS_AT_ONCE = 4_000_000


def overall_intervals(
    counts: AnswerCounts, *, n_resamples: int, seed: int
) -> dict[OverallScore, tuple[float, float] | None]:
    """Return the 95% interval of each score of the only model, or of the second minus the first of two.

    Rows are drawn with replacement, which draws the counts of their combinations from a multinomial distribution. Both
    models answer on the same drawn rows, so the interval of a difference is a paired one.

    Args:
        counts: Combinations of label and answers of one or two models.
        n_resamples: Bootstrap resamples.
        seed: Their seed.

    Returns:
        For each score both ends, or None where all resamples are alike, as for a model without mistakes.

    Source: bias-corrected and accelerated interval, Efron 1987, "Better Bootstrap Confidence Intervals".
    """
    models = range(len(counts.answers))
    drawn: dict[OverallScore, list[FloatArray]] = {score: [] for score in OVERALL_SCORES}
    for n_rows in _draws(counts, n_resamples=n_resamples, seed=seed):
        tallies = [counts.tally(model, n_rows) for model in models]
        for score in OVERALL_SCORES:
            drawn[score].append(_last_minus_first([getattr(tally, score) for tally in tallies]))
    observed = [counts.tally(model) for model in models]
    influences = [influence_of(counts, model) for model in models]
    return {
        score: bca_interval(
            float(_last_minus_first([getattr(tally, score) for tally in observed])[0]),
            np.concatenate(drawn[score]),
            _last_minus_first([getattr(influence, score) for influence in influences]),
            counts.n_rows,
        )
        for score in OVERALL_SCORES
    }


def bca_interval(
    observed: float, resampled: FloatArray, influence: FloatArray, n_rows: npt.NDArray[np.integer]
) -> tuple[float, float] | None:
    """Return the 95% BCa interval of a score; None if all resamples are alike.

    Args:
        observed: The score of the rows themselves.
        resampled: Its values in the resamples, shape (r,).
        influence: How much a row of each combination moves it, shape (c,).
        n_rows: Rows of each combination, shape (c,).
    """
    from scipy.special import ndtr, ndtri

    if np.ptp(resampled) < 1e-12:
        return None
    n_resamples = len(resampled)
    below = (resampled < observed - 1e-12).sum() + 0.5 * (np.abs(resampled - observed) <= 1e-12).sum()
    bias = ndtri(np.clip(below / n_resamples, 1 / (n_resamples + 1), n_resamples / (n_resamples + 1)))
    squares = float((n_rows * influence**2).sum())
    acceleration = float((n_rows * influence**3).sum()) / (6 * squares**1.5) if squares > 0 else 0.0
    z = bias + ndtri([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low, high = np.quantile(resampled, ndtr(bias + z / (1 - acceleration * z)))
    return float(low), float(high)


def _draws(counts: AnswerCounts, *, n_resamples: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yield resampled counts, shape (some resamples, c), in blocks that fit into memory."""
    rng = np.random.default_rng(seed)
    n_rows = int(counts.n_rows.sum())
    block = max(1, _CELLS_AT_ONCE // len(counts.n_rows))
    for start in range(0, n_resamples, block):
        yield rng.multinomial(n_rows, counts.n_rows / n_rows, size=min(block, n_resamples - start))


def _last_minus_first(scores: list[FloatArray]) -> FloatArray:
    return scores[0] if len(scores) == 1 else scores[1] - scores[0]
