"""How often each combination of label and answers occurs, and the scores that depend on nothing else.

Resampling rows changes only these counts, so a resample costs as much as there are combinations instead of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer[Any]]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCounts:
    """Combinations of a label and one answer per model that occur, c of them.

    `label` has the shape (c,), `answers` (models, c), `n_rows` (c,) and no zero.
    """

    label: IntArray
    answers: IntArray
    n_rows: IntArray
    n_classes: int

    def of_class(self, amounts: FloatArray, classes: IntArray) -> FloatArray:
        """Return amounts per combination, shape (r, m), summed by the class of each, shape (m,), as (r, classes)."""
        from scipy.sparse import csr_array  # a moment to import, and pages mostly read what was computed

        one_each = (np.ones(len(classes)), classes, np.arange(len(classes) + 1))
        sums: FloatArray = amounts @ csr_array(one_each, shape=(len(classes), self.n_classes))
        return sums

    def tally(self, model: int, n_rows: IntArray | None = None) -> "Tally":
        """Return the counts per class of one model.

        Args:
            model: Position of the model.
            n_rows: Rows of each combination, shape (r, c), one line per resample; as counted when None, so r is 1.
        """
        drawn = (self.n_rows[None, :] if n_rows is None else n_rows).astype(np.float64)
        pred = self.answers[model]
        hit = np.flatnonzero(pred == self.label)
        return Tally(
            support=self.of_class(drawn, self.label),
            n_predicted=self.of_class(drawn, pred),
            hits=self.of_class(drawn[:, hit], self.label[hit]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rows, answers and right answers of each class in each of r samples, all of shape (r, classes).

    Shares are in [0, 1], NaN where one is not defined; those of all classes have the shape (r,).
    """

    support: FloatArray
    n_predicted: FloatArray
    hits: FloatArray

    @property
    def precision(self) -> FloatArray:
        """Return the precision of each class."""
        return _ratio(self.hits, self.n_predicted)

    @property
    def recall(self) -> FloatArray:
        """Return the recall of each class."""
        return _ratio(self.hits, self.support)

    @property
    def f1(self) -> FloatArray:
        """Return the F1 of each class."""
        return _ratio(2 * self.hits, self.support + self.n_predicted)

    @property
    def accuracy(self) -> FloatArray:
        """Return the share of right answers."""
        accuracy: FloatArray = self.hits.sum(axis=1) / self.support.sum(axis=1)
        return accuracy

    @property
    def macro_f1(self) -> FloatArray:
        """Return the mean F1 of the classes that have a row or an answer."""
        is_defined = self.support + self.n_predicted > 0
        macro: FloatArray = np.nan_to_num(self.f1).sum(axis=1) / is_defined.sum(axis=1)
        return macro

    @property
    def weighted_f1(self) -> FloatArray:
        """Return the mean F1 weighted by support."""
        weighted: FloatArray = (np.nan_to_num(self.f1) * self.support).sum(axis=1) / self.support.sum(axis=1)
        return weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """How much one more row of each combination moves a score, up to a factor; zero on average over the rows.

    The overall scores have the shape (c,), `f1` (c, classes).

    Source: Efron & Tibshirani 1993, "An Introduction to the Bootstrap", ch. 21 (infinitesimal jackknife).
    """

    accuracy: FloatArray
    macro_f1: FloatArray
    weighted_f1: FloatArray
    f1: FloatArray


def count_answers(y_true: IntArray, answers: Sequence[IntArray], *, n_classes: int) -> AnswerCounts:
    """Return how often each combination of label and answers occurs.

    Args:
        y_true: True labels, shape (n,), in [0, n_classes).
        answers: Predicted labels of each model, each of shape (n,), likewise.
        n_classes: Number of classes.

    Raises:
        ValueError: If there is no row, the shapes differ, or a number names no class.
    """
    if len(y_true) == 0 or any(pred.shape != y_true.shape for pred in answers):
        shapes = [pred.shape for pred in answers]
        raise ValueError(f"shapes are y_true {y_true.shape}, answers {shapes}, expected one (n,) for all, n > 0")
    code = np.zeros(len(y_true), dtype=np.int64)
    for values in (y_true, *answers):
        if values.min() < 0 or values.max() >= n_classes:
            raise ValueError(f"there are classes {values.min()}…{values.max()}, expected 0…{n_classes - 1}")
        code = code * n_classes + values
    found, n_rows = np.unique(code, return_counts=True)
    label, *predicted = np.unravel_index(found, (n_classes,) * (len(answers) + 1))
    return AnswerCounts(label=label, answers=np.stack(predicted), n_rows=n_rows, n_classes=n_classes)


def influence_of(counts: AnswerCounts, model: int) -> Influence:
    """Return how much each combination moves the scores of one model."""
    tally = counts.tally(model)
    classes = np.eye(counts.n_classes)
    of_label, of_pred = classes[counts.label], classes[counts.answers[model]]
    is_hit = counts.answers[model] == counts.label
    f1, support = np.nan_to_num(tally.f1[0]), tally.support[0]
    total = support + tally.n_predicted[0]
    moved = _ratio(2 * of_label * is_hit[:, None] - f1 * (of_label + of_pred), np.broadcast_to(total, of_label.shape))
    of_f1 = np.nan_to_num(moved)
    return Influence(
        accuracy=is_hit - tally.accuracy[0],
        macro_f1=of_f1.sum(axis=1) / max(1, int((total > 0).sum())),
        weighted_f1=of_f1 @ support + f1[counts.label] - tally.weighted_f1[0],
        f1=of_f1,
    )


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    ratio: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return ratio
