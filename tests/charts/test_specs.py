import re
import threading
from collections.abc import Iterator

import altair as alt
import numpy as np
import pandas as pd
import pytest

from core.charts.images import ImageFormat, encode_chart
from core.charts.specs import later_data, to_spec, with_data, with_plain_rows
from tests.charts.every_chart import CHARTS, names_of_chart_makers

FRAME = pd.DataFrame({"x": [1, 2]})
DOTS = alt.Chart(FRAME).mark_point().encode(x="x:Q")


def plain(spec: dict) -> dict:
    return with_plain_rows(spec)["datasets"]


def picture_of(chart: alt.TopLevelMixin) -> str:
    """Return a chart as SVG, without the numbers that Vega counts on from one drawing to the next."""
    return re.sub(r"(clip|gradient_)\d+", r"\1", encode_chart(chart, ImageFormat.SVG).decode())


@pytest.fixture
def other_transformer() -> Iterator[None]:
    """What Streamlit does to the whole process while it draws an Altair chart for somebody else."""
    alt.data_transformers.register("elsewhere", lambda data, **_: {"name": "elsewhere"})
    with alt.data_transformers.enable("elsewhere"):
        yield


def test_missing_and_infinite_numbers_become_null_and_others_stay_exact():
    frame = pd.DataFrame(
        {
            "name": ["a", None, "c"],
            "share": [0.1 + 0.2, np.nan, -np.inf],
            "n": np.array([1, 2, 3], dtype=np.int16),
            "yes": [True, False, True],
        }
    )
    assert plain(to_spec(alt.Chart(frame).mark_point()))["frame_0"] == [
        {"name": "a", "share": 0.1 + 0.2, "n": 1, "yes": True},
        {"name": None, "share": None, "n": 2, "yes": False},
        {"name": "c", "share": None, "n": 3, "yes": True},
    ]


def test_more_rows_than_altair_allows_by_itself_are_kept():
    (rows,) = to_spec(alt.Chart(pd.DataFrame({"x": range(6000)})).mark_point().encode(x="x:Q"))["datasets"].values()
    assert len(rows) == 6000


def test_one_frame_in_several_layers_is_one_data_set_and_equal_ones_are_two():
    twice = to_spec(alt.layer(DOTS, DOTS.mark_line(), alt.Chart(FRAME.copy()).mark_rule()))
    assert [layer["data"]["name"] for layer in twice["layer"]] == ["frame_0", "frame_0", "frame_1"]
    assert list(twice["datasets"]) == ["frame_0", "frame_1"]


def test_charts_in_charts_keep_their_data_and_the_chart_itself_is_left_alone():
    chart = alt.vconcat(DOTS | DOTS, alt.concat(DOTS, DOTS + DOTS))
    assert plain(to_spec(chart)) == {"frame_0": [{"x": 1}, {"x": 2}]}
    assert chart.to_dict()["datasets"].popitem()[1] == [{"x": 1}, {"x": 2}]


def test_specification_leaves_size_and_theme_to_the_page():
    assert "config" not in to_spec(DOTS)


def test_data_can_be_filled_in_later_without_touching_the_first():
    spec = to_spec(alt.Chart(later_data("late")).mark_point().encode(x="x:Q"))
    filled = with_data(spec, "late", FRAME)
    assert plain(filled) == {"late": [{"x": 1}, {"x": 2}]}
    assert filled["data"] == {"name": "late"}
    assert spec["datasets"] == {}


def test_every_chart_that_is_made_is_in_these_tests():
    assert {name.partition(",")[0] for name in CHARTS} == names_of_chart_makers()


@pytest.mark.parametrize("name", CHARTS)
def test_specification_is_the_same_whatever_altair_does_with_data(name, other_transformer):
    disturbed = to_spec(CHARTS[name]())
    alt.data_transformers.enable("default")
    assert with_plain_rows(disturbed) == with_plain_rows(to_spec(CHARTS[name]()))
    assert any(table.num_rows for table in disturbed["datasets"].values())


@pytest.mark.parametrize("name", CHARTS)
def test_image_is_the_same_whatever_altair_does_with_data(name, other_transformer):
    disturbed = picture_of(CHARTS[name]())
    alt.data_transformers.enable("default")
    assert disturbed == picture_of(CHARTS[name]())


def test_charts_are_whole_while_another_thread_draws_its_own(other_transformer):
    stopped = threading.Event()

    def draw() -> None:
        while not stopped.wait(0.0001):
            with alt.data_transformers.enable("elsewhere"):
                pass
            with alt.data_transformers.enable("default"):
                pass

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        drawn = {name for name in CHARTS if any(to_spec(CHARTS[name]())["datasets"].values())}
        images = {picture_of(DOTS.properties(width=100, height=50)) for _ in range(20)}
    finally:
        stopped.set()
        thread.join()
    assert drawn == set(CHARTS)
    assert len(images) == 1
    assert images.pop().count('aria-roledescription="point"') == 2
