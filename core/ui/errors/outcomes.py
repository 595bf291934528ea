"""How many rows a model gets wrong, what fine-tuning changed about them, and in which classes they are."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.analysis.outcome_counts import ErrorOrder, OutcomeCounts
from core.analysis.row_filter import Outcome, RowFilter, baseline_and_tuned
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, SPLIT_LABELS
from core.charts.outcomes import make_outcome_chart
from core.charts.picking import PICKED
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.class_clicks import choose_classes, is_class, picked_point
from core.ui.errors.reads import load_outcome_chart, load_outcome_counts
from core.ui.filter.state import until_filter_changes
from core.ui.formatting import count, percent
from core.ui.view import View

_MANY = 12
_SCROLLED_HEIGHT = 260
_NUMBER_WIDTH = 102
_ORDER_KEY = "errors_order"


def show_outcomes(view: View, model: ModelName) -> None:
    """Show the mistakes on the scored rows in numbers and per class; nothing if there is no such row."""
    counts = load_outcome_counts(view.run, view.scored_filter, model)
    if counts.error_rate is None:
        return
    numbers, chart = st.columns([1, 1.4], gap="large")
    with numbers:
        _show_numbers(view, counts)
    with chart:
        _show_per_class(view, counts)


def basis(view: View, counts: OutcomeCounts) -> str:
    """Return what the numbers rest on: split, rows, origin of the answers."""
    parts = [f"{SPLIT_LABELS[view.split]} split", count(int(counts.n_rows.sum()), "row")]
    if counts.origin is not None:
        parts.append(ORIGIN_LABELS[counts.origin])
    return " · ".join(parts)


def _show_numbers(view: View, counts: OutcomeCounts) -> None:
    cells: list[tuple[str, str, str]] = [
        ("Errors", f"{counts.n_errors:,}", glossary.ERRORS),
        ("Error rate", percent(counts.error_rate), glossary.ERROR_RATE),
    ]
    pair = baseline_and_tuned(view.rows.models)
    for label, n_rows, explanation in (
        ("Fixed", counts.total(Outcome.FIXED), glossary.FIXED),
        ("Broken", counts.total(Outcome.BROKEN), glossary.BROKEN),
        ("Both wrong", counts.total(Outcome.WRONG_IN_BOTH), glossary.WRONG_IN_BOTH),
        ("Both right", counts.n_right_in_both, glossary.RIGHT_IN_BOTH),
    ):
        if n_rows is not None:
            cells.append((label, f"{n_rows:,}", explanation))
    with st.container(horizontal=True, gap="xsmall"):
        for label, value, explanation in cells:
            st.metric(label, value, help=explanation, width=_NUMBER_WIDTH)
    compared = "" if pair is None else f" Compared: {MODEL_LABELS[pair[0]]} and {MODEL_LABELS[pair[1]]}."
    st.caption(f"Errors: those of {MODEL_LABELS[counts.model]}. Basis: {basis(view, counts)}.{compared}")


def _show_per_class(view: View, counts: OutcomeCounts) -> None:
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        order = _pick_order()
        show_chart_downloads(
            partial(
                make_outcome_chart,
                counts,
                view.rows.classes,
                order=counts.order(order),
                title=f"Errors per class, {MODEL_LABELS[counts.model]}",
                subtitle=f"run {view.run.name} · {basis(view, counts)}",
            ),
            stem=f"{view.run.name}_errors_{view.split}_{counts.model}",
        )
        st.caption("Click a bar to read its rows.", width="content")
    asked = RowFilter(
        true=view.filter.true, outcomes=tuple(found for found in view.filter.outcomes if found in counts.by_outcome)
    )
    key = until_filter_changes("errors_outcomes")
    scrolls = len(view.rows.classes) > _MANY
    with place.container(height=_SCROLLED_HEIGHT if scrolls else "content", border=scrolls):
        st.vega_lite_chart(
            load_outcome_chart(view.run, view.scored_filter, counts.model, order, asked),
            width="stretch",
            key=key,
            on_select=on_outcome_click(view, key),
            selection_mode=PICKED,
            alt=f"Rows of each class by outcome; {MODEL_LABELS[counts.model]} gets {counts.n_errors:,} wrong",
        )


def _pick_order() -> ErrorOrder:
    order: ErrorOrder | None = st.selectbox(
        "Order of the classes",
        list(ErrorOrder),
        key=_ORDER_KEY,
        bind="query-params",
        label_visibility="collapsed",
        width=190,
    )
    return order or ErrorOrder.MOST


def on_outcome_click(view: View, key: str) -> Callable[[], None]:
    """Return a callback of the chart that chooses the rows of the clicked bar, those of a class with an outcome."""

    def choose() -> None:
        point = picked_point(key)
        if is_class(point.get("k"), len(view.rows.classes)) and point.get("outcome") in list(Outcome):
            choose_classes(view, (int(point["k"]),), outcomes=(Outcome(point["outcome"]),))

    return choose
