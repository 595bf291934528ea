"""Which rows are worth reading about a model's mistakes, and in which order."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from core.analysis.row_filter import Outcome, RowFilter
from core.analysis.rows import Rows, confidence_column, margin_column, true_prob_column
from core.artifacts.schema import ModelName

_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


class RankBy(StrEnum):
    """What puts a row on top: high loss, high confidence, or a small margin."""

    LOSS = "loss"
    CONFIDENCE = "confidence"
    MARGIN = "margin"


def names_answers(row_filter: RowFilter) -> bool:
    """Return whether a filter says itself which answers it is about: by outcome, predicted class or id."""
    return bool(row_filter.outcomes or row_filter.predicted or row_filter.ids)


def filter_for_review(row_filter: RowFilter) -> RowFilter:
    """Return the filter of the rows to read: those that the model in view gets wrong, unless the filter says which."""
    return row_filter if names_answers(row_filter) else replace(row_filter, outcomes=(Outcome.WRONG,))


def loss_of(true_prob: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return −ln of the probability given to the label, in nats; a probability of 0 counts as 2.2e-16.

    Source: scikit-learn's `log_loss`, which clips probabilities at the same value and averages this over rows.
    """
    loss: npt.NDArray[np.float64] = -np.log(np.maximum(true_prob.astype(np.float64), _LEAST_PROBABILITY))
    return np.abs(loss)  # a probability of 1 gives 0, not −0


def rank_values(rows: Rows, ids: npt.NDArray[np.integer], model: ModelName, by: RankBy) -> npt.NDArray[np.float64]:
    """Return what rows are ranked by, shape of `ids`: loss in nats, confidence or margin in [0, 1]."""
    if by is RankBy.LOSS:
        return loss_of(rows.frame[true_prob_column(model)].to_numpy()[ids])
    column = confidence_column(model) if by is RankBy.CONFIDENCE else margin_column(model)
    values: npt.NDArray[np.float64] = rows.frame[column].to_numpy()[ids].astype(np.float64)
    return values


def rank_rows(rows: Rows, selected: npt.NDArray[np.bool_], model: ModelName, by: RankBy) -> npt.NDArray[np.int32]:
    """Return the ids of the selected rows, those to read first on top; equal ones in the order of their ids.

    Args:
        rows: All rows of the run.
        selected: Which rows to rank, shape (rows,).
        model: Whose answers.
        by: Highest loss first, highest confidence first, or smallest margin (most undecided) first.
    """
    ids = np.flatnonzero(selected).astype(np.int32)
    values = rank_values(rows, ids, model, by)
    ranked: npt.NDArray[np.int32] = ids[np.argsort(values if by is RankBy.MARGIN else -values, kind="stable")]
    return ranked
