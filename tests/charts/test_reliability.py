import numpy as np
import pytest

from core.analysis.calibration import reliability_bins
from core.charts.reliability import make_reliability_chart, reliability_rows

BINS = reliability_bins(np.array([0.3, 0.35, 0.9, 1.0]), np.array([True, False, True, True]), n_bins=2)


def rows_of(chart) -> list[dict]:
    return next(rows for rows in chart.to_dict()["datasets"].values() if "accuracy" in rows[0])


def test_each_bin_with_rows_has_its_point_its_interval_and_its_bar():
    low, high = rows_of(make_reliability_chart(BINS, colour="#123456"))
    assert (low["i"], low["accuracy"], low["rows"], low["right"]) == (0, 0.5, 2, 1)
    assert (high["low"], high["high"], high["accuracy"]) == (0.5, 1.0, 1.0)
    assert (low["confidence"], high["confidence"]) == pytest.approx((0.325, 0.95))
    assert low["least"] < 0.5 < low["most"]
    assert high["most"] == 1.0
    assert low["top"] == high["top"] > low["floor"]


def test_bins_without_rows_are_not_drawn_and_the_chosen_one_stands_out():
    bins = reliability_bins(np.array([0.1, 0.9]), np.array([True, True]))
    rows = reliability_rows(bins, chosen=1).to_dict("records")
    assert [(row["i"], row["faded"]) for row in rows] == [(1, False), (13, True)]
