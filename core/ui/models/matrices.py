"""Confusion matrices, side by side or as their difference; a click on a cell chooses its rows."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.analysis.confusions import Normalise, most_confused_classes
from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName
from core.charts.figures import make_confusion_figure, make_difference_figure
from core.charts.labels import MODEL_LABELS, basis_of, short_labels
from core.charts.matrix import CHOSEN, Chosen, outlines
from core.charts.picking import PICKED
from core.charts.specs import Spec, with_data
from core.ui.chart_downloads import show_chart_downloads
from core.ui.chart_place import chart_place
from core.ui.class_clicks import on_cell_click
from core.ui.filter.state import until_filter_changes
from core.ui.models.specs import load_confusion_spec, load_difference_spec
from core.ui.view import View

SIDE_BY_SIDE_UP_TO = 18
_FOCUS_ABOVE = 30
_FOCUS = f"{_FOCUS_ABOVE} most confused"
_ALL = "all"


def pick_classes(models: list[SplitMetrics], order: list[int]) -> list[int]:
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
        " and sums are always of all rows.",
    )
    if chosen == _ALL:
        return order
    kept = set(most_confused_classes(models, limit=_FOCUS_ABOVE))
    return [k for k in order if k in kept]


def show_confusion_matrix(
    view: View, metrics: SplitMetrics, *, normalise: Normalise, shown: Sequence[int], max_count: int
) -> None:
    """Show one model's matrix, with sums at its right and lower edge.

    Args:
        view: What the page looks at.
        metrics: Of the model, on the scored rows.
        normalise: What a cell says.
        shown: Classes to draw, in order.
        max_count: Count at which a colour is full; the same for all matrices that are compared.
    """
    model = metrics.model
    name = MODEL_LABELS[model]
    st.markdown(f"**{name}**")
    st.caption(basis_of(metrics))
    key = until_filter_changes(f"confusion_{model}")
    spec = load_confusion_spec(
        view.run, view.scored_filter, model, normalise=normalise, order=tuple(shown), max_count=max_count
    )
    chart_place(spec, key=f"place_of_{model}").vega_lite_chart(
        spec=_outlined(view, spec, shown, totals=True, model=model),
        width="stretch",
        key=key,
        on_select=on_cell_click(view, key, model),
        selection_mode=PICKED,
        alt=f"Confusion matrix of {name}, {normalise}",
    )
    show_chart_downloads(
        partial(make_confusion_figure, metrics, run_name=view.run.name, normalise=normalise, order=shown),
        stem=f"{view.run.name}_confusion_{metrics.split}_{model}_{normalise.name.lower()}",
    )


def show_difference_matrix(
    view: View, models: Sequence[SplitMetrics], *, normalise: Normalise, shown: Sequence[int]
) -> None:
    """Show the second model's matrix minus the first's; arguments as of `show_confusion_matrix`."""
    before, after = models
    title = f"{MODEL_LABELS[after.model]} minus {MODEL_LABELS[before.model].lower()}"
    st.markdown(f"**{title}**")
    unit = "rows" if normalise is Normalise.COUNTS else f"percentage points, {normalise}"
    st.caption(f"{unit} · {basis_of(after)}")
    key = until_filter_changes("confusion_difference")
    pair = (before.model, after.model)
    spec = load_difference_spec(view.run, view.scored_filter, pair, normalise=normalise, order=tuple(shown))
    chart_place(spec, key="place_of_difference").vega_lite_chart(
        spec=_outlined(view, spec, shown, totals=False, model=after.model),
        width="stretch",
        key=key,
        on_select=on_cell_click(view, key, after.model),
        selection_mode=PICKED,
        alt=f"{title}: difference of the confusion matrices, {normalise}",
    )
    show_chart_downloads(
        partial(make_difference_figure, before, after, run_name=view.run.name, normalise=normalise, order=shown),
        stem=f"{view.run.name}_confusion_{after.split}_difference_{before.model}_{normalise.name.lower()}",
    )


def explain_matrices(models: Sequence[SplitMetrics] | None) -> None:
    """Say how to read the matrices of these models, or, with None, their difference."""
    if models is None:
        st.caption(
            "Rows are the truth, columns the prediction. Blue: better, more right answers on the diagonal or fewer"
            " mistakes off it; orange: worse. The stronger the colour, the larger the change (square-root scale)."
        )
        return
    same = ", the same in every matrix here" if len(models) > 1 else ""
    st.caption(
        "Rows are the truth, columns the prediction. Blue: right, orange: wrong; the stronger the colour, the larger"
        f" the number (square-root scale{same}). Grey: sums, always numbers of rows."
    )


def largest_count(models: Sequence[SplitMetrics]) -> int:
    """Return the largest count of all matrices, at which colours are full."""
    return max(max(map(max, m.confusion)) for m in models)


def _outlined(view: View, spec: Spec, shown: Sequence[int], *, totals: bool, model: ModelName) -> Spec:
    is_other = bool(view.filter.predicted) and model is not view.model
    chosen = Chosen(true=view.filter.true, predicted=view.filter.predicted, is_other=is_other)
    return with_data(spec, CHOSEN, outlines(chosen, short_labels(view.rows.classes), shown, totals=totals))
