"""Accuracy against coverage: five answers by hand, ties together, both sides of a threshold."""

import numpy as np
import pytest

from core.analysis.coverage import CoverageCurve, compute_coverage
from core.analysis.rates import HitRate

CONFIDENCE = np.array([0.6, 0.9, 0.8, 0.8, 0.5], dtype=np.float32)
CORRECT = np.array([False, True, True, False, True])


@pytest.fixture
def curve() -> CoverageCurve:
    return compute_coverage(CONFIDENCE, CORRECT)


def test_points_worked_out_by_hand(curve):
    assert curve.threshold.tolist() == pytest.approx([0.9, 0.8, 0.6, 0.5])
    assert curve.coverage.tolist() == [0.2, 0.6, 0.8, 1.0]
    assert curve.accuracy.tolist() == [1, 2 / 3, 2 / 4, 3 / 5]
    # each row with the accuracy of its point: 1 + 2 · 2/3 + 1/2 + 3/5, over five
    assert curve.area == pytest.approx((1 + 2 * 2 / 3 + 1 / 2 + 3 / 5) / 5)


def test_order_of_the_rows_does_not_matter(curve):
    turned = compute_coverage(CONFIDENCE[::-1], CORRECT[::-1])
    assert turned.area == curve.area
    assert turned.n_right.tolist() == curve.n_right.tolist()


def test_area_without_ties_is_the_mean_accuracy_of_the_surest_rows():
    rng = np.random.default_rng(0)
    confidence, correct = rng.permutation(np.linspace(0.2, 1, 50)), rng.random(50) < 0.7
    ranked = correct[np.argsort(-confidence)]
    expected = np.mean([ranked[: i + 1].mean() for i in range(50)])
    assert compute_coverage(confidence, correct).area == pytest.approx(expected)


@pytest.mark.parametrize("threshold", [0.0, 0.5, 0.6, 0.65, 0.8, 0.85, 0.95, 1.0])
def test_both_sides_of_a_threshold(curve, threshold):
    kept = CONFIDENCE.astype(np.float64) >= threshold
    sides = curve.at(threshold)
    assert sides.kept == HitRate(n_rows=int(kept.sum()), n_right=int(CORRECT[kept].sum()))
    assert sides.left == HitRate(n_rows=int((~kept).sum()), n_right=int(CORRECT[~kept].sum()))
    assert sides.coverage == kept.mean()


def test_nothing_answered_has_no_accuracy(curve):
    assert (curve.at(1.0).kept.share, curve.at(1.0).kept.interval) == (None, None)


def test_drawn_points_begin_with_twenty_rows_and_end_with_all():
    long = compute_coverage(np.linspace(0, 1, 1000), np.ones(1000, dtype=bool))
    drawn = long.thinned(50)
    assert (len(drawn), long.n_kept[drawn[0]], long.n_kept[drawn[-1]]) == (50, 20, 1000)
    assert compute_coverage(CONFIDENCE, CORRECT).thinned(50).tolist() == [3]


def test_no_row_is_refused():
    with pytest.raises(ValueError, match="a row or more"):
        compute_coverage(np.array([]), np.array([], dtype=bool))
