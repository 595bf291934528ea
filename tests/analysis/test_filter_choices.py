from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.analysis.filter_choices import MAX_OFFERED, Ends, compute_filter_choices, slider_scale
from core.analysis.rows import Rows
from tests.analysis.small_rows import small_rows


def rows_with(values: list[object]) -> Rows:
    rows = small_rows()
    frame = rows.frame.loc[rows.frame.index.repeat(len(values) // 8)].reset_index(drop=True)
    return replace(rows, frame=frame.assign(meta_x=pd.Series(values)))


def test_sizes_have_ranges_and_other_metadata_has_values():
    choices = compute_filter_choices(small_rows())
    assert choices.ranges["n_words"] == Ends(low=1, high=3, is_whole=True)
    assert set(choices.values) == {"meta_topic", "meta_stars"}
    assert choices.values["meta_topic"].offered == ("home", "work", "")
    assert choices.values["meta_stars"].offered == ("1", "2.5", "5", "")


def test_ends_of_a_measure_are_finite():
    choices = compute_filter_choices(rows_with([np.inf, -np.inf, np.nan, *np.arange(13) / 2]))
    assert choices.ranges["meta_x"] == Ends(low=0.0, high=6.0, is_whole=False)


def test_numbers_are_offered_in_their_order():
    assert compute_filter_choices(rows_with([10, 9, 100, 1] * 2)).values["meta_x"].offered == ("1", "9", "10", "100")


def test_of_many_values_the_most_frequent_are_offered_and_all_are_known():
    values = [f"user {i}" for i in range(1000)] + ["user 999"] * 600
    column = compute_filter_choices(rows_with(values)).values["meta_x"]
    assert len(column.known) == 1000
    assert len(column.offered) == MAX_OFFERED == 200
    assert "user 999" in column.offered
    assert "user 998" not in column.offered


def test_very_long_values_are_known_but_not_offered():
    column = compute_filter_choices(rows_with(["x" * 10_000, "y"] * 4)).values["meta_x"]
    assert column.offered == ("y",)
    assert "x" * 10_000 in column.known


@pytest.mark.parametrize(
    ("ends", "scale"),
    [
        (Ends(low=1, high=77, is_whole=True), (1, 77, 1)),
        (Ends(low=0.0, high=1.0, is_whole=False), (0.0, 1.0, 0.01)),
        (Ends(low=0.0012, high=0.0077, is_whole=False), (0.00115, 0.0077, 0.00005)),
        (Ends(low=-3.3, high=1234.5, is_whole=False), (-10.0, 1240.0, 10.0)),
        (Ends(low=1e300, high=2e300, is_whole=False), None),
        (Ends(low=-1.7e308, high=1.7e308, is_whole=False), None),
        (Ends(low=0, high=2**53, is_whole=True), None),
        (Ends(low=0, high=2**53 - 1, is_whole=True), (0, 2**53 - 1, 1)),
        (Ends(low=1e9, high=1e9 + 0.5, is_whole=False), None),
    ],
)
def test_slider_reaches_both_ends_or_there_is_none(ends, scale):
    assert slider_scale(ends) == scale
