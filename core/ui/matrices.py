"""Confusion matrices side by side."""

from functools import partial

import streamlit as st

from core.analysis.confusions import most_confused_classes
from core.analysis.metrics import SplitMetrics
from core.charts.confusion import Normalise, make_confusion_chart
from core.charts.figures import make_confusion_figure
from core.charts.labels import MODEL_LABELS, basis_of
from core.charts.palette import INK_OF_THE_PAGE
from core.ui.downloads import show_chart_downloads

_FOCUS_ABOVE = 30
_FOCUS = f"{_FOCUS_ABOVE} most confused"
_ALL = "all"
_SIDE_BY_SIDE_UP_TO = 18


def show_confusion_matrices(
    models: list[SplitMetrics], *, normalise: Normalise, order: list[int], run_name: str
) -> None:
    """Show the confusion matrix of each model, all with the same classes and the same colour scale."""
    shown = _pick_classes(models, order)
    max_count = max(int(m.confusion_array.max()) for m in models)
    side_by_side = len(shown) <= _SIDE_BY_SIDE_UP_TO
    places = st.columns(len(models), gap="medium") if side_by_side else [st.container() for _ in models]
    for place, metrics in zip(places, models, strict=True):
        with place:
            st.markdown(f"**{MODEL_LABELS[metrics.model]}**")
            st.caption(basis_of(metrics))
            chart = make_confusion_chart(
                metrics.confusion_array,
                [c.name for c in metrics.per_class],
                normalise=normalise,
                order=shown,
                max_count=max_count,
                stretch=True,
                ink=INK_OF_THE_PAGE,
            )
            st.altair_chart(
                chart,
                width="stretch",
                key=f"confusion_{metrics.model}",
                alt=f"Confusion matrix of {MODEL_LABELS[metrics.model]}, {normalise}",
            )
            show_chart_downloads(
                partial(make_confusion_figure, metrics, run_name=run_name, normalise=normalise, order=shown),
                stem=f"{run_name}_confusion_{metrics.split}_{metrics.model}_{normalise.name.lower()}",
            )
    st.caption(
        "Rows are the truth, columns the prediction. Blue: right, orange: wrong; the stronger the colour, the larger"
        " the number (square-root scale, the same in every matrix here). Point at a cell for its counts and shares."
    )


def _pick_classes(models: list[SplitMetrics], order: list[int]) -> list[int]:
    """Return the classes to draw, in order; above 30 classes the reader chooses between the most confused and all."""
    if len(order) <= _FOCUS_ABOVE:
        return order
    chosen = st.segmented_control(
        "Classes shown",
        [_FOCUS, _ALL],
        default=_FOCUS,
        required=True,
        key="shown",
        bind="query-params",
        help="Most confused: the classes with the most mistakes, as truth or as prediction, of the models shown. Shares"
        " are always of all rows.",
    )
    if chosen == _ALL:
        return order
    kept = set(most_confused_classes(models, limit=_FOCUS_ABOVE))
    return [k for k in order if k in kept]
