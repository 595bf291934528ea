"""The rows with one issue, the worst first, and the one that is chosen in full beside them."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.issues import EXACT, NEAR, PAIRED, count_other_labels
from core.analysis.odd_texts import OddText
from core.analysis.rows import Rows
from core.analysis.tags import Tag
from core.artifacts.schema import Issue
from core.charts.labels import TAG_LABELS
from core.ui import glossary
from core.ui.data_quality.judges import explain_judges
from core.ui.data_quality.reads import load_lines
from core.ui.data_quality.row_detail import show_detail
from core.ui.filter.state import until_filter_changes
from core.ui.formatting import count
from core.ui.row_table import ROW_HEIGHT, pick_page
from core.ui.tables import show_table_download
from core.ui.view import View

PAGE_ROWS = 15
DETAIL_LABELS = {
    EXACT: "the same text",
    NEAR: "nearly the same",
    OddText.EMPTY: "empty after cleaning",
    OddText.ONE_WORD: "one word",
    OddText.OTHER_SCRIPT: "another script",
    OddText.VERY_LONG: "very long",
}
_SCORES = {
    Issue.SUSPECTED_LABEL: ("Doubt", glossary.DOUBT),
    Issue.OUTLIER: ("Distance", glossary.OUTLIER_DISTANCE),
    **dict.fromkeys(PAIRED, ("Similarity", glossary.SIMILARITY)),
}
_ISSUE_KEY = "quality_issue"


def show_queue(view: View) -> None:
    """Let the reader pick an issue, and show the rows of the filter that have it."""
    if not view.selected.any():
        return
    issue = _pick_issue(view)
    lines = load_lines(view.run, view.filter, issue)
    if issue is Issue.SUSPECTED_LABEL:
        explain_judges(view)
        lines = _pick_classes(view, lines)
    elif issue in (Issue.ODD_TEXT, Issue.LEAKED):
        lines = _pick_details(lines, issue)
    if issue in PAIRED and len(lines):
        n_other = count_other_labels(lines, view.rows.frame["label"].to_numpy())
        st.caption(f"{count(len(lines), 'row')}, {n_other:,} of them with another label there.")
    if lines.empty:
        n_rows = count(int(view.selected.sum()), "row")
        st.success(f"None of the {n_rows} of the filter: {TAG_LABELS[Tag(issue.value)]}.", icon=":material/check:")
        return
    table, detail = st.columns([1.35, 1], gap="large")
    with table:
        line = _show_page(view, lines, issue)
    with detail:
        show_detail(view, issue, line)


def queue_table(rows: Rows, lines: pd.DataFrame, issue: Issue) -> pd.DataFrame:
    """Return what is shown of the lines of one issue, one line each.

    Columns: score in percent, text, label, then what belongs to the issue: the suggested label, the kind, or the
    other row with its label and split; then split and id.
    """
    ids = lines["id"].to_numpy()
    frame = rows.frame.iloc[ids]
    names = np.array(rows.classes, dtype=object)
    columns: dict[str, Any] = {}
    if issue in _SCORES:
        columns[_SCORES[issue][0]] = 100 * lines["score"].to_numpy(dtype=np.float64)
    if rows.texts is not None:
        columns["Text"] = rows.texts.iloc[ids].to_numpy()
    columns["Label"] = names[frame["label"]]
    if issue is Issue.SUSPECTED_LABEL:
        columns["Suggested"] = names[lines["suggested"]]
    if issue in PAIRED:
        others = rows.frame.iloc[lines["other"].to_numpy()]
        columns["Label there"] = names[others["label"]]
    if issue in (Issue.ODD_TEXT, Issue.LEAKED):
        columns["Kind"] = [DETAIL_LABELS.get(detail, detail) for detail in lines["detail"]]
    columns["Split"] = frame["split"].astype(str).to_numpy()
    if issue in PAIRED:
        columns |= {"Split there": others["split"].astype(str).to_numpy(), "id there": lines["other"].to_numpy()}
    columns["id"] = ids
    return pd.DataFrame(columns)


def _show_page(view: View, lines: pd.DataFrame, issue: Issue) -> pd.Series:
    """Show one page of the table; return the chosen line, the first of the page if none is."""
    n_pages = -(-len(lines) // PAGE_ROWS)
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        page = pick_page(n_pages, key=f"quality_{issue}") if n_pages > 1 else 1
        first = (page - 1) * PAGE_ROWS
        shown = lines.iloc[first : first + PAGE_ROWS]
        if n_pages > 1:
            st.markdown(f"{first + 1:,}–{first + len(shown):,} of {count(len(lines), 'row')}", width="content")
        show_table_download(lambda: queue_table(view.rows, lines, issue), stem=f"{view.run.name}_{issue}")
    table = queue_table(view.rows, shown, issue)
    key = until_filter_changes(f"quality_rows_{issue}_{page}_{len(lines)}")
    marked = min(st.session_state.get(f"{key}_open", 0), len(shown) - 1)
    st.session_state[key] = {"selection": {"rows": [marked], "columns": [], "cells": []}}

    def choose() -> None:
        selection = st.session_state[key]["selection"]
        clicked = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), marked)
        st.session_state[f"{key}_open"] = clicked

    place.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=choose,
        selection_mode=["single-row-required", "single-cell"],
        height=ROW_HEIGHT * (min(len(lines), PAGE_ROWS) + 1) + 3,
        column_config=_columns(issue),
    )
    line: pd.Series = shown.iloc[marked]
    return line


def _columns(issue: Issue) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "id": st.column_config.NumberColumn(format="%d", width=62, help=glossary.ROW_ID),
        "Text": st.column_config.TextColumn(width=215),
        "id there": st.column_config.NumberColumn(format="%d", width=70),
        **{name: st.column_config.TextColumn(width=86) for name in ("Label", "Suggested", "Label there", "Split")},
    }
    if issue in _SCORES:
        name, explanation = _SCORES[issue]
        columns[name] = st.column_config.NumberColumn(format="%.1f%%", width=76, help=explanation)
    return columns


def _pick_issue(view: View) -> Issue:
    by_label = {TAG_LABELS[Tag(issue.value)]: issue for issue in Issue}
    asked = [issue for issue in Issue if Tag(issue.value) in view.filter.tags]
    key = until_filter_changes(_ISSUE_KEY)
    default = TAG_LABELS[Tag((asked or [Issue.SUSPECTED_LABEL])[0].value)]
    label = st.segmented_control(
        "Issue", list(by_label), default=default, required=True, key=key, label_visibility="collapsed"
    )
    return by_label[label or default]


def _pick_classes(view: View, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with the labels and suggestions that the reader asks for."""
    label = view.rows.frame["label"].to_numpy()[lines["id"]]
    kept = np.ones(len(lines), dtype=np.bool_)
    with st.container(horizontal=True, gap="small"):
        for title, values in (("Label", label), ("Suggested label", lines["suggested"].to_numpy())):
            options = sorted(set(values.tolist()))
            chosen = st.multiselect(
                title,
                options,
                format_func=lambda k: view.rows.classes[k],
                key=until_filter_changes(f"quality_{title}"),
                placeholder="any",
                width=320,
            )
            if chosen:
                kept &= np.isin(values, chosen)
    return lines[kept]


def _pick_details(lines: pd.DataFrame, issue: Issue) -> pd.DataFrame:
    kinds = list(dict.fromkeys(lines["detail"]))
    if len(kinds) < 2:
        return lines
    counts = lines["detail"].value_counts()
    chosen = st.pills(
        "Kind",
        kinds,
        format_func=lambda kind: f"{DETAIL_LABELS.get(kind, kind)}: {counts[kind]:,}",
        key=until_filter_changes(f"quality_kind_{issue}"),
        selection_mode="multi",
        label_visibility="collapsed",
    )
    return lines[lines["detail"].isin(chosen)] if chosen else lines
