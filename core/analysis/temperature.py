"""One number per model that makes its probabilities humbler or bolder, fitted on the validation split."""

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.analysis.results import Result

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]
TEMPERATURES = (0.1, 10.0)
_LEAST = float(np.finfo(np.float32).tiny)
_LEAST_OF_LOG_LOSS = float(np.finfo(np.float64).eps)  # scikit-learn's


class FittedTemperature(Result):
    """What logits are divided by for the least log loss on the validation split; above 1 makes a model humbler."""

    temperature: Annotated[float, Field(ge=TEMPERATURES[0], le=TEMPERATURES[1])]
    n_rows: Annotated[int, Field(ge=1)]
    log_loss_before: Annotated[float, Field(ge=0)]
    log_loss_after: Annotated[float, Field(ge=0)]


def mean_log_loss(y_true: IntArray, probs: FloatArray) -> float:
    """Return the mean of −ln(probability of the label), in nats; the same as `sklearn.metrics.log_loss`.

    Args:
        y_true: True labels, shape (n,).
        probs: Class probabilities, shape (n, classes), float64, each row adding up to 1.
    """
    of_label = probs[np.arange(len(probs)), y_true]
    return float(-np.log(of_label.clip(_LEAST_OF_LOG_LOSS, 1 - _LEAST_OF_LOG_LOSS)).mean())


def with_temperature(probs: FloatArray, temperature: float) -> npt.NDArray[np.float64]:
    """Return softmax(ln p / temperature), shape (n, classes): the softmax of logits that are divided by it.

    Args:
        probs: Class probabilities, shape (n, classes); a probability of 0 counts as the least one of float32.
        temperature: Above 0; the most probable class stays so.
    """
    scaled = np.log(probs.astype(np.float64).clip(_LEAST, None)) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    tempered: npt.NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return tempered


def fit_temperature(y_true: IntArray, probs: FloatArray) -> FittedTemperature:
    """Return the temperature, between 0.1 and 10, with the least log loss; 1 if none is better.

    Args:
        y_true: True labels of the validation split, shape (n,), at least one.
        probs: Class probabilities there, shape (n, classes).

    Raises:
        ValueError: If there is no row.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2.
    """
    from scipy.optimize import minimize_scalar

    if len(y_true) == 0:
        raise ValueError("there is no row to fit a temperature on, expected a validation split")

    def log_loss_at(log_temperature: float) -> float:
        return mean_log_loss(y_true, with_temperature(probs, float(np.exp(log_temperature))))

    before = log_loss_at(0.0)
    found = minimize_scalar(log_loss_at, bounds=tuple(np.log(TEMPERATURES)), method="bounded")
    better = bool(found.fun < before)
    return FittedTemperature(
        temperature=float(np.exp(found.x).clip(*TEMPERATURES)) if better else 1.0,
        n_rows=len(y_true),
        log_loss_before=before,
        log_loss_after=float(found.fun) if better else before,
    )
