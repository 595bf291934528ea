"""The map of the vectors: one point per row, or a raster of cells; the rest of the corpus in grey beneath."""

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from core.analysis.map_points import COLOUR, ID, TEXT, TRUE, WRONG, Extent, X, Y
from core.analysis.row_filter import MapBox
from core.analysis.rows import confidence_column
from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS
from core.charts.map_colours import BACKGROUND_COLOUR, MapColours, colour_channel

BRUSH, CLICKED = "brush", "clicked"
# Names of their own: two data sets that are equal, such as two empty ones, would be sent as one.
RING_X, RING_Y = "ring_x", "ring_y"
_HEIGHT = 620
_WIDTH = 1000
_ROOM_FOR_FRAME = {"left": 2, "right": 2, "top": 2, "bottom": 4}
_MANY_RINGS = 50
# A canvas does not know the ink of the page: dark lines with a light halo show on either theme.
_LINE, _HALO = "#14181d", "#ffffff"
_FADED, _IN_FRONT = 0.2, 0.95
_Places = dict[str, alt.X | alt.Y]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSurroundings:
    """What is drawn beside the rows that are looked at.

    `context` has the columns x and y of points that stand for all other rows, `rings` has the columns ring_x and ring_y
    of rows to point out, `box` is the rectangle of the filter if it is on this map.
    """

    extent: Extent
    context: pd.DataFrame
    rings: pd.DataFrame
    box: MapBox | None = None


