"""The map as a raster."""

import numpy as np
import pytest

from core.analysis.map_colouring import Groups, Measure
from core.analysis.map_density import N_COLUMNS, N_ROWS, compute_density
from core.analysis.map_points import Extent

EXTENT = Extent(x_low=0.0, x_high=float(N_COLUMNS), y_low=0.0, y_high=float(N_ROWS))
X = np.array([0.5, 0.6, 0.7, 3.5, N_COLUMNS], dtype=np.float32)
Y = np.array([0.5, 0.6, 0.7, 2.5, N_ROWS], dtype=np.float32)
ALL = np.arange(5)


def test_cells_count_rows_and_take_the_largest_group():
    groups = Groups(names=("a", "b"), codes=np.array([0, 1, 1, 0, 1], dtype=np.int16), n_own=2)
    cells = compute_density(X, Y, EXTENT, groups, ALL, group_labels=["A", "B"])
    assert cells[["x", "x2", "y", "y2"]].to_numpy().tolist() == [[0, 1, 0, 1], [3, 4, 2, 3], [199, 200, 109, 110]]
    assert cells["n_rows"].tolist() == [3, 1, 1]
    assert cells["colour"].tolist() == ["B", "A", "B"]
    assert cells["share"].tolist() == [pytest.approx(2 / 3), 1, 1]


def test_cells_of_a_measure_hold_the_mean_of_what_is_known():
    values = np.array([0.2, np.nan, 0.4, np.nan, 1.0], dtype=np.float32)
    measure = Measure(values=values, low=0.0, high=1.0, is_share=True)
    colours = compute_density(X, Y, EXTENT, measure, ALL, group_labels=[])["colour"].tolist()
    assert colours[0] == pytest.approx(0.3)
    assert np.isnan(colours[1])
    assert colours[2] == 1


def test_only_asked_rows_inside_the_extent_are_counted():
    groups = Groups(names=("a",), codes=np.zeros(5, dtype=np.int16), n_own=1)
    left = Extent(x_low=0.0, x_high=2.0, y_low=0.0, y_high=2.0)
    assert compute_density(X, Y, left, groups, ALL, group_labels=["A"])["n_rows"].sum() == 3
    assert compute_density(X, Y, left, groups, np.array([1, 3]), group_labels=["A"])["n_rows"].sum() == 1
    assert len(compute_density(X, Y, left, groups, np.array([], dtype=int), group_labels=["A"])) == 0


def test_counts_agree_with_numpy_and_strength_grows_with_them():
    rng = np.random.default_rng(1)
    x, y = rng.normal(100, 20, 5000).astype(np.float32), rng.normal(50, 10, 5000).astype(np.float32)
    groups = Groups(names=("a",), codes=np.zeros(5000, dtype=np.int16), n_own=1)
    cells = compute_density(x, y, EXTENT, groups, np.arange(5000), group_labels=["A"])
    expected, _, _ = np.histogram2d(x, y, bins=(N_COLUMNS, N_ROWS), range=((0, N_COLUMNS), (0, N_ROWS)))
    assert sorted(cells["n_rows"]) == sorted(expected[expected > 0].astype(int))
    by_count = cells.groupby("n_rows")["strength"].first()
    assert by_count.is_monotonic_increasing
    assert 0 < by_count.min() < by_count.max() == 1
