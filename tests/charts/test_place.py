from dataclasses import replace

import numpy as np
import pandas as pd

from core.analysis.row_filter import Projection
from core.charts.images import ImageFormat, encode_chart
from core.charts.place import HERE, OTHERS, make_place_chart, places_of, sample_places
from tests.analysis.small_rows import small_rows


def test_place_of_a_row():
    places = places_of(small_rows(), np.array([5]), Projection.UMAP)
    assert places.to_dict("records") == [{"x": 5, "y": 2, "label": "fear"}]


def test_small_run_is_shown_whole():
    assert sample_places(small_rows(), Projection.UMAP)["x"].tolist() == list(range(8))


def test_large_run_is_sampled_alike_each_time():
    small = small_rows()
    large = replace(small, frame=pd.concat([small.frame] * 400, ignore_index=True))
    first, second = (sample_places(large, Projection.UMAP) for _ in range(2))
    assert len(first) == 1000
    assert first.equals(second)


def test_chart_names_the_data_that_come_later():
    spec = make_place_chart(("joy", "sadness")).to_dict()
    assert [layer["data"]["name"] for layer in spec["layer"]] == [OTHERS, HERE, HERE]


def test_chart_for_a_file_rings_the_row_among_the_others():
    rows = small_rows()
    here, others = places_of(rows, np.array([5]), Projection.UMAP), sample_places(rows, Projection.UMAP)
    svg = encode_chart(make_place_chart(rows.classes, others=others, here=here, title="Row 5"), ImageFormat.SVG)
    assert svg.count(b'aria-roledescription="circle"') == 8 + 1
    assert svg.count(b'aria-roledescription="point"') == 1
    assert b">Row 5</text>" in svg
