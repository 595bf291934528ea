import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import confint_proportions_2indep

from core.analysis.rates import difference_interval, paired_difference_interval, wilson_interval


@pytest.mark.parametrize(("n_hits", "n_rows"), [(0, 1), (1, 1), (1, 2), (3, 10), (310, 400), (0, 500), (500, 500)])
def test_interval_is_that_of_scipy(n_hits, n_rows):
    ends = binomtest(n_hits, n_rows).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(n_hits, n_rows) == pytest.approx((ends.low, ends.high), abs=1e-12)


@pytest.mark.parametrize(("n_hits", "n_rows"), [(0, 0), (2, 1), (-1, 3)])
def test_no_part_of_any_row_is_refused(n_hits, n_rows):
    with pytest.raises(ValueError, match="expected a part of at least one row"):
        wilson_interval(n_hits, n_rows)


@pytest.mark.parametrize("counts", [(12, 20, 72, 80), (0, 5, 80, 80), (7, 7, 0, 3), (1, 2, 1, 2)])
def test_interval_of_a_difference_is_that_of_statsmodels(counts):
    expected = confint_proportions_2indep(*counts, method="newcomb")
    assert difference_interval(*counts) == pytest.approx(expected, abs=1e-9)


def test_interval_of_a_paired_difference_by_hand():
    """11/102 − 4/102 ± 1.95996 √((15/102 − (7/102)²) / 102), and 0 ± 1.95996 √(2/3 / 3)."""
    assert paired_difference_interval(10, 3, 100) == pytest.approx((-0.00459, 0.14185), abs=1e-5)
    assert paired_difference_interval(0, 0, 1) == pytest.approx((-0.92394, 0.92394), abs=1e-5)
    with pytest.raises(ValueError, match="3 and 4 of 6 rows"):
        paired_difference_interval(3, 4, 6)
