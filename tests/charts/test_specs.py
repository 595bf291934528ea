import altair as alt
import numpy as np
import pandas as pd

from core.charts.specs import inline_data, later_data, to_spec, with_data


def test_missing_values_become_null_and_numbers_stay_exact():
    frame = pd.DataFrame({"name": ["a", None], "share": [0.1 + 0.2, np.nan], "n": np.array([1, 2], dtype=np.int16)})
    assert inline_data(frame)["values"] == [
        {"name": "a", "share": 0.3, "n": 1},
        {"name": None, "share": None, "n": 2},
    ]


def test_more_rows_than_altair_allows_by_itself_are_kept():
    chart = alt.Chart(inline_data(pd.DataFrame({"x": range(6000)}))).mark_point().encode(x="x:Q")
    (rows,) = to_spec(chart)["datasets"].values()
    assert len(rows) == 6000


def test_specification_leaves_size_and_theme_to_the_page():
    assert "config" not in to_spec(alt.Chart(inline_data(pd.DataFrame({"x": [1]}))).mark_point().encode(x="x:Q"))


def test_data_can_be_filled_in_later_without_touching_the_first():
    spec = to_spec(alt.Chart(later_data("late")).mark_point().encode(x="x:Q"))
    filled = with_data(spec, "late", pd.DataFrame({"x": [1, 2]}))
    assert filled["datasets"]["late"]["x"].tolist() == [1, 2]
    assert filled["data"] == {"name": "late"}
    assert "datasets" not in spec
