"""The map as a chart."""

import numpy as np
import pandas as pd
import pytest

from core.analysis.map_colouring import ColourBy, ColourKind, Groups, Measure
from core.analysis.map_points import Extent
from core.analysis.row_filter import MapBox, Projection
from core.charts.embedding_map import MapSurroundings, make_density_map_chart, make_point_map_chart
from core.charts.images import ImageFormat, encode_chart
from core.charts.map_colours import BACKGROUND_COLOUR, MapColours, colours_of
from core.charts.palette import RIGHT_COLOUR, WRONG_COLOUR, class_colours

EXTENT = Extent(x_low=0.0, x_high=4.0, y_low=-1.0, y_high=1.0)
BOX = MapBox(projection=Projection.UMAP, x_low=1.0, x_high=2.0, y_low=0.0, y_high=0.5)
CLASSES = MapColours(labels=("joy", "fear"), colours=("#2f6fb3", "#c8501e"))
POINTS = pd.DataFrame(
    {"id": [7, 3], "x": [1.0, 2.0], "y": [0.0, 0.5], "colour": ["joy", "fear"], "true": ["joy", "fear"]}
)
CELLS = pd.DataFrame(
    {
        "x": [0.0],
        "x2": [1.0],
        "y": [0.0],
        "y2": [0.5],
        "n_rows": [9],
        "strength": [1.0],
        "colour": ["joy"],
        "share": [1.0],
    }
)


def around(box: MapBox | None = None, rings: int = 0) -> MapSurroundings:
    return MapSurroundings(
        extent=EXTENT,
        context=pd.DataFrame({"x": [3.0], "y": [0.0]}),
        rings=pd.DataFrame({"ring_x": [1.0] * rings, "ring_y": [0.0] * rings}),
        box=box,
    )


def test_grey_points_lie_beneath_and_rectangle_and_rings_above():
    spec = make_point_map_chart(POINTS, CLASSES, around(BOX, 1), colour_title="true class").to_dict()
    first, points, *lines = spec["layer"]
    assert first["mark"]["color"] == BACKGROUND_COLOUR
    assert points["encoding"]["color"]["scale"] == {"domain": ["joy", "fear"], "range": ["#2f6fb3", "#c8501e"]}
    assert [layer["mark"]["type"] for layer in lines] == ["rect", "rect", "point", "point"]
    assert all(layer["mark"]["filled"] is False for layer in lines)
    assert all(layer["mark"]["tooltip"] is None for layer in (first, *lines))


def test_every_layer_spans_the_same_extent():
    spec = make_point_map_chart(POINTS, CLASSES, around(BOX), colour_title="true class").to_dict()
    domains = [(e["encoding"]["x"]["scale"]["domain"], e["encoding"]["y"]["scale"]["domain"]) for e in spec["layer"]]
    assert domains == [([0.0, 4.0], [-1.0, 1.0])] * len(spec["layer"])


@pytest.mark.parametrize("n_rings", [0, 2])
def test_spec_is_the_same_whatever_the_data(n_rings):
    """Only then does the browser keep the chart, and put new data into it."""

    def spec(box, rings):
        chart = make_point_map_chart(POINTS, CLASSES, around(box, rings), colour_title="true class").to_dict()
        return [{**layer, "data": None} for layer in chart["layer"]]

    assert spec(BOX, n_rings) == spec(None, 1)


def test_rectangle_and_click_are_parameters_and_the_rectangle_cannot_be_moved():
    spec = make_point_map_chart(POINTS, CLASSES, around(), colour_title="true class").to_dict()
    brush, clicked = spec["params"]
    assert (brush["name"], brush["select"]) == ("brush", {"type": "interval", "translate": False, "zoom": False})
    assert (clicked["name"], clicked["select"]["fields"]) == ("clicked", ["id"])
    assert [
        p["name"] for p in make_density_map_chart(CELLS, CLASSES, around(), colour_title="x").to_dict()["params"]
    ] == ["brush"]


