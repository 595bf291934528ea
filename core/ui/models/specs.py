"""Finished charts of the Models page, kept per run, rows and options; what is chosen is laid over them afterwards."""

import streamlit as st

from core.analysis.confusions import Normalise
from core.analysis.metrics import SplitMetrics
from core.analysis.row_filter import RowFilter
from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.charts.confusion import make_confusion_chart, make_difference_chart
from core.charts.learning import make_loss_chart, make_validation_score_chart
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.per_class import Score, make_per_class_chart
from core.charts.specs import Spec, to_spec
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_selection_metrics, load_training_log
from core.ui.score_reads import load_scores

_KEPT = 64


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_confusion_spec(
    run: Run, scored: RowFilter, model: ModelName, *, normalise: Normalise, order: tuple[int, ...], max_count: int
) -> Spec:
    """Return the confusion matrix of a model on the rows of a filter."""
    (metrics,) = _measured(run, scored, (model,))
    chart = make_confusion_chart(
        metrics.confusion_array,
        [c.name for c in metrics.per_class],
        normalise=normalise,
        order=order,
        max_count=max_count,
        stretch=True,
        clickable=True,
        ink=INK_OF_THE_PAGE,
    )
    return to_spec(chart)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_difference_spec(
    run: Run, scored: RowFilter, models: tuple[ModelName, ModelName], *, normalise: Normalise, order: tuple[int, ...]
) -> Spec:
    """Return the confusion matrix of the second model minus that of the first, on the rows of a filter."""
    before, after = _measured(run, scored, models)
    chart = make_difference_chart(
        before.confusion_array,
        after.confusion_array,
        [c.name for c in after.per_class],
        normalise=normalise,
        order=order,
        stretch=True,
        clickable=True,
        ink=INK_OF_THE_PAGE,
    )
    return to_spec(chart)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_per_class_spec(
    run: Run,
    scored: RowFilter,
    models: tuple[ModelName, ...],
    *,
    score: Score,
    order: tuple[int, ...],
    with_intervals: bool,
) -> Spec:
    """Return the bars of a score per class of some models on the rows of a filter."""
    chart = make_per_class_chart(
        _measured(run, scored, models),
        score,
        scores=load_scores(run, scored) if with_intervals else {},
        order=order,
        stretch=True,
        clickable=True,
        ink=INK_OF_THE_PAGE,
    )
    return to_spec(chart)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_learning_specs(run: Run) -> tuple[Spec, Spec]:
    """Return the learning curves: loss, and scores on the validation split."""
    training_log = load_training_log(run)
    loss = make_loss_chart(training_log, stretch=True)
    return to_spec(loss), to_spec(make_validation_score_chart(training_log, stretch=True))


def _measured(run: Run, scored: RowFilter, models: tuple[ModelName, ...]) -> list[SplitMetrics]:
    by_model = {metrics.model: metrics for metrics in load_selection_metrics(run, scored)}
    return [by_model[model] for model in models]