def make_point_map_chart(
    points: pd.DataFrame,
    colours: MapColours,
    surroundings: MapSurroundings,
    *,
    colour_title: str,
    legend_labels: list[str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return the map with one point per row; where the column `wrong` is given, right ones are faded.

    A rectangle can be dragged (parameter `brush`) and a point clicked (`clicked`).

    Args:
        points: As of `make_points`, in drawing order.
        colours: Labels and colours of the column `colour`.
        surroundings: Grey points, rings, rectangle, extent.
        colour_title: What the colour stands for.
        legend_labels: Groups in a legend beside the map; None for no legend.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
    """
    size, opacity = _size_and_opacity(len(points))
    brush = alt.selection_interval(name=BRUSH, translate=False, zoom=False)
    clicked = alt.selection_point(name=CLICKED, fields=[ID], on="click", toggle=False, empty=False)
    shown = (
        alt.Opacity(f"{WRONG}:N", scale=alt.Scale(domain=[False, True], range=[_FADED, _IN_FRONT]), legend=None)
        if WRONG in points
        else alt.value(opacity)
    )
    drawn = (
        alt.Chart(points)
        .mark_circle(size=size, invalid="show")
        .encode(
            **_places(surroundings.extent),
            color=colour_channel(COLOUR, colours, title=colour_title, legend_labels=legend_labels),
            opacity=shown,
            tooltip=_tooltips(points),
        )
        .add_params(brush, clicked)
    )
    return _assembled(drawn, surroundings, title=title, subtitle=subtitle, stretch=stretch)


def make_density_map_chart(
    cells: pd.DataFrame,
    colours: MapColours,
    surroundings: MapSurroundings,
    *,
    colour_title: str,
    legend_labels: list[str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return the map as a raster: the more rows in a cell, the stronger its colour.

    Args:
        cells: As of `compute_density`; the other arguments are those of `make_point_map_chart`.
        colours: Labels and colours of the column `colour`.
        surroundings: Grey points, rings, rectangle, extent.
        colour_title: What the colour stands for.
        legend_labels: Groups in a legend beside the map; None for no legend.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
    """
    extent = surroundings.extent
    if colours.is_measure:
        says = [alt.Tooltip(f"{COLOUR}:Q", title=f"mean {colour_title}", format=".1%" if colours.is_share else ".4~g")]
    else:
        says = [
            alt.Tooltip(f"{COLOUR}:N", title="most of them"),
            alt.Tooltip("share:Q", title="share of these", format=".1%"),
        ]
    drawn = (
        alt.Chart(cells)
        .mark_rect(strokeWidth=0, invalid="show")
        .encode(
            **_places(extent),
            x2="x2",
            y2="y2",
            color=colour_channel(COLOUR, colours, title=colour_title, legend_labels=legend_labels),
            opacity=alt.Opacity("strength:Q", scale=None, legend=None),
            tooltip=[alt.Tooltip("n_rows:Q", title="rows here", format=","), *says],
        )
        .add_params(alt.selection_interval(name=BRUSH, translate=False, zoom=False))
    )
    return _assembled(drawn, surroundings, title=title, subtitle=subtitle, stretch=stretch)


def _assembled(
    drawn: alt.Chart,
    surroundings: MapSurroundings,
    *,
    title: str | None,
    subtitle: str | None,
    stretch: bool,
) -> alt.LayerChart:
    places = _places(surroundings.extent)
    context = alt.Chart(surroundings.context).mark_circle(color=BACKGROUND_COLOUR, size=8, opacity=0.4, tooltip=None)
    chart = alt.LayerChart(
        layer=[context.encode(**places), drawn, *_outlines(surroundings), *_rings(surroundings)]
    ).properties(
        height=_HEIGHT,
        view=alt.ViewBackground(stroke=BACKGROUND_COLOUR, strokeOpacity=0.35, strokeWidth=1, cursor="crosshair"),
        # Thousands of SVG nodes would make every hover slow; a canvas draws rings and outlines as well.
        usermeta={"embedOptions": {"renderer": "canvas"}},
    )
    if stretch:
        chart = chart.properties(padding=_ROOM_FOR_FRAME)
    return finished(chart, width=None if stretch else _WIDTH, title=title, subtitle=subtitle)


def _outlines(surroundings: MapSurroundings) -> list[alt.Chart]:
    """Return the rectangle of the filter; without any filling, so that the points in it can still be pointed at."""
    box = surroundings.box
    ends = pd.DataFrame(
        {name: [] if box is None else [getattr(box, name)] for name in ("x_low", "x_high", "y_low", "y_high")},
        dtype=np.float64,
    )
    places = _places(surroundings.extent, x="x_low", y="y_low")
    return [
        alt.Chart(ends)
        .mark_rect(filled=False, stroke=colour, strokeWidth=width, strokeDash=dash, tooltip=None, clip=True)
        .encode(**places, x2="x_high", y2="y_high")
        for colour, width, dash in ((_HALO, 3, [1, 0]), (_LINE, 1.5, [6, 4]))
    ]


def _rings(surroundings: MapSurroundings) -> list[alt.Chart]:
    """Return rings that leave the points in them to be seen; many are smaller, since they would hide the map."""
    size, line = (170, 2.0) if len(surroundings.rings) <= _MANY_RINGS else (60, 1.2)
    return [
        alt.Chart(surroundings.rings)
        .mark_point(shape="circle", filled=False, color=colour, size=size, strokeWidth=width, opacity=1, tooltip=None)
        .encode(**_places(surroundings.extent, x=RING_X, y=RING_Y))
        for colour, width in ((_HALO, 2 * line + 0.5), (_LINE, line))
    ]


def _places(extent: Extent, *, x: str = X, y: str = Y) -> _Places:
    """Return both axes without ticks: their numbers mean nothing, or little."""

    def scale(low: float, high: float) -> alt.Scale:
        return alt.Scale(domain=[low, high], nice=False, zero=False)

    return {
        "x": alt.X(f"{x}:Q", axis=None, scale=scale(extent.x_low, extent.x_high)),
        "y": alt.Y(f"{y}:Q", axis=None, scale=scale(extent.y_low, extent.y_high)),
    }


def _size_and_opacity(n_points: int) -> tuple[float, float]:
    """Return the area of a point in square pixels and its opacity: both fall as points crowd."""
    size = float(np.clip(70 * (300 / max(1, n_points)) ** 0.5, 7, 70))
    opacity = float(np.clip(0.9 * (2_000 / max(1, n_points)) ** 0.15, 0.5, 0.9))
    return round(size, 1), round(opacity, 2)


def _tooltips(points: pd.DataFrame) -> list[alt.Tooltip]:
    answers = []
    for model in ModelName:
        if model.value in points:
            label = MODEL_LABELS[model].lower()
            answers.append(alt.Tooltip(f"{model.value}:N", title=label))
            answers.append(alt.Tooltip(f"{confidence_column(model)}:Q", title=f"{label}, confidence", format=".1%"))
    text = [alt.Tooltip(f"{TEXT}:N", title="text")] if TEXT in points else []
    return [alt.Tooltip(f"{ID}:Q", title="id"), *text, alt.Tooltip(f"{TRUE}:N", title="true class"), *answers]
