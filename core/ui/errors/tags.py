"""How the model does on the rows that have a tag, as a table; a chosen line chooses its rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis.row_filter import COMPARING
from core.analysis.tag_counts import TagCounts
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS, TAG_LABELS
from core.ui import glossary
from core.ui.errors.reads import load_tag_counts
from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.formatting import percent
from core.ui.row_table import ROW_HEIGHT
from core.ui.tables import show_table_download
from core.ui.view import View

_OUTCOMES = dict(zip(COMPARING, ("Fixed", "Broken", "Both wrong"), strict=True))


def show_tags(view: View, model: ModelName) -> None:
    """Show which kinds of rows are on the scored rows, and how many of each the model gets wrong."""
    counts = load_tag_counts(view.run, view.scored_filter, model)
    if not counts:
        return
    with st.expander("By tag: what the rows have in common", icon=":material/label:"):
        table = tag_table(counts)
        key = until_filter_changes("errors_tags")
        st.dataframe(
            table,
            key=key,
            hide_index=True,
            on_select=_on_line(view, counts, key),
            selection_mode="single-row",
            height=ROW_HEIGHT * (len(table) + 1) + 3,
            column_config={
                "Errors": st.column_config.NumberColumn(format="localized", help=glossary.TAG_ERRORS),
                "Rows": st.column_config.NumberColumn(format="localized"),
                "Error rate": st.column_config.NumberColumn(format="%.1f%%", help=glossary.ERROR_RATE),
                "95% interval": st.column_config.TextColumn(help="Wilson score interval of the error rate."),
                "Meaning": st.column_config.TextColumn(width="large"),
            },
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_table_download(lambda: table, stem=f"{view.run.name}_tags_{view.split}_{model}")
            st.caption(
                f"Answers of {MODEL_LABELS[model]}, {view.split} split. Select a line to read its rows. A row can have"
                " several tags.",
                width="content",
            )


def tag_table(counts: Sequence[TagCounts]) -> pd.DataFrame:
    """Return one line per tag: rows, errors, error rate in percent with its interval, outcomes, meaning."""
    columns: dict[str, list[str] | list[int] | list[float]] = {
        "Tag": [TAG_LABELS[found.tag] for found in counts],
        "Rows": [found.n_rows for found in counts],
        "Errors": [found.n_errors for found in counts],
        "Error rate": [100 * found.n_errors / found.n_rows for found in counts],
        "95% interval": [" – ".join(percent(end) for end in found.interval) for found in counts],
    }
    for outcome, name in _OUTCOMES.items():
        if all(outcome in found.by_outcome for found in counts):
            columns[name] = [found.by_outcome[outcome] for found in counts]
    columns["Meaning"] = [glossary.TAG_MEANINGS[found.tag] for found in counts]
    return pd.DataFrame(columns)


def _on_line(view: View, counts: Sequence[TagCounts], key: str) -> Callable[[], None]:
    def choose() -> None:
        lines = st.session_state[key]["selection"]["rows"]
        if lines and lines[0] < len(counts):
            change_filter(replace(view.scored_filter, model=view.filter.model, tags=(counts[lines[0]].tag,)), view.rows)

    return choose
