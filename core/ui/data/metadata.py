"""The further columns of a corpus: how often each value occurs, and how well the model does there."""

from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.row_filter import RowFilter, Values
from core.analysis.value_counts import ValueCounts
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS, short_labels
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.value_counts import FEW_ROWS, make_value_counts_chart
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.data.histograms import show_clickable_histogram
from core.ui.data.reads import load_value_counts
from core.ui.data.rows_basis import basis_of_rows
from core.ui.filter.chips import column_label
from core.ui.formatting import plain
from core.ui.reads import load_filter_choices
from core.ui.tables import show_table_download
from core.ui.view import View

_COLUMNS = 3


def show_metadata(view: View) -> None:
    """Show every metadata column of the run; nothing if it has none."""
    columns = view.rows.metadata
    if not columns:
        return
    st.subheader("Metadata", anchor=False)
    measures = load_filter_choices(view.run).ranges
    names = dict(zip(columns, short_labels([column_label(column) for column in columns], max_width=40), strict=True))
    for start in range(0, len(columns), _COLUMNS):
        row = columns[start : start + _COLUMNS]
        for place, column in zip(st.columns(max(2, min(_COLUMNS, len(columns))), gap="medium"), row, strict=False):
            with place:
                st.markdown(f"**{plain(names[column])}**")
                if column in measures:
                    show_clickable_histogram(view, column, name=names[column], n_pixels=200)
                else:
                    _show_values(view, column, names[column])
    if view.model is not None:
        st.caption(
            f"Bars: rows under the filter, whatever it asks of that column."
            f" Accuracy: {MODEL_LABELS[view.model].lower()} on the {SPLIT_LABELS[view.split]} split, whatever label"
            f" and answer; faint below {FEW_ROWS} rows. Click a value to look at its rows only."
        )


def value_counts_table(counts: ValueCounts, column: str) -> pd.DataFrame:
    """Return one row per listed value, as it is saved; the first column is that of the metadata."""
    return pd.DataFrame(
        [
            {
                column: v.value,
                "n_rows": v.n_rows,
                "n_scored": v.n_scored,
                "accuracy": None if v.accuracy is None else round(v.accuracy, 4),
            }
            for v in counts.values
        ]
    )


def _show_values(view: View, column: str, name: str) -> None:
    counts = load_value_counts(view.run, view.filter, view.scored_filter, column, view.model)
    if not counts.values:
        st.caption("No row has a value.")
        return
    measured = None if view.model is None else "accuracy"
    chosen = view.filter.values_of(column)
    show_clickable_chart(
        partial(
            make_value_counts_chart,
            counts,
            chosen=chosen,
            measured=measured,
            stretch=True,
            ink=INK_OF_THE_PAGE,
        ),
        view,
        key=f"values_{column}",
        field="i",
        pick=partial(_toggle_value, view.filter, column, counts),
        description=f"Rows of each value of {name}",
        shows=view.filter,
    )
    stem = f"{view.run.name}_{column}"
    with st.container(horizontal=True, gap="small"):
        show_chart_downloads(
            partial(
                make_value_counts_chart,
                counts,
                measured=measured,
                title=name,
                subtitle=f"run {view.run.name} · {basis_of_rows(view, counts.n_rows)}",
            ),
            stem=stem,
        )
        show_table_download(partial(value_counts_table, counts, column), stem=stem)


def _toggle_value(row_filter: RowFilter, column: str, counts: ValueCounts, i: int) -> RowFilter | None:
    if i < 0:
        return None
    value = counts.values[i].value
    chosen = row_filter.values_of(column)
    others = tuple(other for other in chosen if other != value)
    return row_filter.with_values(Values(column=column, values=others if value in chosen else (*chosen, value)))
