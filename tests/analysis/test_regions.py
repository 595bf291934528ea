"""A rectangle of the map against the rest."""

import numpy as np
import pytest

from core.analysis.rates import HitRate
from core.analysis.regions import compare_region

LABEL = np.array([0, 0, 1, 1, 1, 2])
RIGHT = np.array([True, False, True, True, False, True])
INSIDE = np.array([True, True, True, False, False, False])
EVERYWHERE = np.ones(6, dtype=bool)


def test_region_counts_rows_and_right_answers_per_class():
    region = compare_region(LABEL, RIGHT, inside=INSIDE, basis=EVERYWHERE)
    assert (region.inside.n_rows, region.inside.n_right) == (3, 2)
    assert (region.outside.n_rows, region.outside.n_right) == (3, 2)
    assert [(c.label, c.inside.n_rows, c.inside.n_right) for c in region.classes] == [(0, 2, 1), (1, 1, 1)]
    assert [(c.outside.n_rows, c.outside.share) for c in region.classes] == [(0, None), (2, 0.5)]


def test_region_without_model_counts_rows_only():
    region = compare_region(LABEL, None, inside=INSIDE, basis=EVERYWHERE)
    assert region.inside == HitRate(n_rows=3, n_right=None)
    assert (region.inside.share, region.inside.interval) == (None, None)


def test_empty_region():
    nothing = np.zeros(6, dtype=bool)
    region = compare_region(LABEL, RIGHT, inside=nothing, basis=EVERYWHERE)
    assert (region.inside.share, region.inside.interval, region.classes) == (None, None, ())


def test_interval_is_that_of_wilson():
    """For 8 of 10: center (0.8 + z²/20) / (1 + z²/10), half width z/(1 + z²/10)·√(0.016 + z²/400), z = 1.959964."""
    assert HitRate(n_rows=10, n_right=8).interval == pytest.approx((0.490162, 0.943318), abs=1e-5)


def test_rows_outside_of_the_basis_count_nowhere():
    region = compare_region(LABEL, RIGHT, inside=INSIDE, basis=np.array([True, True, True, True, False, False]))
    assert (region.outside.n_rows, region.outside.n_right) == (1, 1)


def test_rows_inside_that_are_none_of_the_basis_are_refused():
    with pytest.raises(ValueError, match="3 rows inside are none of the basis"):
        compare_region(LABEL, RIGHT, inside=INSIDE, basis=~INSIDE)
