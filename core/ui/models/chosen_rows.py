"""The rows behind what was clicked, with the way to see more of them; before a click, what it would do."""

import streamlit as st

from core.analysis.ranking import RankBy
from core.charts.labels import MODEL_LABELS
from core.ui.class_clicks import unchosen
from core.ui.errors.reads import load_ranking
from core.ui.filter.chips import chips_of
from core.ui.filter.state import change_filter, filter_link_params
from core.ui.formatting import count, plain
from core.ui.row_table import show_rows
from core.ui.view import View

_PAGE_ROWS = 8


def show_chosen_rows(view: View) -> None:
    """Show the rows that were chosen by label, answer, outcome or confidence; a hint if none were."""
    if view.model is None or view.filter == unchosen(view):
        st.info(
            "Click a cell or a grey sum to see its rows here; a second click takes the choice back.",
            icon=":material/ads_click:",
        )
        return
    ids = load_ranking(view.run, view.filter, view.model, RankBy.CONFIDENCE)
    without = set(chips_of(unchosen(view), view.rows.classes))
    chosen = " · ".join(chip.label for chip in chips_of(view.filter, view.rows.classes) if chip not in without)
    answers = f"answers of {MODEL_LABELS[view.model]}, the surest first"
    with st.container(border=True, key="chosen_rows"):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(f"**{count(len(ids), 'row')}**: {plain(chosen)} :gray[· {plain(answers)}]", width="stretch")
            st.page_link(
                "pages/errors.py",
                label="Open in Errors",
                icon=":material/arrow_forward:",
                query_params={**filter_link_params(), "run": view.run.name},
            )
            st.button(
                "Clear",
                icon=":material/close:",
                key="clear_chosen",
                on_click=change_filter,
                args=(unchosen(view), view.rows),
                help="Let go of these rows; the rest of the filter stays.",
            )
        if len(ids):
            show_rows(view, ids, key="chosen", page_rows=_PAGE_ROWS)


def explain_scored(view: View) -> None:
    """Say which rows the scores are of where the filter has parts that they leave out."""
    n_rows = count(int(view.scored.sum()), "row")
    if view.filter != unchosen(view):
        st.caption(f"Scores are of all {n_rows} of the selection, whatever class, outcome or confidence is chosen.")
    if view.filter.split is None:
        st.caption(f"Scores are of one split: {view.split}, {n_rows}. Choose another one above.")
