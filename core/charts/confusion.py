"""Confusion matrices of one model, and what a second model changes about the first."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.confusions import Normalise, cell_values, improvement
from core.charts.labels import percent, short_labels
from core.charts.matrix import ALL, ALL_LABEL, NUMBERED_UP_TO, Matrix, draw_matrix
from core.charts.palette import INK

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.float64]


def make_confusion_chart(
    confusion: IntArray,
    classes: Sequence[str],
    *,
    normalise: Normalise = Normalise.COUNTS,
    order: Sequence[int] | None = None,
    max_count: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    clickable: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return a heat map: rows true, columns predicted, right answers in one hue and mistakes in another.

    A last row and column count the rows of each true and of each predicted class.

    Args:
        confusion: Counts, int, shape (classes, classes), rows true, columns predicted.
        classes: Class names in label order.
        normalise: What a cell says; sums are always counts.
        order: Class indices to show, in this order; all in label order when None. Shares and sums stay those of the
            whole matrix.
        max_count: Count at which a colour is full, to give several charts one scale; the largest count when None.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page; else cells are square.
        clickable: Whether cells can be selected and outlined, as `draw_matrix` says.
        ink: Colour of numbers on a faint cell; that of the page's text follows its theme.

    Raises:
        ValueError: If the matrix does not fit the classes.
    """
    _check(confusion, classes)
    shown = _shown(classes, order)
    counts = normalise is Normalise.COUNTS
    values = cell_values(confusion, normalise)
    signed = improvement(np.nan_to_num(values))
    cells = _cells(signed, [_text(value, normalise, len(shown)) for value in _of(values, shown)], classes, shown)
    cells["rows"] = _of(confusion, shown)
    cells["of_true"] = _of(cell_values(confusion, Normalise.BY_TRUTH), shown)
    cells["of_predicted"] = _of(cell_values(confusion, Normalise.BY_PREDICTION), shown)
    if len(shown) > NUMBERED_UP_TO:
        cells = cells[cells["rows"] > 0]
    full = float((max_count or int(confusion.max())) or 1) if counts else 1.0
    sums = _sums(confusion, classes, shown, full)
    matrix = Matrix(
        cells=pd.concat([cells, sums], ignore_index=True),
        labels=[*_labels(classes, shown), ALL_LABEL],
        full=full,
        tooltip=[
            ("true_name:N", "true class", None),
            ("predicted_name:N", "predicted as", None),
            ("rows:Q", "rows", ","),
            ("of_true:Q", "of the true class", ".1%"),
            ("of_predicted:Q", "of this prediction", ".1%"),
        ],
        legend=f"wrong ← {'rows' if counts else 'share'} → right",
        value_format=",d" if counts else ".0%",
    )
    return draw_matrix(matrix, ink=ink, clickable=clickable, title=title, subtitle=subtitle, stretch=stretch)


