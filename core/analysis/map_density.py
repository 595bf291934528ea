"""The map as a raster, for more rows than points can show: rows per cell, and what is most of them."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.map_colouring import Colouring, Groups
from core.analysis.map_points import Extent, FloatArray, cell_of

N_COLUMNS, N_ROWS = 200, 110
_FULL_AT_QUANTILE = 0.99
_FAINTEST = 0.18


def compute_density(
    x: FloatArray,
    y: FloatArray,
    extent: Extent,
    colouring: Colouring,
    rows: npt.NDArray[np.int64],
    *,
    group_labels: list[str],
) -> pd.DataFrame:
    """Return the occupied cells of a grid of 200 × 110 over the extent, one line each.

    Columns: x, x2, y, y2 (edges), n_rows, strength in (0, 1] (how strongly to draw it: the square root of its rows,
    full at the 99th percentile), colour, and by groups share in (0, 1]. Colour is the label of the largest group, or
    the mean of the measure; share is that of the largest group.

    Args:
        x: Of all rows of the run, shape (rows,).
        y: Likewise.
        extent: Rows outside of it are left out.
        colouring: Of all rows; of equal groups the first wins.
        rows: The rows to count.
        group_labels: Labels of the groups; empty for a measure.
    """
    shown = rows[extent.holds(x[rows], y[rows])]
    cell = cell_of(x[shown], y[shown], extent, n_columns=N_COLUMNS, n_rows=N_ROWS)
    occupied, place, n_rows = np.unique(cell, return_inverse=True, return_counts=True)
    column, row = occupied % N_COLUMNS, occupied // N_COLUMNS
    width, height = (extent.x_high - extent.x_low) / N_COLUMNS, (extent.y_high - extent.y_low) / N_ROWS
    cells = pd.DataFrame(
        {
            "x": (extent.x_low + column * width).astype(np.float32),
            "x2": (extent.x_low + (column + 1) * width).astype(np.float32),
            "y": (extent.y_low + row * height).astype(np.float32),
            "y2": (extent.y_low + (row + 1) * height).astype(np.float32),
            "n_rows": n_rows.astype(np.int32),
            "strength": _strength(n_rows),
        }
    )
    if isinstance(colouring, Groups):
        n_groups = len(colouring.names)
        counts = np.bincount(place * n_groups + colouring.codes[shown], minlength=len(occupied) * n_groups)
        counts = counts.reshape(len(occupied), n_groups)
        largest = counts.argmax(axis=1)
        cells["colour"] = pd.Categorical.from_codes(largest, categories=pd.Index(group_labels, dtype=object))
        cells["share"] = (counts.max(axis=1) / n_rows).astype(np.float32)
    else:
        cells["colour"] = _means(colouring.values[shown], place, len(occupied))
    return cells


def _strength(n_rows: npt.NDArray[np.int64]) -> FloatArray:
    if len(n_rows) == 0:
        return np.zeros(0, dtype=np.float32)
    full = max(1.0, float(np.quantile(n_rows, _FULL_AT_QUANTILE)))
    strength: FloatArray = np.clip(np.sqrt(n_rows / full), _FAINTEST, 1.0).astype(np.float32)
    return strength


def _means(values: FloatArray, place: npt.NDArray[np.int64], n_cells: int) -> FloatArray:
    """Return the mean of the known values of each cell, NaN where none is known."""
    known = np.isfinite(values)
    totals = np.bincount(place[known], weights=values[known], minlength=n_cells)
    n_known = np.bincount(place[known], minlength=n_cells)
    means: FloatArray = np.divide(totals, n_known, out=np.full(n_cells, np.nan), where=n_known > 0).astype(np.float32)
    return means
