"""Rows under the filter, drawn at random or in the order of the corpus."""

from enum import StrEnum

import numpy as np
import streamlit as st

from core.ui.row_table import show_rows
from core.ui.view import View

_SEED_KEY = "_sample_seed"


class RowOrder(StrEnum):
    """In which order rows are read."""

    RANDOM = "random"
    CORPUS = "as in the corpus"


def show_sample(view: View) -> None:
    """Show the selected rows as a table, shuffled by a seed that a button counts up, or in the order of the corpus."""
    ids = view.selected.nonzero()[0]
    seed = st.session_state.setdefault(_SEED_KEY, 0)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        order = st.segmented_control(
            "Order",
            list(RowOrder),
            default=RowOrder.RANDOM,
            required=True,
            key="row_order",
            bind="query-params",
            label_visibility="collapsed",
        )
        if order == RowOrder.RANDOM:
            st.button("Draw again", icon=":material/shuffle:", on_click=_draw_again, key="draw_again")
            st.caption(f"Shuffled with seed {seed}.", width="content")
    if order == RowOrder.RANDOM:
        ids = np.random.default_rng(seed).permutation(ids)
    show_rows(view, ids, key=f"rows_{seed}" if order == RowOrder.RANDOM else "rows")


def _draw_again() -> None:
    st.session_state[_SEED_KEY] += 1
