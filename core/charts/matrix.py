"""A square of cells, one row per true class and one column per predicted one, legible with 2 and with 150 classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.charts.frame import finished
from core.charts.labels import text_width
from core.charts.palette import INK_ON_EITHER, RIGHT_COLOUR, WRONG_COLOUR, with_opacity
from core.charts.picking import PICKED
from core.charts.specs import later_data

ALL_LABEL = " all"  # never the label of a class, since those have no blank at either end
ALL = -1
CHOSEN = "chosen"
NUMBERED_UP_TO = 20
_COLOUR_EXPONENT = 0.5
_STRONG_ABOVE = 0.6
_TOTAL = f"datum.i == {ALL} || datum.j == {ALL}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The cells to outline: classes of the rows and of the columns, none for all; another model's are dashed."""

    true: tuple[int, ...] = ()
    predicted: tuple[int, ...] = ()
    is_other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What is drawn.

    `cells` has one row per cell: the indices `i` and `j` (-1 for the sum over all classes), their labels `true` and
    `predicted`, `value`, which colours the cell (above 0 for the better, below for the worse), `text`, and further
    columns for `tooltip`: field with type, title, format. `labels` are those of the axes, in order. At a value of
    `full` either colour is full.
    """

    cells: pd.DataFrame
    labels: list[str]
    full: float
    tooltip: list[tuple[str, str, str | None]]
    legend: str
    value_format: str


def draw_matrix(
    matrix: Matrix,
    *,
    ink: str,
    clickable: bool,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return the heat map.

    Opacity grows with the square root of the value, so that rare mistakes show beside a strong diagonal. Up to 20
    classes cells carry numbers wherever these fit; above, a cross marks the cell under the pointer, whose label may be
    left out.

    Args:
        matrix: What is drawn.
        ink: Colour of numbers on a faint cell; that of the page's text follows its theme.
        clickable: Whether a click selects a cell, as the selection `PICKED` of its `i` and `j`, and cells can be
            outlined, by the data `CHOSEN`.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page; else cells are square.
    """
    n_shown = len(matrix.labels)
    is_numbered = n_shown <= NUMBERED_UP_TO + 1
    cells = _with_look(matrix)
    heat = _heat(matrix, cells, show_legend=not is_numbered)
    layers = [heat]
    if is_numbered:
        layers.append(_numbers(cells, ink))
    if clickable:
        cell = alt.selection_point(name=PICKED, fields=["i", "j"], on="click", toggle=False, clear=False)
        layers[0] = heat.mark_rect(**_border(n_shown), cursor="pointer").add_params(cell)
        layers.append(_outline(ink))
        if not is_numbered:
            pointed = alt.selection_point(
                name="pointed", fields=["i", "j"], on="pointerover", empty=False, clear="pointerout"
            )
            layers[0] = layers[0].add_params(pointed)
            layers += _cross(cells, pointed, ink)
    step = _step(n_shown)
    chart = alt.LayerChart(layer=layers).properties(height=step * n_shown)
    return finished(chart, width=None if stretch else step * n_shown, title=title, subtitle=subtitle)


def outlines(chosen: Chosen, labels_of: Sequence[str], shown: Sequence[int], *, totals: bool) -> pd.DataFrame:
    """Return the rectangles around what is chosen, as the data `CHOSEN`: the first and the last label of each side.

    Args:
        chosen: The classes of the rows and columns; with neither there is nothing to outline.
        labels_of: Label of each class.
        shown: Classes on the axes, in order.
        totals: Whether the axes end in the sum over all classes, which a whole row or column includes.
    """
    sides = []
    for classes in (chosen.true, chosen.predicted):
        whole = [(labels_of[shown[0]], ALL_LABEL if totals else labels_of[shown[-1]])]
        drawn = [(labels_of[k], labels_of[k]) for k in classes if k in set(shown)]
        sides.append(drawn if classes else whole)
    rectangles = [
        {"top": top, "bottom": bottom, "left": left, "right": right, "other": chosen.is_other}
        for top, bottom in sides[0]
        for left, right in sides[1]
        if chosen.true or chosen.predicted
    ]
    return pd.DataFrame(rectangles, columns=["top", "bottom", "left", "right", "other"])


