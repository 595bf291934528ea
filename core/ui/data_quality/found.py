"""What was found, kind by kind and split by split; a chosen line chooses its rows."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis.issues import IssueCount
from core.analysis.row_filter import RowFilter
from core.analysis.tags import Tag
from core.artifacts.schema import ISSUES, NEIGHBORS, Issue, Split
from core.charts.labels import SPLIT_LABELS, TAG_LABELS
from core.ui import glossary
from core.ui.data_quality.reads import load_issue_counts
from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.formatting import NOTHING
from core.ui.row_table import ROW_HEIGHT
from core.ui.tables import show_table_download
from core.ui.view import View

_ALL = "All splits"
_BY_VECTORS = (Issue.NEAR_DUPLICATE, Issue.OUTLIER)


def show_found(view: View) -> None:
    """Show how many rows have each issue, in the splits of the run under the rest of the filter."""
    counts = load_issue_counts(view.run, everything(view))
    unchecked = tuple(issue for issue in _unchecked(view) if not counts[issue].n_rows)
    table = found_table(counts, [part for part in Split if view.run.manifest.corpus.n_rows.get(part)], unchecked)
    key = until_filter_changes("quality_found")
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=_on_line(view, key),
        selection_mode="single-row",
        height=ROW_HEIGHT * (len(table) + 1) + 3,
        placeholder=NOTHING,
        column_config={
            "Issue": st.column_config.TextColumn(width=170),
            **{name: st.column_config.NumberColumn(format="localized", width=82) for name in table.columns[1:-1]},
            "Meaning": st.column_config.TextColumn(width="large"),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_table_download(lambda: table, stem=f"{view.run.name}_issues")
        left_out = f" {NOTHING} stands for what could not be looked for." if unchecked else ""
        st.caption(f"Rows with each issue; a row can have several. Select a line to see its rows.{left_out}")


def found_table(
    counts: Mapping[Issue, IssueCount], splits: list[Split], unchecked: tuple[Issue, ...] = ()
) -> pd.DataFrame:
    """Return one line per issue: rows in all splits and in each, None if not looked for, and what it means."""
    tags = {issue: Tag(issue.value) for issue in Issue}
    table = pd.DataFrame({"Issue": [TAG_LABELS[tags[issue]] for issue in Issue]})
    table[_ALL] = [counts[issue].n_rows for issue in Issue]
    for part in splits:
        table[SPLIT_LABELS[part].capitalize()] = [counts[issue].by_split[part] for issue in Issue]
    numbers = list(table.columns[1:])
    table[numbers] = table[numbers].astype("Int64")
    table.loc[[issue in unchecked for issue in Issue], numbers] = pd.NA
    table["Meaning"] = [glossary.TAG_MEANINGS[tags[issue]] for issue in Issue]
    return table


def everything(view: View) -> RowFilter:
    """Return the filter of the page without split and tags: the issues of the whole run under the rest of it."""
    return replace(view.filter, split=None, tags=(), without=())


def _unchecked(view: View) -> tuple[Issue, ...]:
    """Return the issues that could not be looked for when the run was analysed."""
    record = next(stage for stage in view.run.manifest.stages.values() if ISSUES.path in stage.files)
    without_vectors = () if NEIGHBORS.path in record.inputs else _BY_VECTORS
    judged = any(path.startswith("predictions/") for path in record.inputs)
    return without_vectors if judged else (Issue.SUSPECTED_LABEL, *without_vectors)


def _on_line(view: View, key: str) -> Callable[[], None]:
    def choose() -> None:
        lines = st.session_state[key]["selection"]["rows"]
        if lines and lines[0] < len(Issue):
            tag = Tag(list(Issue)[lines[0]].value)
            change_filter(replace(everything(view), tags=(tag,)), view.rows)

    return choose
