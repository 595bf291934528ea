"""Confusion matrices, legible from 2 to some hundreds of classes."""

from collections.abc import Sequence
from enum import StrEnum

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.charts.frame import finished
from core.charts.labels import percent, short_labels, text_width
from core.charts.palette import INK, RIGHT_COLOUR, WRONG_COLOUR, with_opacity

_NUMBERED_UP_TO = 20
_COLOUR_EXPONENT = 0.5


class Normalise(StrEnum):
    """What a cell of a confusion matrix says."""

    COUNTS = "counts"
    BY_TRUTH = "by truth"
    BY_PREDICTION = "by prediction"


def cell_values(confusion: npt.NDArray[np.integer], normalise: Normalise) -> npt.NDArray[np.float64]:
    """Return the value of each cell, shape (classes, classes).

    Args:
        confusion: Counts, rows true, columns predicted.
        normalise: Counts; or shares in [0, 1] of the row (of all rows with that true class) or of the column (of all
            rows predicted so). A share of nothing is NaN.
    """
    counts = confusion.astype(np.float64)
    if normalise is Normalise.COUNTS:
        return counts
    totals = counts.sum(axis=1 if normalise is Normalise.BY_TRUTH else 0, keepdims=True)
    shares: npt.NDArray[np.float64] = np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)
    return shares


