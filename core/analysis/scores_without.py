"""Every score again without rows that say little about a model: leaked, repeated, wrongly labelled."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.metrics import SplitMetrics
from core.analysis.rows import Rows
from core.analysis.selection import measure_rows
from core.analysis.tags import Tag, tag_mask
from core.artifacts.schema import ModelName

_REPEATED = (Tag.EXACT_DUPLICATE, Tag.NEAR_DUPLICATE)
LEFT_OUT: tuple[tuple[Tag, ...], ...] = (
    (),
    (Tag.LEAKED,),
    _REPEATED,
    (Tag.CONFLICTING_LABELS,),
    (Tag.SUSPECTED_LABEL,),
    (Tag.LEAKED, *_REPEATED, Tag.CONFLICTING_LABELS, Tag.SUSPECTED_LABEL),
)
"""Kinds of rows that are left out, one score each; none for the official score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWithout:
    """One model's score on the rows without some; `official` is that on all of them.

    `metrics` is None where no row is left.
    """

    model: ModelName
    without: tuple[Tag, ...]
    n_left_out: int
    metrics: SplitMetrics | None
    official: SplitMetrics

    @property
    def accuracy_gain(self) -> float | None:
        """Return the accuracy without these rows minus the official one, in [-1, 1]."""
        return None if self.metrics is None else self.metrics.accuracy - self.official.accuracy

    @property
    def macro_f1_gain(self) -> float | None:
        """Return the macro F1 without these rows minus the official one, in [-1, 1]."""
        return None if self.metrics is None else self.metrics.macro_f1 - self.official.macro_f1


def score_without(
    rows: Rows, model: ModelName, probs: npt.NDArray[np.floating], scored: npt.NDArray[np.bool_]
) -> list[ScoreWithout]:
    """Return the scores of one model for each of `LEFT_OUT`; none if there is no row.

    Args:
        rows: All rows of the run.
        model: Whose answers.
        probs: Its class probabilities for all rows, shape (rows, classes).
        scored: The rows of the official score, shape (rows,), all of one split.
    """
    official = measure_rows(rows, model, probs, scored)
    if official is None:
        return []
    found = []
    for without in LEFT_OUT:
        kept = scored.copy()
        for tag in without:
            kept &= ~tag_mask(rows, tag, model)
        n_left_out = int(scored.sum() - kept.sum())
        metrics = official if n_left_out == 0 else measure_rows(rows, model, probs, kept)
        found.append(
            ScoreWithout(model=model, without=without, n_left_out=n_left_out, metrics=metrics, official=official)
        )
    return found
