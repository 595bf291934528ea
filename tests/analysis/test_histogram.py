import numpy as np
import pytest

from core.analysis.histogram import MAX_BINS, Histogram, compute_histogram


def whole(values, *, counted=None, chosen=None) -> Histogram:
    values = np.asarray(values, dtype=np.float64)
    every = np.ones(len(values), dtype=bool)
    return compute_histogram(values, every if counted is None else counted, every if chosen is None else chosen)


def test_few_whole_numbers_have_a_bin_each():
    histogram = whole([3, 3, 4, 6])
    assert [(b.low, b.high, b.n_rows) for b in histogram.bins] == [(3, 3, 2), (4, 4, 1), (5, 5, 0), (6, 6, 1)]
    assert [(b.start, b.end) for b in histogram.bins] == [(3, 4), (4, 5), (5, 6), (6, 7)]
    assert (histogram.median, histogram.n_rows, histogram.is_whole) == (3.5, 4, True)


def test_wide_bins_begin_at_multiples_of_their_width():
    histogram = whole([7, 12, 299])  # (299 - 7) / 38 = 7.7, so 10 wide
    assert [(b.low, b.high) for b in histogram.bins[:2]] == [(0, 9), (10, 19)]
    assert (histogram.bins[-1].low, histogram.bins[-1].high) == (290, 299)
    assert len(histogram.bins) == 30


def test_a_long_tail_goes_into_an_open_bin():
    values = np.concatenate([np.arange(1000) % 20, [500]])
    histogram = whole(values)
    last = histogram.bins[-1]
    assert (last.low, last.high, last.is_open, last.n_rows) == (20, None, True, 1)
    assert histogram.bins[-2].high == 19
    assert sum(b.n_rows for b in histogram.bins) == 1001


@pytest.mark.parametrize("seed", range(6))
def test_the_range_of_a_bin_selects_just_its_rows(seed):
    rng = np.random.default_rng(seed)
    values = [
        rng.integers(0, 70, 500).astype(float),
        rng.lognormal(4, 1.5, 500).round(),
        rng.normal(size=500),
        rng.lognormal(0, 2, 500),
        np.round(rng.random(500), 1),
        np.r_[rng.random(499), np.nan],
    ][seed]
    counted = rng.random(500) < 0.6
    histogram = compute_histogram(values, counted, counted)
    assert 0 < len(histogram.bins) <= MAX_BINS
    for b in histogram.bins:
        selected = counted & (values >= b.low) & (b.is_open | (values <= (np.inf if b.high is None else b.high)))
        assert int(selected.sum()) == b.n_rows, b
        assert float(f"{b.low:.10g}") == b.low
    assert sum(b.n_rows for b in histogram.bins) == int((counted & np.isfinite(values)).sum())


def test_bins_stay_when_fewer_rows_are_counted():
    values = np.arange(100.0)
    few = compute_histogram(values, values < 10, values < 5)
    assert [(b.low, b.high) for b in few.bins] == [(b.low, b.high) for b in whole(values).bins]
    assert (sum(b.n_rows for b in few.bins), sum(b.n_chosen for b in few.bins)) == (10, 5)
    assert (few.median, few.n_rows) == (4.5, 10)


def test_a_range_across_a_bin_chooses_part_of_it():
    values = np.arange(100.0)  # bins of 3
    histogram = compute_histogram(values, values >= 0, values >= 4)
    assert [(b.low, b.high, b.n_rows, b.n_chosen) for b in histogram.bins[:3]] == [
        (0, 2, 3, 0),
        (3, 5, 3, 2),
        (6, 8, 3, 3),
    ]


def test_values_between_whole_numbers_have_round_edges():
    histogram = whole([0.0, 0.26, 1.0])  # 1 / 38 = 0.026, so 0.03 wide
    assert not histogram.is_whole
    assert [round(b.start, 10) for b in histogram.bins[:3]] == [0, 0.03, 0.06]
    assert (histogram.bins[0].low, histogram.bins[0].high) == (0, 0)


def test_missing_values_are_told():
    histogram = whole([1, np.nan, 2])
    assert (histogram.n_rows, histogram.n_missing, histogram.median) == (3, 1, 1.5)


def test_nothing_to_count():
    assert whole([np.nan]).bins == ()
    nobody = compute_histogram(np.array([1.0, 2.0]), np.zeros(2, dtype=bool), np.zeros(2, dtype=bool))
    assert [b.n_rows for b in nobody.bins] == [0, 0]
    assert nobody.median is None


def test_one_value_has_one_bin():
    assert [(b.low, b.high, b.n_rows) for b in whole([9, 9]).bins] == [(9, 9, 2)]


@pytest.mark.parametrize(
    "values",
    [
        [1e300] * 3,
        [-1e300, 0.0, 1e300],
        [-1.7e308, 1.7e308],
        [5e-324, 1e-310, 0.5],
        [2.0**60 + 4096 * i for i in range(20)],
        [1e16, np.inf, -np.inf, 3.0],
        [*range(100), 1e200],
    ],
)
def test_very_large_and_very_small_numbers_are_counted_and_ranges_find_them(values):
    histogram = whole(values)
    finite = [value for value in values if np.isfinite(value)]
    assert sum(b.n_rows for b in histogram.bins) == len(finite)
    assert len(histogram.bins) <= 41
    for b in histogram.bins:
        assert b.n_rows == sum(b.low <= value and (b.high is None or value <= b.high) for value in finite)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"shapes are \(2,\), \(3,\) and \(2,\)"):
        compute_histogram(np.zeros(2), np.ones(3, dtype=bool), np.ones(2, dtype=bool))
