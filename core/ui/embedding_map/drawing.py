"""The map itself: points or raster, legend, rectangle into the filter, what it says and what it does not."""

from dataclasses import replace
from functools import partial

import altair as alt
import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.map_colouring import ColourKind
from core.analysis.row_filter import MapBox, Projection
from core.charts.embedding_map import (
    BRUSH,
    CLICKED,
    MapSurroundings,
    make_density_map_chart,
    make_point_map_chart,
)
from core.charts.labels import MODEL_LABELS
from core.charts.specs import to_spec
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.embedding_map.controls import box_on, colour_label
from core.ui.embedding_map.legend import frequent_groups, show_legend
from core.ui.embedding_map.reads import MapData, Picture, load_map_data, rings_at
from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.formatting import count
from core.ui.view import View

IntArray = npt.NDArray[np.int64]
MAX_RINGS = 500


def show_map(view: View, picture: Picture, *, found: IntArray, chosen: int | None) -> None:
    """Show the map with its legend, its basis and its downloads.

    Args:
        view: What the page looks at.
        picture: What to draw.
        found: Rows to ring.
        chosen: One more row to ring.
    """
    data = load_map_data(view.run, picture)
    show_legend(data.colouring, data.colours, data.shown, what=_colour_title(picture, data))
    ringed = [*found[:MAX_RINGS].tolist(), *(row for row in (chosen, clicked_row(view)) if row is not None)]
    draw = partial(
        _draw,
        view,
        picture,
        data,
        rings=np.array(ringed, dtype=np.int64),
    )
    key = _map_key()
    st.vega_lite_chart(
        to_spec(draw(stretch=True)),
        width="stretch",
        key=key,
        on_select=partial(_take_rectangle, view, picture.projection, key),
        selection_mode=[BRUSH] if data.is_raster else [BRUSH, CLICKED],
        alt=f"{picture.projection.upper()} map of {count(data.n_shown, 'row')}, coloured by {colour_label(picture.by)}",
    )
    legend = [data.colours.labels[k] for k in frequent_groups(data.colouring, data.shown)]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(_basis(view, picture, data), width="stretch")
        show_chart_downloads(
            partial(
                draw,
                legend_labels=legend,
                title=f"{picture.projection.upper()} map by {_colour_title(picture, data)}",
                subtitle=f"run {view.run.name} · {_split(view)} · {count(data.n_shown, 'row')} in colour",
            ),
            stem=f"{view.run.name}_map_{picture.projection}",
        )
    st.caption(_how_to_read(picture, data))


def clicked_row(view: View) -> int | None:
    """Return the row whose point was clicked, as long as filter and run stay; None for an id that is no row."""
    state = st.session_state.get(_map_key())
    points = state.selection.get(CLICKED) if state else None
    row = int(points[0]["id"]) if points else None
    return row if row is not None and 0 <= row < len(view.rows) else None


def _map_key() -> str:
    return until_filter_changes("embedding_map")


def _draw(
    view: View,
    picture: Picture,
    data: MapData,
    *,
    rings: IntArray,
    legend_labels: list[str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    make_chart = make_density_map_chart if data.is_raster else make_point_map_chart
    return make_chart(
        data.points,
        data.colours,
        MapSurroundings(
            extent=data.extent,
            context=data.context,
            rings=rings_at(view.run, picture.projection, rings, data.extent),
            box=box_on(view, picture.projection),
        ),
        colour_title=_colour_title(picture, data),
        legend_labels=legend_labels,
        title=title,
        subtitle=subtitle,
        stretch=stretch,
    )


def _colour_title(picture: Picture, data: MapData) -> str:
    return "error rate" if data.is_raster and picture.by.kind is ColourKind.OUTCOME else colour_label(picture.by)


def _take_rectangle(view: View, projection: Projection, key: str) -> None:
    """Make a rectangle that was dragged part of the filter; a click only leaves it as it is."""
    ends = st.session_state[key].selection.get(BRUSH) or {}
    if "x" not in ends or "y" not in ends:
        return
    (x_low, x_high), (y_low, y_high) = sorted(ends["x"]), sorted(ends["y"])
    box = MapBox(projection=projection, x_low=x_low, x_high=x_high, y_low=y_low, y_high=y_high)
    change_filter(replace(view.filter, box=box), view.rows)


def _split(view: View) -> str:
    return "all splits" if view.filter.split is None else f"{view.filter.split} split"


def _basis(view: View, picture: Picture, data: MapData) -> str:
    rest = len(view.rows) - data.n_shown
    parts = [f"In colour: {count(data.n_shown, 'row')} of the filter ({_split(view)})"]
    if picture.zoom is not None:
        parts.append("zoomed to the rectangle")
    elif rest:
        parts.append(f"grey: the shape of the other {count(rest, 'row')}")
    if data.is_raster:
        parts.append("one cell stands for many rows: the stronger, the more (square root)")
        if picture.wrong_in_front is not None:
            parts.append("a raster has no mistakes in front, but can be coloured by outcome")
    elif picture.wrong_in_front is not None:
        parts.append(f"faded: right answers of {MODEL_LABELS[picture.wrong_in_front].lower()}")
    if picture.by.kind is ColourKind.CONFIDENCE and not data.is_raster:
        parts.append("low confidence in front")
    if view.filter.box is not None and box_on(view, picture.projection) is None:
        parts.append(f"the rectangle of the filter lies on the {view.filter.box.projection.upper()} map")
    return " · ".join(parts) + "."


def _how_to_read(picture: Picture, data: MapData) -> str:
    if data.is_raster:
        deed = "Drag a rectangle to filter; with fewer rows, points can be clicked."
    else:
        deed = "Drag a rectangle to filter, click a point to read it."
    return f"{glossary.READING_A_MAP[picture.projection]} {deed}"
