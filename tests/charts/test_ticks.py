import pytest

from core.charts.ticks import round_ticks


@pytest.mark.parametrize(
    ("low", "high", "n_at_most", "whole", "expected"),
    [
        (0, 1, 5, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 0.347, 5, False, [0, 0.1, 0.2, 0.3]),
        (0, 0.021, 5, False, [0, 0.005, 0.01, 0.015, 0.02]),
        (8.5, 60.5, 8, True, [10, 20, 30, 40, 50, 60]),
        (8.5, 9.5, 8, True, [9]),
        (-1.2, 1.2, 4, False, [-1, 0, 1]),
        (2**60, 2**60 + 5, 8, True, [2**60]),  # the same number to a float
        (-1.5e308, 1.5e308, 3, False, [-1e308, 0, 1e308]),
    ],
)
def test_round_ticks(low, high, n_at_most, whole, expected):
    assert round_ticks(float(low), float(high), n_at_most=n_at_most, whole=whole) == expected
