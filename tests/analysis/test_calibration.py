"""Reliability, calibration error and scores, by hand and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from core.analysis.calibration import (
    N_BINS,
    SplitCalibration,
    brier_score,
    compute_calibration,
    equal_mass_bins,
    equal_width_bins,
    expected_calibration_error,
    reliability_bins,
)
from core.analysis.temperature import mean_log_loss
from core.artifacts.schema import Origin, Split


def some_answers(n_rows: int = 500, n_classes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels, of which the last class is absent, answers and float32 probabilities."""
    rng = np.random.default_rng(3)
    probs = rng.dirichlet(np.full(n_classes, 0.4), n_rows).astype(np.float32)
    probs /= probs.sum(axis=1, keepdims=True)
    return rng.integers(0, n_classes - 1, n_rows), probs.argmax(axis=1), probs


def calibrate(y_true, y_pred, probs, *, temperature: float | None = None) -> SplitCalibration:
    return compute_calibration(y_true, y_pred, probs, split=Split.TEST, origin=Origin.HELD_OUT, temperature=temperature)


def test_error_worked_out_by_hand():
    confidence = np.array([0.6, 0.7, 0.9, 1.0])
    correct = np.array([True, False, True, True])
    # bins of width 1/2: all in the second one, accuracy 3/4, confidence 3.2/4
    assert expected_calibration_error(confidence, correct, equal_width_bins(confidence, n_bins=2)) == pytest.approx(
        0.05
    )
    # bins of width 1/4: {0.6, 0.7}: |1/2 − 0.65| · 2/4, {0.9, 1.0}: |1 − 0.95| · 2/4
    assert expected_calibration_error(confidence, correct, equal_width_bins(confidence, n_bins=4)) == pytest.approx(0.1)


def test_error_equals_a_loop_over_half_open_bins():
    y_true, y_pred, probs = some_answers()
    confidence, correct = probs.max(axis=1).astype(np.float64), y_true == y_pred
    expected = 0.0
    for i in range(15):
        inside = (confidence >= i / 15) & ((confidence < (i + 1) / 15) | (i == 14))
        if inside.any():
            expected += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    assert calibrate(y_true, y_pred, probs).before.ece == pytest.approx(expected, abs=1e-12)


def test_certainty_falls_in_the_last_bin_and_an_edge_in_the_upper_one():
    assert equal_width_bins(np.array([0.0, 0.4999, 0.5, 0.999, 1.0]), n_bins=2).tolist() == [0, 0, 1, 1, 1]
    last = reliability_bins(np.array([1.0, 1.0]), np.array([True, False]))[-1]
    assert (last.n_rows, last.n_right, last.confidence, last.accuracy) == (2, 1, 1.0, 0.5)
    assert last.interval == pytest.approx((0.0945, 0.9055), abs=1e-4)  # scipy's binomtest(1, 2), Wilson


def test_every_row_is_in_one_bin_and_empty_bins_say_so():
    y_true, y_pred, probs = some_answers()
    bins = calibrate(y_true, y_pred, probs).bins
    assert (len(bins), sum(found.n_rows for found in bins)) == (N_BINS, 500)
    assert sum(found.n_right for found in bins) == (y_true == y_pred).sum()
    assert (bins[0].n_rows, bins[0].confidence, bins[0].accuracy, bins[0].interval) == (0, None, None, None)


def test_bins_of_equal_mass_keep_equal_confidences_together():
    assert np.bincount(equal_mass_bins(np.linspace(0.1, 0.9, 30), n_bins=3)).tolist() == [10, 10, 10]
    confidence = np.array([0.5, 0.8, 0.8, 0.8, 0.8, 0.9])
    assert equal_mass_bins(confidence, n_bins=3).tolist() == [0, 1, 1, 1, 1, 1]
    assert set(equal_mass_bins(np.full(7, 0.8)).tolist()) == {1}
    assert len(set(equal_mass_bins(np.array([0.3, 0.6])).tolist())) == 2


def test_perfect_and_worst_models():
    y_true, sure = np.array([0, 1, 2]), np.eye(3)
    perfect, worst = calibrate(y_true, y_true, sure), calibrate(y_true, (y_true + 1) % 3, sure[(y_true + 1) % 3])
    assert (perfect.before.ece, perfect.before.ece_equal_mass, perfect.before.brier) == (0, 0, 0)
    assert (worst.before.ece, worst.before.ece_equal_mass, worst.before.brier) == (1, 1, 2)
    assert perfect.before.log_loss == pytest.approx(0, abs=1e-12)
    assert worst.before.log_loss == pytest.approx(-np.log(np.finfo(np.float64).eps))


@pytest.mark.parametrize("n_classes", [2, 4])
def test_scores_equal_those_of_scikit_learn(n_classes):
    y_true, _, probs = some_answers(n_classes=n_classes)
    exact = probs.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    labels = np.arange(n_classes)
    expected = brier_score_loss(y_true, exact, labels=labels, scale_by_half=False)
    assert brier_score(y_true, exact) == pytest.approx(expected, abs=1e-12)
    assert mean_log_loss(y_true, exact) == pytest.approx(log_loss(y_true, exact, labels=labels), abs=1e-12)


def test_temperature_changes_confidence_but_neither_rows_nor_answers():
    y_true, y_pred, probs = some_answers()
    plain, tempered = calibrate(y_true, y_pred, probs), calibrate(y_true, y_pred, probs, temperature=2.0)
    assert plain.after is None
    assert tempered.after is not None
    assert (tempered.before, tempered.bins, tempered.n_right) == (plain.before, plain.bins, plain.n_right)
    assert tempered.after.mean_confidence < plain.before.mean_confidence


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        calibrate(np.array([], dtype=int), np.array([], dtype=int), np.empty((0, 3)))
    with pytest.raises(ValueError, match="expected the same"):
        expected_calibration_error(np.array([0.5]), np.array([True, False]), np.array([0]))
