"""Metrics worked out by hand, shared by the tests of charts and pages."""

from collections.abc import Sequence

from core.analysis.metrics import ClassMetrics, SplitMetrics
from core.artifacts.schema import ModelName, Origin, Split


def metrics_of(
    confusion: Sequence[Sequence[int]],
    names: Sequence[str],
    *,
    model: ModelName = ModelName.FINETUNED,
    split: Split = Split.TEST,
    f1: Sequence[float | None] | None = None,
    macro_f1: float = 0.5,
) -> SplitMetrics:
    """Return metrics with the given confusion matrix; scores that a test does not state are placeholders."""
    n_classes = len(names)
    scores = f1 or [0.5] * n_classes
    return SplitMetrics(
        model=model,
        split=split,
        origin=Origin.HELD_OUT,
        n_rows=sum(map(sum, confusion)),
        accuracy=0.8625,
        balanced_accuracy=0.5,
        macro_f1=macro_f1,
        weighted_f1=0.5,
        log_loss=0.25,
        per_class=tuple(
            ClassMetrics(
                name=names[k],
                support=sum(confusion[k]),
                n_predicted=sum(row[k] for row in confusion),
                precision=0.5,
                recall=0.25,
                f1=scores[k],
            )
            for k in range(n_classes)
        ),
        confusion=tuple(tuple(row) for row in confusion),
    )
