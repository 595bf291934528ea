"""How far the probabilities of a model can be trusted: reliability, and scores with and without a temperature."""

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.analysis.rates import wilson_interval
from core.analysis.results import Count, Result, Share, read_result
from core.analysis.temperature import FittedTemperature, mean_log_loss, with_temperature
from core.artifacts.run import Run
from core.artifacts.schema import CALIBRATION, ModelName, Origin, Split, Stage

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]
N_BINS = 15


class CalibrationBin(Result):
    """The rows whose confidence is at least `low` and below `high`, in the last bin also 1; `confidence` is their mean.

    It is None in a bin without rows.
    """

    low: Share
    high: Share
    n_rows: Count
    n_right: Count
    confidence: Share | None

    @property
    def accuracy(self) -> float | None:
        """Return the share of right answers, in [0, 1]; None without rows."""
        return self.n_right / self.n_rows if self.n_rows else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95% Wilson score interval of the accuracy; None without rows."""
        return wilson_interval(self.n_right, self.n_rows) if self.n_rows else None


class CalibrationScores(Result):
    """How well some probabilities fit what happened; 0 is perfect in all but `mean_confidence`.

    `ece` rests on bins of equal width, `ece_equal_mass` on bins with equally many rows; both are shares in [0, 1].
    `brier` is in [0, 2], `log_loss` in nats.
    """

    mean_confidence: Share
    ece: Share
    ece_equal_mass: Share
    brier: Annotated[float, Field(ge=0, le=2)]
    log_loss: Annotated[float, Field(ge=0)]


class SplitCalibration(Result):
    """One model on rows of one split; `after` is the same with its temperature, None without one."""

    split: Split
    origin: Origin
    n_rows: Annotated[int, Field(ge=1)]
    n_right: Count
    before: CalibrationScores
    after: CalibrationScores | None
    bins: tuple[CalibrationBin, ...]

    @property
    def accuracy(self) -> float:
        """Return the share of right answers, which no temperature changes."""
        return self.n_right / self.n_rows

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95% Wilson score interval of the accuracy."""
        return wilson_interval(self.n_right, self.n_rows)


class ModelCalibration(Result):
    """One model; `temperature` is None where there is no validation split to fit it on."""

    model: ModelName
    temperature: FittedTemperature | None
    splits: tuple[SplitCalibration, ...]


class RunCalibration(Result):
    """The calibration of the models of a run on the splits that they were not fitted on."""

    models: Annotated[tuple[ModelCalibration, ...], Field(min_length=1)]

    def temperature(self, model: ModelName) -> FittedTemperature | None:
        """Return the temperature of a model; None if it has none."""
        return next((found.temperature for found in self.models if found.model == model), None)


def read_calibration(run: Run) -> RunCalibration:
    """Read a run's calibration.

    Raises:
        ArtifactError: If it is missing or does not fit the schema.
    """
    return read_result(run, CALIBRATION, Stage.CALIBRATION, RunCalibration)


def calibrated_models(models: tuple[ModelName, ...]) -> tuple[ModelName, ...]:
    """Return the models whose confidence says something: not the one that is equally sure of every row."""
    return tuple(model for model in models if model is not ModelName.DUMMY)


def compute_calibration(
    y_true: IntArray,
    y_pred: IntArray,
    probs: FloatArray,
    *,
    split: Split,
    origin: Origin,
    temperature: float | None,
) -> SplitCalibration:
    """Return how far the probabilities of one model can be trusted, as they are and with its temperature.

    Args:
        y_true: True labels, shape (n,), at least one.
        y_pred: Predicted labels, shape (n,).
        probs: Class probabilities, shape (n, classes).
        split: Which split, recorded in the result.
        origin: How the predictions relate to the fitted data, recorded in the result.
        temperature: That of the model, None without one.

    Raises:
        ValueError: If the shapes differ or there is no row.
    """
    n_rows = len(y_true)
    if n_rows == 0 or y_pred.shape != (n_rows,) or probs.ndim != 2 or len(probs) != n_rows:
        raise ValueError(
            f"shapes are y_true {y_true.shape}, y_pred {y_pred.shape}, probs {probs.shape}, expected (n,), (n,) and"
            " (n, classes) with at least one row"
        )
    exact = probs.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    confidence = probs[np.arange(n_rows), y_pred].astype(np.float64)
    correct = y_true == y_pred
    return SplitCalibration(
        split=split,
        origin=origin,
        n_rows=n_rows,
        n_right=int(correct.sum()),
        before=_scores(y_true, confidence, correct, exact),
        after=None if temperature is None else _tempered_scores(y_true, y_pred, exact, temperature),
        bins=reliability_bins(confidence, correct),
    )