def make_difference_chart(
    before: IntArray,
    after: IntArray,
    classes: Sequence[str],
    *,
    normalise: Normalise = Normalise.COUNTS,
    order: Sequence[int] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    clickable: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return a heat map of a second confusion matrix minus a first: rows, or percentage points of shares.

    Changes for the better, more on the diagonal and less off it, are in the hue of right answers, others in that of
    mistakes. Further arguments as of `make_confusion_chart`.

    Raises:
        ValueError: If a matrix does not fit the classes.
    """
    _check(before, classes)
    _check(after, classes)
    shown = _shown(classes, order)
    counts = normalise is Normalise.COUNTS
    difference = cell_values(after, normalise) - cell_values(before, normalise)
    better = improvement(np.nan_to_num(difference))
    texts = [_signed_text(value, normalise, len(shown)) for value in _of(difference, shown)]
    cells = _cells(better, texts, classes, shown)
    cells["before"], cells["after"] = _of(before, shown), _of(after, shown)
    cells["change"] = _of(np.nan_to_num(difference) * (1 if counts else 100), shown)
    if len(shown) > NUMBERED_UP_TO:
        cells = cells[(cells["before"] > 0) | (cells["after"] > 0)]
    matrix = Matrix(
        cells=cells,
        labels=_labels(classes, shown),
        full=float(np.abs(better).max()) or 1.0,
        tooltip=[
            ("true_name:N", "true class", None),
            ("predicted_name:N", "predicted as", None),
            ("before:Q", "rows before", ","),
            ("after:Q", "rows after", ","),
            ("change:Q", "difference, rows" if counts else "difference, points", "+,d" if counts else "+.1f"),
        ],
        legend=f"worse ← {'rows' if counts else 'share'} → better",
        value_format=",d" if counts else ".0%",
    )
    return draw_matrix(matrix, ink=ink, clickable=clickable, title=title, subtitle=subtitle, stretch=stretch)


def _check(confusion: IntArray, classes: Sequence[str]) -> None:
    if confusion.shape != (len(classes), len(classes)):
        raise ValueError(f"confusion has shape {confusion.shape}, expected {(len(classes), len(classes))}")


def _shown(classes: Sequence[str], order: Sequence[int] | None) -> list[int]:
    return list(range(len(classes))) if order is None else list(order)


def _labels(classes: Sequence[str], shown: list[int]) -> list[str]:
    labels = short_labels(classes)
    return [labels[k] for k in shown]


def _of(values: npt.NDArray[np.generic], shown: list[int]) -> npt.NDArray[np.generic]:
    """Return the shown cells of a matrix, row by row."""
    return values[np.ix_(shown, shown)].ravel()


def _cells(value: FloatArray, texts: list[str], classes: Sequence[str], shown: list[int]) -> pd.DataFrame:
    """Return one row per shown cell, with what every matrix has."""
    i, j = (axis.ravel() for axis in np.meshgrid(shown, shown, indexing="ij"))
    labels = np.array(short_labels(classes), dtype=object)
    names = np.array(classes, dtype=object)
    return pd.DataFrame(
        {
            "i": i,
            "j": j,
            "true": labels[i],
            "predicted": labels[j],
            "true_name": names[i],
            "predicted_name": names[j],
            "value": _of(value, shown),
            "text": texts,
        }
    )


def _sums(confusion: IntArray, classes: Sequence[str], shown: list[int], full: float) -> pd.DataFrame:
    """Return the sums of all rows, of all columns, and of everything; the largest has the strongest grey."""
    labels, names = short_labels(classes), list(classes)
    every = int(confusion.sum())
    largest = max(int(confusion.sum(axis=0).max()), int(confusion.sum(axis=1).max()), 1)
    margins = [
        *((k, ALL, int(confusion[k].sum())) for k in shown),
        *((ALL, k, int(confusion[:, k].sum())) for k in shown),
        (ALL, ALL, every),
    ]
    return pd.DataFrame(
        [
            {
                "i": i,
                "j": j,
                "true": ALL_LABEL if i == ALL else labels[i],
                "predicted": ALL_LABEL if j == ALL else labels[j],
                "true_name": "any" if i == ALL else names[i],
                "predicted_name": "any" if j == ALL else names[j],
                "value": full * min(1.0, n_rows / largest),
                "text": f"{n_rows:,}",
                "rows": n_rows,
                "of_true": _share(n_rows, n_rows if j == ALL else every),
                "of_predicted": _share(n_rows, n_rows if i == ALL else every),
            }
            for i, j, n_rows in margins
        ]
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _text(value: float, normalise: Normalise, n_shown: int) -> str:
    if np.isnan(value):
        return "–"
    if normalise is Normalise.COUNTS:
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    if n_shown <= 10:
        return percent(value)
    return "<1" if value < 0.005 else percent(value, decimals=0).removesuffix("%")


def _signed_text(value: float, normalise: Normalise, n_shown: int) -> str:
    """Return a difference with its sign; of shares in percentage points."""
    if np.isnan(value):
        return "–"
    if normalise is Normalise.COUNTS:
        size = f"{abs(value):,.0f}"
    else:
        size = percent(abs(value), decimals=1 if n_shown <= 10 else 0).removesuffix("%")
    if not size.strip("0."):
        return "0"
    return f"{'+' if value > 0 else '−'}{size}"
