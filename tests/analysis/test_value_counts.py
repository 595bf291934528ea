import numpy as np
import pandas as pd
import pytest

from core.analysis.metadata import BLANK
from core.analysis.value_counts import compute_value_counts
from core.artifacts.schema import ModelName
from tests.analysis.small_rows import small_rows

EVERY = np.ones(8, dtype=bool)


def test_counts_and_accuracy_of_each_value():
    rows = small_rows()
    scored = np.arange(8) >= 4  # validation and test
    counts = compute_value_counts(rows.frame["meta_topic"], EVERY, scored=scored, right=rows.right(ModelName.LOGREG))
    # logreg is right on 0, 1, 4, 5; work is 0, 2, 5, 6; home is 1, 4, 7
    assert [(v.value, v.n_rows, v.n_scored, v.n_right) for v in counts.values] == [
        ("work", 4, 2, 1),
        ("home", 3, 2, 1),
        (BLANK, 1, 0, 0),
    ]
    assert [v.accuracy for v in counts.values] == [0.5, 0.5, None]
    assert (counts.n_rows, counts.n_other_values, counts.n_other_rows) == (8, 0, 0)


def test_interval_is_wilsons():
    column = pd.Series(["a"] * 10)
    right = np.arange(10) < 8
    (value,) = compute_value_counts(column, right | True, scored=right | True, right=right).values
    assert value.interval == pytest.approx((0.4901625, 0.9433178), abs=1e-6)  # 8 of 10, Wilson, from R's binom.confint


def test_the_rest_is_summed_and_chosen_values_stay_listed():
    column = pd.Series(["a"] * 5 + ["b"] * 4 + ["c"] * 3 + ["d", "e"])
    every = np.ones(len(column), dtype=bool)
    counts = compute_value_counts(column, every, scored=every, right=None, n_top=2, keep=("e",))
    assert [(v.value, v.n_rows) for v in counts.values] == [("a", 5), ("b", 4), ("e", 1)]
    assert (counts.n_other_values, counts.n_other_rows) == (2, 4)
    assert all(v.n_scored == 0 and v.accuracy is None for v in counts.values)


def test_chosen_value_without_rows_is_listed():
    column = pd.Series(["a", "b"])
    counts = compute_value_counts(
        column, np.array([True, False]), scored=np.zeros(2, dtype=bool), right=None, keep=("b",)
    )
    assert [(v.value, v.n_rows) for v in counts.values] == [("a", 1), ("b", 0)]


def test_numbers_are_listed_in_their_order():
    column = small_rows().frame["meta_stars"]
    counts = compute_value_counts(column, EVERY, scored=EVERY, right=None)
    assert [(v.value, v.n_rows) for v in counts.values] == [("1", 4), ("2.5", 2), ("5", 1), (BLANK, 1)]


def test_blank_that_is_chosen_is_listed_without_rows():
    column = pd.Series(["a", "", None])
    counted = np.array([True, False, False])
    none = np.zeros(3, dtype=bool)
    assert [v.value for v in compute_value_counts(column, counted, scored=none, right=None).values] == ["a"]
    chosen = compute_value_counts(column, counted, scored=none, right=None, keep=(BLANK,))
    assert [(v.value, v.n_rows) for v in chosen.values] == [("a", 1), (BLANK, 0)]
    both = compute_value_counts(column, ~none, scored=none, right=None, n_top=1)
    assert [(v.value, v.n_rows) for v in both.values] == [("a", 1), (BLANK, 2)]


def test_nothing_counted():
    counts = compute_value_counts(pd.Series(["a"]), np.array([False]), scored=np.array([False]), right=None)
    assert (counts.values, counts.n_rows, counts.n_other_rows) == ((), 0, 0)