def test_right_points_fade_where_wrong_ones_are_known():
    def opacity(points):
        chart = make_point_map_chart(points, CLASSES, around(), colour_title="x").to_dict()
        return chart["layer"][1]["encoding"]["opacity"]

    faded = opacity(POINTS.assign(wrong=[False, True]))["scale"]
    assert faded["domain"] == [False, True]
    assert faded["range"][0] < 0.3
    assert faded["range"][1] > 0.9
    assert 0.5 <= opacity(POINTS)["value"] <= 0.9


def test_more_points_are_smaller_and_fainter():
    def mark(n):
        many = pd.concat([POINTS] * (n // 2), ignore_index=True)
        chart = make_point_map_chart(many, CLASSES, around(), colour_title="x")
        return chart.layer[1].mark.size, chart.layer[1].encoding.opacity.to_dict()["value"]

    few, many = mark(200), mark(20_000)
    assert few[0] > many[0] >= 7
    assert few[1] > many[1] >= 0.5


def test_tooltip_names_answers_and_texts_only_where_they_are():
    def fields(points):
        chart = make_point_map_chart(points, CLASSES, around(), colour_title="x").to_dict()
        return [field["field"] for field in chart["layer"][1]["encoding"]["tooltip"]]

    answered = POINTS.assign(finetuned=["joy", "joy"], finetuned_confidence=[0.5, 0.9], text=["a", "b"])
    assert fields(POINTS) == ["id", "true"]
    assert fields(answered) == ["id", "text", "true", "finetuned", "finetuned_confidence"]


@pytest.mark.parametrize("image_format", list(ImageFormat))
def test_both_maps_can_be_saved_with_legend_and_title(image_format):
    options = {"legend_labels": ["joy"], "title": "UMAP map", "subtitle": "run a", "colour_title": "true class"}
    for make, data in ((make_point_map_chart, POINTS), (make_density_map_chart, CELLS)):
        image = encode_chart(make(data, CLASSES, around(BOX, 1), **options), image_format)
        if image_format is ImageFormat.SVG:
            assert all(words in image.decode() for words in ("UMAP map", "run a", "true class", "joy"))
        else:
            assert image.startswith(b"\x89PNG")


def test_numbers_are_drawn_with_missing_ones_grey():
    numbers = MapColours(labels=(), colours=("#000001", "#ffffff"), low=0.0, high=2.0)
    points = POINTS.assign(colour=[0.0, np.nan])
    svg = encode_chart(make_point_map_chart(points, numbers, around(), colour_title="price"), ImageFormat.SVG).decode()
    assert 'fill="rgb(0, 0, 1)"' in svg
    assert svg.count(f'fill="{BACKGROUND_COLOUR}"') == 2


def test_colours_of_classes_outcomes_and_grey_rest():
    def groups(*names, n_own):
        return Groups(names=names, codes=np.zeros(1, dtype=np.int16), n_own=n_own)

    classes = colours_of(ColourBy(kind=ColourKind.TRUE), groups("a", "b", "c", n_own=3))
    assert list(classes.colours) == class_colours(3)
    outcome = colours_of(ColourBy(kind=ColourKind.OUTCOME), groups("correct", "wrong", n_own=2))
    assert outcome.colours == (RIGHT_COLOUR, WRONG_COLOUR)
    rest = colours_of(ColourBy(kind=ColourKind.COLUMN), groups("a", "other values", n_own=1))
    assert rest.colours[1] == BACKGROUND_COLOUR


def test_error_rate_runs_from_the_colour_of_right_to_that_of_wrong():
    share = Measure(values=np.zeros(1, dtype=np.float32), low=0.0, high=1.0, is_share=True)
    assert colours_of(ColourBy(kind=ColourKind.OUTCOME), share).colours[0] == RIGHT_COLOUR
    assert colours_of(ColourBy(kind=ColourKind.CONFIDENCE), share).colours[0] == WRONG_COLOUR
