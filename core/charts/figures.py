"""The figures of a run as they are saved: each with a title, its basis, and a size of its own."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import altair as alt
import pandas as pd

from core.analysis.comparison import ModelScores
from core.analysis.confusions import Normalise
from core.analysis.metrics import RunMetrics, SplitMetrics
from core.artifacts.schema import ModelName, Split
from core.charts.confusion import make_confusion_chart, make_difference_chart
from core.charts.labels import MODEL_LABELS, basis_of
from core.charts.learning import make_loss_chart, make_validation_score_chart
from core.charts.per_class import Score, make_per_class_chart

_CELLS = {
    Normalise.COUNTS: "cells: rows",
    Normalise.BY_TRUTH: "cells: % of the true class",
    Normalise.BY_PREDICTION: "cells: % of the predicted class",
}
_CHANGES = {
    Normalise.COUNTS: "cells: rows",
    Normalise.BY_TRUTH: "cells: points of the share of the true class",
    Normalise.BY_PREDICTION: "cells: points of the share of the predicted class",
}


def make_figures(metrics: RunMetrics, *, run_name: str, split: Split = Split.TEST) -> dict[str, alt.LayerChart]:
    """Return the figures of one split by file stem: each model's confusion matrix, twice, and F1 per class."""
    models = [found for model in metrics.models if (found := metrics.get(model, split)) is not None]
    figures = {
        f"confusion_{split}_{found.model}_{normalise.name.lower()}": make_confusion_figure(
            found, run_name=run_name, normalise=normalise
        )
        for found in models
        for normalise in (Normalise.COUNTS, Normalise.BY_TRUTH)
    }
    if models:
        figures[f"per_class_f1_{split}"] = make_per_class_figure(models, run_name=run_name)
    return figures


def make_confusion_figure(
    metrics: SplitMetrics, *, run_name: str, normalise: Normalise, order: Sequence[int] | None = None
) -> alt.LayerChart:
    """Return one confusion matrix for a file; `order` as of `make_confusion_chart`."""
    return make_confusion_chart(
        metrics.confusion_array,
        [c.name for c in metrics.per_class],
        normalise=normalise,
        order=order,
        title=f"Confusion matrix: {MODEL_LABELS[metrics.model]}",
        subtitle=f"{basis_of(metrics, run_name=run_name)} · {_CELLS[normalise]}",
    )


def make_difference_figure(
    before: SplitMetrics,
    after: SplitMetrics,
    *,
    run_name: str,
    normalise: Normalise,
    order: Sequence[int] | None = None,
) -> alt.LayerChart:
    """Return the second confusion matrix minus the first for a file; `order` as of `make_confusion_chart`."""
    return make_difference_chart(
        before.confusion_array,
        after.confusion_array,
        [c.name for c in after.per_class],
        normalise=normalise,
        order=order,
        title=f"{MODEL_LABELS[after.model]} minus {MODEL_LABELS[before.model]}",
        subtitle=f"{basis_of(after, run_name=run_name)} · {_CHANGES[normalise]}",
    )


def make_per_class_figure(
    models: Sequence[SplitMetrics],
    score: Score = Score.F1,
    *,
    run_name: str,
    scores: Mapping[ModelName, ModelScores] = MappingProxyType({}),
    order: Sequence[int] | None = None,
) -> alt.LayerChart:
    """Return the bars of a score per class for a file."""
    return make_per_class_chart(
        models,
        score,
        scores=scores,
        order=order,
        title=f"{score[0].upper()}{score[1:]} per class",
        subtitle=basis_of(models[-1], run_name=run_name),
    )


def make_loss_figure(training_log: pd.DataFrame, *, run_name: str) -> alt.LayerChart:
    """Return the loss curves for a file."""
    return make_loss_chart(
        training_log, title="Loss while fine-tuning", subtitle=f"run {run_name} · train and validation split"
    )


def make_validation_score_figure(training_log: pd.DataFrame, *, run_name: str) -> alt.LayerChart:
    """Return the validation scores for a file."""
    return make_validation_score_chart(
        training_log, title="Scores while fine-tuning", subtitle=f"run {run_name} · validation split"
    )
