"""The rows to read beside the map: the one that was clicked on it, and the one chosen in the table."""

import streamlit as st

from core.ui.layout import show_facts
from core.ui.one_row import answers_html, facts_of, show_row_text
from core.ui.row_table import answering
from core.ui.view import View


def show_row_cards(view: View, *, clicked: int | None, chosen: int | None) -> None:
    """Show the row that was clicked on the map and the one chosen in the table; without either, how to get there."""
    st.subheader("One row", anchor=False)
    if clicked is None and chosen is None:
        st.caption("Click a point of the map, or choose a row of the table below, to read it here.")
    if clicked is not None:
        _show_row_card(view, clicked, where="Clicked on the map")
    if chosen is not None and chosen != clicked:
        _show_row_card(view, chosen, where="Chosen in the table")


def _show_row_card(view: View, row_id: int, *, where: str) -> None:
    with st.container(border=True):
        st.caption(where)
        show_row_text(view, row_id)
        st.html(answers_html(view.rows, row_id, answering(view.rows)))
        show_facts(facts_of(view.rows, row_id, view.model))