def make_confusion_chart(
    confusion: npt.NDArray[np.integer],
    classes: Sequence[str],
    *,
    normalise: Normalise = Normalise.COUNTS,
    order: Sequence[int] | None = None,
    max_count: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return a heat map: rows true, columns predicted, right answers in one hue and mistakes in another.

    Opacity grows with the square root of the value, so that rare mistakes show beside a strong diagonal. Up to 20
    classes cells carry numbers wherever these fit.

    Args:
        confusion: Counts, int, shape (classes, classes), rows true, columns predicted.
        classes: Class names in label order.
        normalise: What a cell says.
        order: Class indices to show, in this order; all in label order when None. Shares stay those of the whole
            matrix.
        max_count: Count at which a colour is full, to give several charts one scale; the largest count when None.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page; else cells are square.
        ink: Colour of numbers on a faint cell; that of the page's text follows its theme.

    Raises:
        ValueError: If the matrix does not fit the classes.
    """
    if confusion.shape != (len(classes), len(classes)):
        raise ValueError(f"confusion has shape {confusion.shape}, expected {(len(classes), len(classes))}")
    shown = list(range(len(classes))) if order is None else list(order)
    full = (max_count or int(confusion.max())) or 1 if normalise is Normalise.COUNTS else 1
    cells = _cells(confusion, classes, normalise, shown, full)
    labels = [short_labels(classes)[k] for k in shown]
    step = _step(len(shown))
    counts = normalise is Normalise.COUNTS
    layers = [
        _heat(cells[cells["right"]], RIGHT_COLOUR, "right", labels=labels, counts=counts, full=full),
        _heat(cells[~cells["right"]], WRONG_COLOUR, "wrong", labels=labels, counts=counts, full=full),
    ]
    if len(shown) <= _NUMBERED_UP_TO:
        layers.append(_numbers(cells, ink))
    chart: alt.LayerChart = alt.LayerChart(layer=layers).resolve_scale(color="independent")
    chart = chart.properties(height=step * len(shown))
    return finished(chart, width=None if stretch else step * len(shown), title=title, subtitle=subtitle)


def _cells(
    confusion: npt.NDArray[np.integer], classes: Sequence[str], normalise: Normalise, shown: list[int], full: int
) -> pd.DataFrame:
    """Return one row per cell; above 20 classes only those that hold anything."""
    true, predicted = (axis.ravel() for axis in np.meshgrid(shown, shown, indexing="ij"))
    counts = confusion[true, predicted]
    labels = np.array(short_labels(classes), dtype=object)
    names = np.array(classes, dtype=object)
    values = cell_values(confusion, normalise)[true, predicted]
    frame = pd.DataFrame(
        {
            "true": labels[true],
            "predicted": labels[predicted],
            "true_name": names[true],
            "predicted_name": names[predicted],
            "count": counts,
            "of_true": cell_values(confusion, Normalise.BY_TRUTH)[true, predicted],
            "of_predicted": cell_values(confusion, Normalise.BY_PREDICTION)[true, predicted],
            "value": np.nan_to_num(values),
            "right": true == predicted,
            "text": [_cell_text(value, normalise, len(shown)) for value in values],
        }
    )
    frame["strong"] = (frame["value"] / full) ** _COLOUR_EXPONENT > 0.6
    return frame if len(shown) <= _NUMBERED_UP_TO else frame[frame["count"] > 0]


def _cell_text(value: float, normalise: Normalise, n_shown: int) -> str:
    if np.isnan(value):
        return "–"
    if normalise is Normalise.COUNTS:
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    if n_shown <= 10:
        return percent(value)
    return "<1" if value < 0.005 else percent(value, decimals=0).removesuffix("%")


def _heat(cells: pd.DataFrame, hue: str, meaning: str, *, labels: list[str], counts: bool, full: int) -> alt.Chart:
    flat = sum(text_width(label) + 2 for label in labels) <= 52
    axis = {
        "labelLimit": 260,
        "labelFontSize": max(8, min(12, _step(len(labels)) - 2)),
        "labelFlush": False,
        "ticks": False,
        "domain": False,
    }
    legend = alt.Legend(
        title=f"{meaning}, {'rows' if counts else 'share'}",
        orient="top",
        direction="horizontal",
        format=",d" if counts else ".0%",
        gradientLength=100,
        gradientThickness=9,
        tickCount=3,
    )
    scale = alt.Scale(
        type="pow",
        exponent=_COLOUR_EXPONENT,
        domain=[0, full],
        range=[with_opacity(hue, 0.0), with_opacity(hue, 1.0)],
        interpolate="rgb",
        clamp=True,
    )
    chart: alt.Chart = (
        alt.Chart(cells)
        .mark_rect(stroke="#8a92a0", strokeOpacity=0.18, strokeWidth=1 if len(labels) <= 40 else 0.5)
        .encode(
            x=alt.X(
                "predicted:N",
                title="Predicted class",
                scale=alt.Scale(domain=labels),
                axis=axis
                | {
                    "labelAngle": 0 if flat else -40 if len(labels) <= 12 else -90,
                    "labelOverlap": "greedy",
                    "labelSeparation": 0,
                },
            ),
            y=alt.Y("true:N", title="True class", scale=alt.Scale(domain=labels), axis=axis | {"labelOverlap": False}),
            color=alt.Color("value:Q", scale=scale, legend=None if len(labels) <= _NUMBERED_UP_TO else legend),
            tooltip=[
                alt.Tooltip("true_name:N", title="true class"),
                alt.Tooltip("predicted_name:N", title="predicted as"),
                alt.Tooltip("count:Q", title="rows", format=","),
                alt.Tooltip("of_true:Q", title="of the true class", format=".1%"),
                alt.Tooltip("of_predicted:Q", title="of this prediction", format=".1%"),
            ],
        )
    )
    return chart


def _numbers(cells: pd.DataFrame, ink: str) -> alt.Chart:
    """Return the numbers, which vanish where the page leaves their columns too narrow."""
    longest = int(cells["text"].str.len().max())
    size = f"min(13, bandwidth('x') / {0.62 * longest + 0.4:.2f})"
    chart: alt.Chart = (
        alt.Chart(cells)
        .mark_text(
            fontSize=alt.ExprRef(f"max(1, {size})"),
            opacity=alt.ExprRef(f"{size} < 8 ? 0 : datum.value == 0 ? 0.45 : 1"),
        )
        .encode(
            x="predicted:N",
            y="true:N",
            text="text:N",
            color=alt.condition("datum.strong", alt.value("#ffffff"), alt.value(ink)),
            tooltip=alt.value(None),
        )
    )
    return chart


def _step(n_shown: int) -> int:
    """Return the height of a row in pixels."""
    return max(11, min(56, 460 // max(1, n_shown)))
