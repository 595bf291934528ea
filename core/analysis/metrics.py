"""Classification metrics of one model on one split, and the file that holds those of a run."""

import math
from typing import Annotated, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from core.analysis.results import Count, Result, Share, read_result, remedy_for
from core.artifacts.run import Run
from core.artifacts.schema import METRICS, ModelName, Origin, Split, Stage
from core.errors import ArtifactError

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]


class ClassMetrics(Result):
    """One class of one model on one split.

    `precision` is None if the class was never predicted, `recall` if it has no row, `f1` if both.
    """

    name: str
    support: Count
    n_predicted: Count
    precision: Share | None
    recall: Share | None
    f1: Share | None


class SplitMetrics(Result):
    """One model on one split; shares in [0, 1], log loss in nats.

    `macro_f1` is the mean over the classes that have a row or a prediction, `weighted_f1` that weighted by support,
    `confusion[i][j]` the number of rows of true class i predicted as class j.
    """

    model: ModelName
    split: Split
    origin: Origin
    n_rows: Annotated[int, Field(ge=1)]
    accuracy: Share
    balanced_accuracy: Share
    macro_f1: Share
    weighted_f1: Share
    log_loss: Annotated[float, Field(ge=0)]
    per_class: Annotated[tuple[ClassMetrics, ...], Field(min_length=1)]
    confusion: tuple[tuple[Count, ...], ...]

    @model_validator(mode="after")
    def _check_counts(self) -> Self:
        """Refuse counts that contradict each other: the file may come from somebody else."""
        n_classes = len(self.per_class)
        if [len(row) for row in self.confusion] != [n_classes] * n_classes:
            raise ValueError(f"the confusion matrix is not {n_classes} × {n_classes}, as there are classes")
        if [c.support for c in self.per_class] != [sum(row) for row in self.confusion]:
            raise ValueError("the supports are not the row sums of the confusion matrix")
        if [c.n_predicted for c in self.per_class] != [sum(column) for column in zip(*self.confusion, strict=True)]:
            raise ValueError("the numbers of predictions are not the column sums of the confusion matrix")
        if self.n_rows != sum(map(sum, self.confusion)):
            raise ValueError("the confusion matrix does not count n_rows rows")
        return self

    @property
    def confusion_array(self) -> npt.NDArray[np.int64]:
        """Return the confusion matrix, int64 of shape (classes, classes), rows true, columns predicted."""
        return np.array(self.confusion, dtype=np.int64)


class RunMetrics(Result):
    """All metrics of a run; class order is that of the run."""

    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    metrics: Annotated[tuple[SplitMetrics, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_classes(self) -> Self:
        """Refuse metrics of other classes, and two of one model on one split."""
        if any(tuple(c.name for c in m.per_class) != self.classes for m in self.metrics):
            raise ValueError("per_class names other classes")
        if len({(m.model, m.split) for m in self.metrics}) < len(self.metrics):
            raise ValueError("a model has two entries for one split")
        return self

    def get(self, model: ModelName, split: Split) -> SplitMetrics | None:
        """Return the metrics of one model on one split, or None if they were not computed."""
        return next((m for m in self.metrics if m.model == model and m.split == split), None)

    @property
    def models(self) -> tuple[ModelName, ...]:
        """Return the models that have metrics, from the humblest to the best expected."""
        present = {m.model for m in self.metrics}
        return tuple(model for model in ModelName if model in present)


def compute_metrics(
    y_true: IntArray,
    y_pred: IntArray,
    probs: FloatArray,
    *,
    classes: tuple[str, ...],
    model: ModelName,
    split: Split,
    origin: Origin,
) -> SplitMetrics:
    """Return the metrics of one model on one split.

    Args:
        y_true: True labels, shape (n,), in [0, len(classes)).
        y_pred: Predicted labels, shape (n,), likewise.
        probs: Class probabilities, shape (n, len(classes)).
        classes: Class names in label order.
        model: Which model, recorded in the result.
        split: Which split, recorded in the result.
        origin: How the predictions relate to the fitted data, recorded in the result.

    Raises:
        ValueError: If the shapes differ, there is no row, or a label names no class.

    Source: log loss and the confusion matrix are scikit-learn's; balanced accuracy is the mean recall of the classes
    that have a row and F1 is 2·TP / (2·TP + FP + FN), which equal scikit-learn's wherever those are defined.
    """
    from sklearn.metrics import confusion_matrix  # a second to import, and most pages only read what was computed

    n_classes = len(classes)
    if len(y_true) == 0:
        raise ValueError("y_true has no rows, expected at least one")
    if y_true.ndim != 1 or y_pred.shape != y_true.shape or probs.shape != (len(y_true), n_classes):
        raise ValueError(
            f"shapes are y_true {y_true.shape}, y_pred {y_pred.shape}, probs {probs.shape}, expected (n,), (n,) and"
            f" (n, {n_classes})"
        )
    for name, values in (("y_true", y_true), ("y_pred", y_pred)):
        if values.min() < 0 or values.max() >= n_classes:
            raise ValueError(f"{name} holds {values.min()}…{values.max()}, expected classes in 0…{n_classes - 1}")
    labels = np.arange(n_classes)
    confusion = confusion_matrix(y_true, y_pred, labels=labels)
    support, n_predicted, hits = confusion.sum(axis=1), confusion.sum(axis=0), np.diag(confusion)
    per_class = tuple(
        ClassMetrics(
            name=name,
            support=int(support[k]),
            n_predicted=int(n_predicted[k]),
            precision=_share(hits[k], n_predicted[k]),
            recall=_share(hits[k], support[k]),
            f1=_share(2 * hits[k], support[k] + n_predicted[k]),
        )
        for k, name in enumerate(classes)
    )
    f1 = np.array([math.nan if c.f1 is None else c.f1 for c in per_class])
    return SplitMetrics(
        model=model,
        split=split,
        origin=origin,
        n_rows=len(y_true),
        accuracy=float(hits.sum() / len(y_true)),
        balanced_accuracy=float(np.mean([c.recall for c in per_class if c.recall is not None])),
        macro_f1=float(np.nanmean(f1)),
        weighted_f1=float(np.nansum(f1 * support) / support.sum()),
        log_loss=_log_loss(y_true, probs, labels),
        per_class=per_class,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def read_metrics(run: Run) -> RunMetrics:
    """Read a run's metrics.

    Raises:
        ArtifactError: If they are missing, do not fit the schema, or are about other classes than the run's.
    """
    metrics = read_result(run, METRICS, Stage.METRICS, RunMetrics)
    if metrics.classes != run.manifest.corpus.classes:
        raise ArtifactError(
            f"{run.root / METRICS} is about the classes {', '.join(metrics.classes)}, expected those of the run,"
            f" {', '.join(run.manifest.corpus.classes)}; {remedy_for(run, METRICS, Stage.METRICS)}"
        )
    return metrics


def _share(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None


def _log_loss(y_true: IntArray, probs: FloatArray, labels: IntArray) -> float:
    """Return the mean negative log probability of the true class, rows renormalised in float64."""
    from sklearn.metrics import log_loss

    exact = probs.astype(np.float64)
    return float(log_loss(y_true, exact / exact.sum(axis=1, keepdims=True), labels=labels))
