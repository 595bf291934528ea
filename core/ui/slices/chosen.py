"""The rows of the open slice, those that the model gets wrong first."""

import numpy as np
import streamlit as st

from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.ui.filter.link import encode_filter
from core.ui.formatting import count, plain
from core.ui.row_table import show_rows
from core.ui.slices.slice_view import SliceView


def show_chosen(looked_at: SliceView) -> None:
    """Show the rows of the slice that is open; without one say how to open one."""
    view = looked_at.view
    if looked_at.opened is None:
        st.subheader("Rows of a slice", anchor=False)
        st.caption("Select a line or a dot above to read its rows here.")
        return
    st.subheader(f"Rows: {plain(looked_at.names[looked_at.opened].name)}", anchor=False)
    ids = np.flatnonzero(view.selected)
    right = view.rows.right(looked_at.model)[ids]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            f"{count(len(ids), 'row')} of the {SPLIT_LABELS[looked_at.split]} split, {int((~right).sum()):,} of them"
            f" wrong by {MODEL_LABELS[looked_at.model]}: these first.",
            width="content",
        )
        st.page_link(
            "pages/errors.py",
            label="Read them on the Errors page",
            icon=":material/rule:",
            query_params={"run": view.run.name, **encode_filter(view.filter, view.rows.classes)},
        )
    show_rows(view, ids[np.argsort(right, kind="stable")], key="slices", page_rows=10)
