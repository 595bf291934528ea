"""What a model is right about when texts that it is unsure of are left to a person."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.rates import HitRate

FloatArray = npt.NDArray[np.floating]
BoolArray = npt.NDArray[np.bool_]
_FEWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCurve:
    """Accuracy against coverage, one point for each confidence that occurs, surest first; arrays of shape (points,).

    At point i the rows with a confidence of at least `threshold[i]` are answered: `n_kept[i]` of all `n_rows`, of which
    `n_right[i]` rightly.
    """

    n_rows: int
    threshold: npt.NDArray[np.float64]
    n_kept: npt.NDArray[np.int64]
    n_right: npt.NDArray[np.int64]

    @property
    def coverage(self) -> npt.NDArray[np.float64]:
        """Return the share of rows that are answered, ascending, the last one 1."""
        coverage: npt.NDArray[np.float64] = self.n_kept / self.n_rows
        return coverage

    @property
    def accuracy(self) -> npt.NDArray[np.float64]:
        """Return the share of right answers among those given, in [0, 1]."""
        accuracy: npt.NDArray[np.float64] = self.n_right / self.n_kept
        return accuracy

    @property
    def area(self) -> float:
        """Return the mean accuracy over all coverages, in [0, 1].

        Rows of one confidence are answered together: each counts with the accuracy of their point.

        Source: 1 − area is AURC of Geifman, Uziel & El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural
        Classifiers", eq. 2, where no two confidences are equal.
        """
        return float((np.diff(self.n_kept, prepend=0) * self.accuracy).sum() / self.n_rows)

    def at(self, threshold: float) -> "Handover":
        """Return both sides at a threshold."""
        place = int(np.searchsorted(-self.threshold, -threshold, side="right")) - 1
        kept, right = (int(self.n_kept[place]), int(self.n_right[place])) if place >= 0 else (0, 0)
        return Handover(
            threshold=threshold,
            kept=HitRate(n_rows=kept, n_right=right),
            left=HitRate(n_rows=self.n_rows - kept, n_right=int(self.n_right[-1]) - right),
        )

    def thinned(self, n_points: int) -> npt.NDArray[np.intp]:
        """Return at most so many points, as indices, about evenly over the coverage, the last one among them.

        Left out are those of fewer than 20 rows, whose accuracy jumps up and down by chance.
        """
        first = int(np.searchsorted(self.n_kept, min(_FEWEST, self.n_rows)))
        if len(self.n_kept) - first <= n_points:
            return np.arange(first, len(self.n_kept))
        wanted = np.linspace(self.n_kept[first], self.n_rows, n_points)
        return np.unique(np.searchsorted(self.n_kept, wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """The model answers rows whose confidence is at least `threshold` (`kept`), a person those that are `left`."""

    threshold: float
    kept: HitRate
    left: HitRate

    @property
    def coverage(self) -> float:
        """Return the share of rows that the model answers, in [0, 1]."""
        return self.kept.n_rows / (self.kept.n_rows + self.left.n_rows)


def compute_coverage(confidence: FloatArray, correct: BoolArray) -> CoverageCurve:
    """Return accuracy against coverage for all thresholds of the confidence.

    Args:
        confidence: Probability of the predicted class per row, shape (n,), in [0, 1].
        correct: Whether the prediction equals the label, shape (n,).

    Raises:
        ValueError: If the shapes differ or there is no row.
    """
    if len(confidence) == 0 or confidence.shape != correct.shape:
        raise ValueError(
            f"shapes are confidence {confidence.shape}, correct {correct.shape}, expected the same with a row or more"
        )
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order].astype(np.float64)
    last_of_equal = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    return CoverageCurve(
        n_rows=len(ranked),
        threshold=ranked[last_of_equal],
        n_kept=(last_of_equal + 1).astype(np.int64),
        n_right=np.cumsum(correct[order])[last_of_equal].astype(np.int64),
    )
