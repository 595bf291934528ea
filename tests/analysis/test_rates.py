import pytest
from scipy.stats import binomtest

from core.analysis.rates import wilson_interval


@pytest.mark.parametrize(("n_hits", "n_rows"), [(0, 1), (1, 1), (1, 2), (3, 10), (310, 400), (0, 500), (500, 500)])
def test_interval_is_that_of_scipy(n_hits, n_rows):
    ends = binomtest(n_hits, n_rows).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(n_hits, n_rows) == pytest.approx((ends.low, ends.high), abs=1e-12)


@pytest.mark.parametrize(("n_hits", "n_rows"), [(0, 0), (2, 1), (-1, 3)])
def test_no_part_of_any_row_is_refused(n_hits, n_rows):
    with pytest.raises(ValueError, match="expected a part of at least one row"):
        wilson_interval(n_hits, n_rows)
