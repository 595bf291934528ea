"""Histograms of the rows under the filter, whose bars set the range of their column."""

from functools import partial

import streamlit as st

from core.analysis.histogram import Histogram
from core.analysis.row_filter import Range, RowFilter
from core.charts.histogram import make_histogram_chart
from core.charts.palette import INK_OF_THE_PAGE
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.data.reads import load_histogram
from core.ui.data.rows_basis import basis_of_rows
from core.ui.formatting import count, plain
from core.ui.view import View


def show_clickable_histogram(
    view: View, column: str, *, name: str, limit: int | None = None, n_pixels: int = 250
) -> None:
    """Show how often the values of a column occur; a click on a bar sets its range, on the chosen bar takes it away.

    Args:
        view: What the page looks at.
        column: A column of numbers.
        name: What it measures, on the axis.
        limit: Length at which texts are cut.
        n_pixels: Height of the plot.
    """
    histogram = load_histogram(view.run, view.filter, column)
    if not histogram.bins:
        st.caption(f"No row has a value in {plain(name)}.")
        return
    show_clickable_chart(
        partial(
            make_histogram_chart,
            histogram,
            name=name,
            limit=limit,
            height=n_pixels,
            stretch=True,
            ink=INK_OF_THE_PAGE,
        ),
        view,
        key=f"histogram_{column}",
        field="i",
        pick=partial(_toggle_bin, view.filter, column, histogram),
        description=f"Histogram of {name.lower()}",
        shows=view.filter,
        options=(limit,),
    )
    basis = _basis(view, histogram, column)
    st.caption(f"{plain(basis)} Click a bar to look at its rows only; Filter sets wider ranges.")
    show_chart_downloads(
        partial(
            make_histogram_chart,
            histogram,
            name=name,
            limit=limit,
            title=f"{name} per text" if limit or not column.startswith("meta_") else name,
            subtitle=f"run {view.run.name} · {basis}",
        ),
        stem=f"{view.run.name}_histogram_{column}",
    )


def _toggle_bin(row_filter: RowFilter, column: str, histogram: Histogram, i: int) -> RowFilter | None:
    chosen = histogram.bins[i]
    if chosen.n_rows == 0:
        return None
    wanted = Range(column=column, low=chosen.low, high=chosen.high)
    return row_filter.with_range(Range(column=column) if row_filter.range_of(column) == wanted else wanted)


def _basis(view: View, histogram: Histogram, column: str) -> str:
    """Return which rows the bars are, and how many of them the filter chooses."""
    parts = [basis_of_rows(view, histogram.n_rows)]
    if view.filter.range_of(column) != Range(column=column):
        parts.append(f"{sum(b.n_chosen for b in histogram.bins):,} of them in the chosen range")
    if histogram.n_missing:
        parts.append(f"{count(histogram.n_missing, 'row')} without a value")
    return f"{', '.join(parts)}."
