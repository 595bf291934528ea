"""Texts that are unlike all others to the frozen encoder."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.artifacts.schema import NONE

FloatArray = npt.NDArray[np.floating]
_FENCE = 1.5  # interquartile ranges below the first quartile


@dataclass(frozen=True, slots=True, kw_only=True)
class Outliers:
    """Rows below the fence, and how far each is from its nearest texts; arrays of shape (outliers,)."""

    ids: npt.NDArray[np.integer]
    distance: FloatArray


def find_outliers(nearest: npt.NDArray[np.integer], similarity: FloatArray, train: npt.NDArray[np.bool_]) -> Outliers:
    """Return the rows whose mean similarity to their nearest training texts is unusually low.

    Args:
        nearest: Nearest training rows of each row, NONE where there are fewer, shape (rows, k).
        similarity: Cosine similarity to these, shape (rows, k).
        train: Which rows are of the train split, shape (rows,); they say what is usual.

    Returns:
        Rows below the first quartile minus 1.5 interquartile ranges, with 1 - mean similarity, clipped to [0, 1].

    Source: Tukey 1977, "Exploratory Data Analysis", the inner fence.
    """
    known = nearest != NONE
    n_known = known.sum(axis=1)
    mean = np.where(known, similarity, 0).sum(axis=1) / np.maximum(n_known, 1)
    usual = mean[train & (n_known > 0)]
    if len(usual) == 0:
        return Outliers(ids=np.array([], dtype=np.int64), distance=np.array([]))
    low, high = np.quantile(usual, [0.25, 0.75])
    ids = np.flatnonzero((mean < low - _FENCE * (high - low)) & (n_known > 0))
    return Outliers(ids=ids, distance=np.clip(1 - mean[ids], 0, 1))