def _with_look(matrix: Matrix) -> pd.DataFrame:
    """Return the cells with what can be said in advance of each: whether its colour is strong, how grey a sum is."""
    cells = matrix.cells
    is_total = (cells["i"] == ALL) | (cells["j"] == ALL)
    strength: npt.NDArray[np.float64] = (cells["value"].abs() / matrix.full).to_numpy() ** _COLOUR_EXPONENT
    return cells.assign(
        strong=(strength > _STRONG_ABOVE) & ~is_total,
        opacity=np.where(is_total, 0.08 + 0.3 * np.minimum(1, strength), 1),
    )


def _border(n_shown: int) -> dict[str, Any]:
    return {"stroke": INK_ON_EITHER, "strokeOpacity": 0.18, "strokeWidth": 1 if n_shown <= 40 else 0.5}


def _heat(matrix: Matrix, cells: pd.DataFrame, *, show_legend: bool) -> alt.Chart:
    labels = matrix.labels
    flat = sum(text_width(label) + 2 for label in labels) <= 52
    axis: dict[str, Any] = {"labelLimit": 260, "labelFlush": False, "ticks": False, "domain": False}
    size = max(8, min(12, _step(len(labels)) - 2))
    legend = alt.Legend(
        title=matrix.legend,
        orient="top",
        direction="horizontal",
        labelExpr=f"format(abs(datum.value), '{matrix.value_format}')",
        gradientLength=200,
        gradientThickness=9,
        tickCount=5,
    )
    nearly_nothing = 1e-9 * matrix.full
    scale = alt.Scale(
        type="pow",
        exponent=_COLOUR_EXPONENT,
        domain=[-matrix.full, -nearly_nothing, nearly_nothing, matrix.full],
        range=[with_opacity(hue, opacity) for hue, opacity in
               ((WRONG_COLOUR, 1), (WRONG_COLOUR, 0), (RIGHT_COLOUR, 0), (RIGHT_COLOUR, 1))],
        interpolate="rgb",
        clamp=True,
    )  # fmt: skip
    x_axis = axis | {
        "labelAngle": 0 if flat else -40 if len(labels) <= 13 else -90,
        "labelOverlap": "greedy",
        "labelSeparation": 0,
        "labelFontSize": size if len(labels) <= 30 else alt.ExprRef(f"max(6.5, min({size}, 0.8 * bandwidth('x')))"),
    }
    y_axis = axis | {"labelOverlap": False, "labelFontSize": size}
    chart: alt.Chart = (
        alt.Chart(cells)
        .mark_rect(**_border(len(labels)))
        .encode(
            x=alt.X("predicted:N", title="Predicted class", scale=alt.Scale(domain=labels), axis=x_axis),
            y=alt.Y("true:N", title="True class", scale=alt.Scale(domain=labels), axis=y_axis),
            color=alt.condition(
                _TOTAL,
                alt.value(INK_ON_EITHER),
                alt.Color("value:Q", scale=scale, legend=legend if show_legend else None),
            ),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip(field, title=name) if look is None else alt.Tooltip(field, title=name, format=look)
                for field, name, look in matrix.tooltip
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
        )
    )
    return chart


def _outline(ink: str) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(later_data(CHOSEN))
        .mark_rect(filled=False, stroke=ink, strokeWidth=2.5, strokeDash=alt.ExprRef("datum.other ? [5, 4] : [1, 0]"))
        .encode(
            x=alt.X("left:N", bandPosition=0),
            x2=alt.X2("right:N", bandPosition=1),
            y=alt.Y("top:N", bandPosition=0),
            y2=alt.Y2("bottom:N", bandPosition=1),
        )
    )
    return chart


def _cross(cells: pd.DataFrame, pointed: alt.Parameter, ink: str) -> list[alt.Chart]:
    base = alt.Chart(cells).mark_rule(stroke=ink, strokeOpacity=0.55).transform_filter(pointed)
    return [base.encode(x="predicted:N"), base.encode(y="true:N")]


def _step(n_shown: int) -> int:
    """Return the height of a row in pixels."""
    return max(11, min(56, 460 // max(1, n_shown)))
