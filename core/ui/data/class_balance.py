"""The classes of every split, of a whole run or of the rows under the filter."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.analysis.class_balance import ClassBalance
from core.analysis.row_filter import RowFilter
from core.artifacts.run import Run
from core.charts.balance import make_class_balance_chart
from core.charts.labels import SPLIT_LABELS
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.specs import to_spec
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.data.reads import load_class_balance
from core.ui.formatting import count
from core.ui.view import View

_SCROLLS_ABOVE = 12
_HEIGHT = 420
_DESCRIPTION = "Share of each class in each split"


def show_class_balance_of_run(run: Run) -> None:
    """Show the classes of every split of a whole run."""
    balance = load_class_balance(run, RowFilter())
    chart = make_class_balance_chart(balance, stretch=True, ink=INK_OF_THE_PAGE)
    with _box(balance):
        st.vega_lite_chart(to_spec(chart), width="stretch", alt=_DESCRIPTION)
    st.caption(_extremes(balance))
    _show_downloads(run, balance, basis="all rows")


def show_class_balance(view: View) -> None:
    """Show the classes of every split under the filter; a click on a class adds it to the filter or takes it out."""
    balance = load_class_balance(view.run, view.filter)
    with _box(balance):
        show_clickable_chart(
            partial(make_class_balance_chart, balance, chosen=view.filter.true, stretch=True, ink=INK_OF_THE_PAGE),
            view,
            key="class_balance",
            field="k",
            pick=partial(_toggle_class, view.filter),
            description=_DESCRIPTION,
            shows=replace(view.filter, split=None),
        )
    st.caption(
        f"{_extremes(balance)} All splits and classes, under the rest of the filter."
        " Click a class to look at its rows only."
    )
    _show_downloads(view.run, balance, basis="all splits and classes under the filter")


def _toggle_class(row_filter: RowFilter, k: int) -> RowFilter:
    chosen = row_filter.true
    others = tuple(other for other in chosen if other != k)
    return replace(row_filter, true=others if k in chosen else (*chosen, k))


def _box(balance: ClassBalance) -> st.delta_generator.DeltaGenerator:
    scrolls = len(balance.classes) > _SCROLLS_ABOVE
    return st.container(height=_HEIGHT if scrolls else "content", border=scrolls)


def _extremes(balance: ClassBalance) -> str:
    totals = balance.totals
    rows = ", ".join(f"{SPLIT_LABELS[split]} {balance.n_rows(split):,}" for split in balance.counts)
    return f"Rows: {rows}. Largest class {count(max(totals), 'row')}, smallest {count(min(totals), 'row')}."


def _show_downloads(run: Run, balance: ClassBalance, *, basis: str) -> None:
    show_chart_downloads(
        partial(make_class_balance_chart, balance, title="Classes per split", subtitle=f"run {run.name} · {basis}"),
        stem=f"{run.name}_classes",
    )
