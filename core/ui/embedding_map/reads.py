"""Cached parts of the map: colours, grey points, points and cells; never to be changed by anybody."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.map_colouring import ColourBy, Colouring, ColourKind, Groups, colour_rows, error_rate
from core.analysis.map_density import compute_density
from core.analysis.map_points import Extent, X, Y, coordinates, extent_of_box, extent_of_map, make_points, thin_out
from core.analysis.row_filter import MapBox, Projection, RowFilter
from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.charts.embedding_map import RING_X, RING_Y
from core.charts.map_colours import MapColours, colours_of
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection

BoolArray = npt.NDArray[np.bool_]
POINTS_UP_TO = 30_000
TEXTS_UP_TO = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn of the map, whatever the rectangle selects.

    `row_filter` is the filter without its rectangle, `zoom` the rectangle that fills the map, if any, and
    `wrong_in_front` the model whose mistakes are drawn last, if any.
    """

    projection: Projection
    row_filter: RowFilter
    by: ColourBy
    zoom: MapBox | None = None
    wrong_in_front: ModelName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapData:
    """Rows of a picture: `n_shown` in colour, as points or as cells of a raster, the others as thinned grey points.

    `shown` says which rows are in colour, shape (rows,).
    """

    extent: Extent
    points: pd.DataFrame
    context: pd.DataFrame
    colouring: Colouring
    colours: MapColours
    shown: BoolArray
    n_shown: int
    is_raster: bool


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=24, show_spinner=False)
def load_map_data(run: Run, picture: Picture) -> MapData:
    """Return the points or cells of a picture; above 30,000 rows it is a raster, of the error rate for outcomes."""
    rows = load_rows(run)
    x, y = coordinates(rows, picture.projection)
    extent = extent_of_map(rows, picture.projection) if picture.zoom is None else extent_of_box(picture.zoom)
    selected = load_selection(run, picture.row_filter)
    shown = selected if picture.zoom is None else selected & extent.holds(x, y)
    ids, others = np.flatnonzero(shown), np.flatnonzero(~selected)
    is_raster = len(ids) > POINTS_UP_TO
    colouring = _load_colouring(run, picture.by)
    if is_raster and picture.by.kind is ColourKind.OUTCOME and isinstance(colouring, Groups):
        colouring = error_rate(colouring)
    colours = colours_of(picture.by, colouring)
    labels = list(colours.labels)
    if is_raster:
        points = compute_density(x, y, extent, colouring, ids, group_labels=labels)
    else:
        wrong = None if picture.wrong_in_front is None else ~rows.right(picture.wrong_in_front)
        points = make_points(
            rows,
            picture.projection,
            ids,
            colouring,
            group_labels=labels,
            models=[model for model in rows.models if model is not ModelName.DUMMY] or list(rows.models),
            wrong_in_front=wrong,
            with_texts=len(ids) <= TEXTS_UP_TO,
        )
    kept = others[thin_out(x[others], y[others], extent)]
    return MapData(
        extent=extent,
        points=points,
        context=pd.DataFrame({X: x[kept], Y: y[kept]}),
        colouring=colouring,
        colours=colours,
        shown=shown,
        n_shown=len(ids),
        is_raster=is_raster,
    )


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=64, show_spinner=False)
def _load_colouring(run: Run, by: ColourBy) -> Colouring:
    return colour_rows(load_rows(run), by)


def rings_at(run: Run, projection: Projection, ids: npt.NDArray[np.int64], extent: Extent) -> pd.DataFrame:
    """Return where to ring rows on the drawn part of the map, columns ring_x and ring_y."""
    x, y = coordinates(load_rows(run), projection)
    places = pd.DataFrame({RING_X: x[ids], RING_Y: y[ids]})
    return places[extent.holds(x[ids], y[ids])]


def load_found(run: Run, words: str) -> npt.NDArray[np.int64]:
    """Return the ids of all rows of the run whose text holds some words, whatever the filter is."""
    return np.flatnonzero(load_selection(run, RowFilter(split=None, text=words)))