def reliability_bins(
    confidence: FloatArray, correct: npt.NDArray[np.bool_], *, n_bins: int = N_BINS
) -> tuple[CalibrationBin, ...]:
    """Return bins of equal width over [0, 1], those without rows included; 1.0 belongs to the last.

    Args:
        confidence: Probability of the predicted class per row, shape (n,), in [0, 1].
        correct: Whether the prediction equals the label, shape (n,).
        n_bins: Number of bins.
    """
    edges = np.linspace(0, 1, n_bins + 1)
    place = equal_width_bins(confidence, n_bins=n_bins)
    n_rows = np.bincount(place, minlength=n_bins)
    n_right = np.bincount(place[correct], minlength=n_bins)
    total = np.bincount(place, weights=confidence, minlength=n_bins)
    return tuple(
        CalibrationBin(
            low=float(edges[i]),
            high=float(edges[i + 1]),
            n_rows=int(n_rows[i]),
            n_right=int(n_right[i]),
            confidence=min(1.0, float(total[i] / n_rows[i])) if n_rows[i] else None,
        )
        for i in range(n_bins)
    )


def equal_width_bins(confidence: FloatArray, *, n_bins: int = N_BINS) -> npt.NDArray[np.intp]:
    """Return the bin of each confidence, shape (n,): bin i holds [i, i + 1) / n_bins, the last one also 1.0."""
    edges = np.linspace(0, 1, n_bins + 1)
    place: npt.NDArray[np.intp] = np.clip(np.searchsorted(edges, confidence, side="right") - 1, 0, n_bins - 1)
    return place


def equal_mass_bins(confidence: FloatArray, *, n_bins: int = N_BINS) -> npt.NDArray[np.intp]:
    """Return the bin of each confidence, shape (n,): about n / n_bins rows each, equal confidences never apart."""
    ranked = np.sort(confidence)
    firsts = np.arange(1, n_bins) * len(ranked) // n_bins
    edges = np.unique(ranked[firsts])
    place: npt.NDArray[np.intp] = np.searchsorted(edges, confidence, side="right")
    return place


def expected_calibration_error(
    confidence: FloatArray, correct: npt.NDArray[np.bool_], bins: npt.NDArray[np.intp]
) -> float:
    """Return the mean, weighted by rows, of |accuracy − mean confidence| over the bins, a share in [0, 1].

    Args:
        confidence: Probability of the predicted class per row, shape (n,), in [0, 1].
        correct: Whether the prediction equals the label, shape (n,).
        bins: Bin of each row, shape (n,).

    Raises:
        ValueError: If the shapes differ or there is no row.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 3.
    """
    if len(confidence) == 0 or confidence.shape != correct.shape or confidence.shape != bins.shape:
        raise ValueError(
            f"shapes are confidence {confidence.shape}, correct {correct.shape}, bins {bins.shape}, expected the same"
            " with at least one row"
        )
    difference = np.bincount(bins, weights=correct.astype(np.float64) - confidence)
    return min(1.0, float(np.abs(difference).sum() / len(confidence)))


def brier_score(y_true: IntArray, probs: FloatArray) -> float:
    """Return the mean over the rows of Σₖ (pₖ − [k is the label])², in [0, 2].

    Args:
        y_true: True labels, shape (n,).
        probs: Class probabilities, shape (n, classes).

    Source: Brier 1950, "Verification of forecasts expressed in terms of probability", eq. 2.
    """
    of_label = probs[np.arange(len(probs)), y_true]
    return float(np.mean((probs**2).sum(axis=1) - 2 * of_label + 1).clip(0, 2))


def _tempered_scores(
    y_true: IntArray, y_pred: IntArray, probs: npt.NDArray[np.float64], temperature: float
) -> CalibrationScores:
    tempered = with_temperature(probs, temperature)
    return _scores(y_true, tempered[np.arange(len(tempered)), y_pred], y_true == y_pred, tempered)


def _scores(
    y_true: IntArray,
    confidence: npt.NDArray[np.float64],
    correct: npt.NDArray[np.bool_],
    probs: npt.NDArray[np.float64],
) -> CalibrationScores:
    return CalibrationScores(
        mean_confidence=min(1.0, float(confidence.mean())),
        ece=expected_calibration_error(confidence, correct, equal_width_bins(confidence)),
        ece_equal_mass=expected_calibration_error(confidence, correct, equal_mass_bins(confidence)),
        brier=brier_score(y_true, probs),
        log_loss=mean_log_loss(y_true, probs),
    )
