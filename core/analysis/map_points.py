"""Points of the map: which part of it is shown, which points stand for the rest, what is known of each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.map_colouring import Colouring, Groups, Measure
from core.analysis.row_filter import MapBox, Projection
from core.analysis.rows import Rows, confidence_column
from core.artifacts.schema import ModelName

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

ID, X, Y, COLOUR, WRONG, TRUE, TEXT = "id", "x", "y", "colour", "wrong", "true", "text"
_MARGIN = 0.03
_SNIPPET = 120
_SHUFFLE_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The part of a map that is drawn."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def holds(self, x: FloatArray, y: FloatArray) -> npt.NDArray[np.bool_]:
        """Return which points lie in it, edges included."""
        return (x >= self.x_low) & (x <= self.x_high) & (y >= self.y_low) & (y <= self.y_high)


def has_map(rows: Rows) -> bool:
    """Return whether the rows have places on the maps."""
    return all(f"{projection}_x" in rows.frame for projection in Projection)


def coordinates(rows: Rows, projection: Projection) -> tuple[FloatArray, FloatArray]:
    """Return x and y of all rows, both of shape (rows,)."""
    x, y = (rows.frame[f"{projection}_{axis}"].to_numpy(dtype=np.float32) for axis in "xy")
    return x, y


def extent_of_map(rows: Rows, projection: Projection) -> Extent:
    """Return the extent of all rows with a margin of 3% on each side."""
    x, y = coordinates(rows, projection)
    return _with_margin(float(x.min()), float(x.max()), float(y.min()), float(y.max()))


def extent_of_box(box: MapBox) -> Extent:
    """Return the extent of a rectangle with a margin of 3% on each side, so that its outline is seen."""
    return _with_margin(box.x_low, box.x_high, box.y_low, box.y_high)


def thin_out(x: FloatArray, y: FloatArray, extent: Extent, *, n_columns: int = 260, n_rows: int = 140) -> IntArray:
    """Return the position of one point, the first, in each occupied cell of a grid over the extent, in order.

    Args:
        x: Shape (n,).
        y: Shape (n,).
        extent: Points outside of it are left out.
        n_columns: Cells of the grid from left to right.
        n_rows: Cells from bottom to top.
    """
    inside = np.flatnonzero(extent.holds(x, y))
    cells = cell_of(x[inside], y[inside], extent, n_columns=n_columns, n_rows=n_rows)
    _, first = np.unique(cells, return_index=True)
    kept: IntArray = np.sort(inside[first])
    return kept


def cell_of(x: FloatArray, y: FloatArray, extent: Extent, *, n_columns: int, n_rows: int) -> IntArray:
    """Return the cell of each point of the extent in a grid over it, `row * n_columns + column`, shape (n,).

    A point on the far edge belongs to the last cell.
    """
    column = _bin(x, extent.x_low, extent.x_high, n_columns)
    row = _bin(y, extent.y_low, extent.y_high, n_rows)
    return row * n_columns + column


def make_points(
    rows: Rows,
    projection: Projection,
    ids: IntArray,
    colouring: Colouring,
    *,
    group_labels: list[str],
    models: list[ModelName],
    wrong_in_front: npt.NDArray[np.bool_] | None,
    with_texts: bool,
) -> pd.DataFrame:
    """Return one line per point in the order in which to draw them, in small types.

    Columns: id, x, y, colour (label of the group, or number), true, one with the answer of each model and one with its
    confidence; wrong and text if asked for. The order is random but always the same, so that no class covers another
    because of its place in the corpus; of shares such as confidence, low ones are drawn last, as they are rare.

    Args:
        rows: All rows of the run.
        projection: Which map.
        ids: The rows to draw.
        colouring: What they are coloured by.
        group_labels: Labels of its groups; empty for a measure.
        models: Whose answers to add.
        wrong_in_front: Which rows of the run are wrong, shape (rows,), to draw these last; None to draw all alike.
        with_texts: Whether to add the beginnings of the texts.
    """
    order = np.random.default_rng(_SHUFFLE_SEED).permutation(ids)
    if isinstance(colouring, Measure) and colouring.is_share:
        order = order[np.argsort(-colouring.values[order], kind="stable")]
    if wrong_in_front is not None:
        order = order[np.argsort(wrong_in_front[order], kind="stable")]
    x, y = coordinates(rows, projection)
    columns: dict[str, Any] = {ID: order.astype(np.int32), X: x[order], Y: y[order]}
    if isinstance(colouring, Groups):
        columns[COLOUR] = _category(colouring.codes[order], group_labels)
    else:
        columns[COLOUR] = colouring.values[order]
    if wrong_in_front is not None:
        columns[WRONG] = wrong_in_front[order]
    columns[TRUE] = _category(rows.frame["label"].to_numpy()[order], rows.classes)
    for model in models:
        columns[model.value] = _category(rows.pred(model)[order], rows.classes)
        confidence = rows.frame[confidence_column(model)].to_numpy(dtype=np.float32)
        columns[confidence_column(model)] = confidence[order]
    if with_texts and rows.texts is not None:
        columns[TEXT] = [snippet(text) for text in rows.texts.iloc[order]]
    return pd.DataFrame(columns)


def snippet(text: str, *, n_chars: int = _SNIPPET) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: 4 * n_chars].split())
    return line if len(line) <= n_chars and len(text) <= 4 * n_chars else f"{line[: n_chars - 1]}…"


def _with_margin(x_low: float, x_high: float, y_low: float, y_high: float) -> Extent:
    x_margin, y_margin = (_MARGIN * (high - low) or 1.0 for low, high in ((x_low, x_high), (y_low, y_high)))
    return Extent(x_low=x_low - x_margin, x_high=x_high + x_margin, y_low=y_low - y_margin, y_high=y_high + y_margin)


def _bin(values: FloatArray, low: float, high: float, n_bins: int) -> IntArray:
    position = (values.astype(np.float64) - low) * (n_bins / (high - low))
    bins: IntArray = np.clip(position.astype(np.int64), 0, n_bins - 1)
    return bins


def _category(codes: npt.NDArray[np.integer[Any]], names: tuple[str, ...] | list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes.astype(np.int16), categories=pd.Index(names, dtype=object))
