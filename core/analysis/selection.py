"""Metrics of some rows of a split, computed like those of the whole split."""

import numpy as np
import numpy.typing as npt

from core.analysis.metrics import SplitMetrics, compute_metrics
from core.analysis.rows import Rows, origin_column
from core.artifacts.schema import ModelName, Origin, Split


def measure_rows(
    rows: Rows, model: ModelName, probs: npt.NDArray[np.floating], selected: npt.NDArray[np.bool_]
) -> SplitMetrics | None:
    """Return the metrics of one model on some rows; None if there is no row.

    Args:
        rows: All rows of the run.
        model: Whose answers.
        probs: Its class probabilities for all rows, shape (rows, classes).
        selected: Which rows count, shape (rows,), all of one split.

    Raises:
        ValueError: If the rows are of several splits.
    """
    if not selected.any():
        return None
    frame = rows.frame[selected]
    splits = frame["split"].unique()
    if len(splits) > 1:
        raise ValueError(f"rows are of the splits {', '.join(splits)}, expected one; select one split")
    return compute_metrics(
        frame["label"].to_numpy(),
        rows.pred(model)[selected],
        probs[selected],
        classes=rows.classes,
        model=model,
        split=Split(splits[0]),
        origin=Origin(frame[origin_column(model)].iloc[0]),
    )
