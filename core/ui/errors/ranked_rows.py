"""Ranked rows as a table, page by page, in which one row is always open."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.ranking import RankBy, rank_values
from core.analysis.rows import Rows
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.errors.open_row import open_row
from core.ui.filter.state import until_filter_changes
from core.ui.formatting import count
from core.ui.row_table import ROW_HEIGHT, columns_of, confidence_label, pick_page, row_table, saved_rows
from core.ui.tables import show_table_download
from core.ui.view import View

IntArray = npt.NDArray[np.integer]

PAGE_ROWS = 20
_MEASURE_WIDTH = 66
_TEXT_WIDTH = 235
_MEASURES = {
    RankBy.LOSS: ("Loss", "%.2f", glossary.LOSS),
    RankBy.CONFIDENCE: ("Confidence", "%.1f%%", glossary.CONFIDENCE),
    RankBy.MARGIN: ("Margin", "%.1f%%", glossary.MARGIN),
}


def show_ranked_rows(view: View, model: ModelName, ids: IntArray, *, by: RankBy, position: int) -> None:
    """Show the page of the table on which the open row stands, marked; a click anywhere in a row opens it.

    Turning the page opens its first row.

    Args:
        view: What the page looks at.
        model: Whose answers the rows are ranked by.
        ids: The rows in their order, at least one.
        by: What they are ranked by.
        position: Where the open row stands among them.
    """
    page, marked = divmod(position, PAGE_ROWS)
    first = page * PAGE_ROWS
    shown = ids[first : first + PAGE_ROWS]
    _show_page(view, model, shown, by=by, marked=marked, height_rows=min(len(ids), PAGE_ROWS))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if len(ids) > PAGE_ROWS:
            pick_page(
                -(-len(ids) // PAGE_ROWS),
                key="errors",
                page=page + 1,
                change=lambda turned_to: open_row(view.run, ids[(turned_to - 1) * PAGE_ROWS]),
            )
            st.markdown(f"{first + 1:,}–{first + len(shown):,} of {count(len(ids), 'row')}", width="content")
        show_table_download(lambda: saved_ranking(view.rows, ids, model, by), stem=f"{view.run.name}_errors_by_{by}")


def ranked_table(rows: Rows, ids: IntArray, model: ModelName, by: RankBy) -> pd.DataFrame:
    """Return what is shown of ranked rows: what they are ranked by, text, label, the model's answer, then the rest."""
    values = rank_values(rows, ids, model, by)
    table = row_table(rows, ids)
    answer = MODEL_LABELS[model]
    if by is RankBy.CONFIDENCE:
        table = table.drop(columns=confidence_label(model), errors="ignore")
    if answer not in table:
        table[answer] = np.array(rows.classes, dtype=object)[rows.pred(model)[ids]]
    table.insert(0, _MEASURES[by][0], values if by is RankBy.LOSS else 100 * values)
    first = [name for name in (_MEASURES[by][0], "Text", "True class", answer) if name in table]
    return table[[*first, *(name for name in table if name not in first)]]


def saved_ranking(rows: Rows, ids: IntArray, model: ModelName, by: RankBy) -> pd.DataFrame:
    """Return ranked rows as they are saved: rank from 1, what they are ranked by, and all that is known of them."""
    rank = {"rank": np.arange(1, len(ids) + 1), f"{model}_{by}": rank_values(rows, ids, model, by).round(6)}
    saved = saved_rows(rows, ids)
    return pd.DataFrame(rank).join(saved.drop(columns=list(rank), errors="ignore"))


def _show_page(view: View, model: ModelName, ids: IntArray, *, by: RankBy, marked: int, height_rows: int) -> None:
    key = until_filter_changes("errors_rows")
    st.session_state[key] = {"selection": {"rows": [marked], "columns": [], "cells": []}}

    def choose() -> None:
        selection = st.session_state[key]["selection"]
        clicked = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), marked)
        if clicked < len(ids):
            open_row(view.run, ids[clicked])

    name, number_format, explanation = _MEASURES[by]
    columns: dict[str, Any] = columns_of(view.rows) | {
        name: st.column_config.NumberColumn(format=number_format, help=explanation, width=_MEASURE_WIDTH),
        "Text": st.column_config.TextColumn(width=_TEXT_WIDTH),
    }
    st.dataframe(
        ranked_table(view.rows, ids, model, by),
        key=key,
        hide_index=True,
        on_select=choose,
        selection_mode=["single-row-required", "single-cell"],
        height=ROW_HEIGHT * (height_rows + 1) + 3,
        column_config=columns,
        placeholder="–",
    )
