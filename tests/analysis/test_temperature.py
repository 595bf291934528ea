"""One temperature per model: that which made the labels is found again, and it never makes things worse."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from core.analysis.temperature import TEMPERATURES, fit_temperature, mean_log_loss, with_temperature


def labels_of(logits: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Draw a label for each row from softmax(logits)."""
    rng = np.random.default_rng(seed)
    return np.array([rng.choice(len(row), p=row) for row in softmax(logits, axis=1)])


@pytest.fixture(scope="module")
def logits() -> np.ndarray:
    return np.random.default_rng(1).normal(scale=2, size=(6000, 5))


@pytest.mark.parametrize("temperature", [0.5, 2.5])
def test_known_temperature_is_recovered(logits, temperature):
    y_true = labels_of(logits)
    fitted = fit_temperature(y_true, softmax(logits * temperature, axis=1).astype(np.float32))
    assert fitted.temperature == pytest.approx(temperature, rel=0.04)
    assert fitted.log_loss_after < fitted.log_loss_before
    assert fitted.log_loss_after == pytest.approx(
        -log_softmax(logits * temperature / fitted.temperature, axis=1)[np.arange(6000), y_true].mean(), abs=1e-5
    )


def test_tempered_probabilities_are_the_softmax_of_divided_logits(logits):
    tempered = with_temperature(softmax(logits, axis=1), 3.0)
    np.testing.assert_allclose(tempered, softmax(logits / 3, axis=1), rtol=1e-9)
    assert (tempered.argmax(axis=1) == logits.argmax(axis=1)).all()


def test_log_loss_of_the_fitted_rows_is_never_worse():
    rng = np.random.default_rng(5)
    for n_rows in (1, 3, 40):
        probs = rng.dirichlet(np.full(3, 0.5), n_rows)
        y_true = rng.integers(0, 3, n_rows)
        fitted = fit_temperature(y_true, probs)
        tempered = mean_log_loss(y_true, with_temperature(probs, fitted.temperature))
        assert tempered <= mean_log_loss(y_true, with_temperature(probs, 1.0)) + 1e-12


def test_model_that_no_temperature_changes_keeps_its_own():
    fitted = fit_temperature(np.array([0, 1, 1]), np.full((3, 2), 0.5))
    assert (fitted.temperature, fitted.log_loss_before, fitted.log_loss_after) == (1, np.log(2), np.log(2))


def test_probabilities_of_zero_and_one_are_not_the_end_of_it():
    probs = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    assert with_temperature(probs, 2.0) == pytest.approx(probs, abs=1e-15)
    fitted = fit_temperature(np.array([0, 1, 1]), probs)
    assert TEMPERATURES[0] <= fitted.temperature <= TEMPERATURES[1]
    assert np.isfinite(fitted.log_loss_after)


def test_no_row_to_fit_on_is_refused():
    with pytest.raises(ValueError, match="expected a validation split"):
        fit_temperature(np.array([], dtype=int), np.empty((0, 2)))
