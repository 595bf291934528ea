"""A table of slices; a click on a line chooses its rows, a second one all rows."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.row_table import ROW_HEIGHT
from core.ui.slices.reads import NEEDS_TEXTS
from core.ui.slices.slice_view import SliceView
from core.ui.tables import show_table_download

_MAX_LINES = 12


def show_slice_table(
    looked_at: SliceView, table: pd.DataFrame, order: Sequence[int], *, stem: str, columns: dict[str, Any]
) -> None:
    """Show slices, one per line.

    Args:
        looked_at: What the page looks at; its open slice is marked.
        table: One line per slice, with the columns `Slice` and `Rows`.
        order: Position of the slice of each line among those of the run.
        stem: Name of the file in which the table is saved; also tells tables of the page apart.
        columns: How further columns are shown.
    """
    key = until_filter_changes(f"{stem}_{len(table)}")
    marked = [order.index(looked_at.opened)] if looked_at.opened in order else []
    st.session_state[key] = {"selection": {"rows": marked, "columns": [], "cells": []}}

    def choose() -> None:
        selection = st.session_state[key]["selection"]
        lines = [selection["cells"][0][0]] if selection["cells"] else selection["rows"]
        wanted = looked_at.filter_of(order[lines[0]]) if lines and lines[0] < len(order) else None
        if wanted is not None or not lines:
            change_filter(wanted or looked_at.all_rows, looked_at.view.rows)

    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=choose,
        selection_mode=["single-row", "single-cell"],
        height=ROW_HEIGHT * (min(_MAX_LINES, len(table)) + 1) + 3,
        column_config={
            "Slice": st.column_config.TextColumn(width=205),
            "Rows": st.column_config.NumberColumn(format="localized", width=52),
            "Wrong": st.column_config.NumberColumn(format="localized", width=58),
            **columns,
        },
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_table_download(lambda: table, stem=stem)
        hidden = table["Slice"].str.contains(NEEDS_TEXTS, regex=False).sum()
        unclickable = f" {hidden:,} of them rest on words of texts that are not on this machine." if hidden else ""
        st.caption(f"{len(table):,} slices. Select a line to read its rows.{unclickable}", width="content")
