"""The rows to read one by one: ranked table and, beside it, the one that is open."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.ranking import RankBy, filter_for_review, names_answers
from core.analysis.row_filter import Outcome
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.errors.open_row import find_open_row, step_row
from core.ui.errors.ranked_rows import show_ranked_rows
from core.ui.errors.reads import load_ranking
from core.ui.errors.row_detail import show_row_detail
from core.ui.filter.state import change_filter
from core.ui.formatting import count
from core.ui.reads import load_selection
from core.ui.view import View

_RANK_KEY = "rank"
_STEP_KEYS = {-1: "errors_previous", 1: "errors_next"}
_EXPLANATIONS = {RankBy.LOSS: glossary.LOSS, RankBy.CONFIDENCE: glossary.CONFIDENCE, RankBy.MARGIN: glossary.MARGIN}
_FIRST = {
    RankBy.LOSS: "the label that was thought least likely first",
    RankBy.CONFIDENCE: "the surest answer first",
    RankBy.MARGIN: "the most undecided answer first",
}


def show_review(view: View, model: ModelName) -> None:
    """Show the rows to read, or that there is none."""
    n_selected = int(view.selected.sum())
    if n_selected == 0:
        return
    n_rows = int(load_selection(view.run, filter_for_review(view.filter)).sum())
    if n_rows == 0:
        st.success(
            f"{MODEL_LABELS[model]} gets none of these {count(n_selected, 'row')} wrong.", icon=":material/check:"
        )
        return
    _show_ranked(view, model, n_rows=n_rows, n_selected=n_selected)


@st.fragment
def _show_ranked(view: View, model: ModelName, *, n_rows: int, n_selected: int) -> None:
    """Show table and open row; a part of its own, so that stepping through the rows redraws nothing else."""
    # Streamlit forgets a button's key while another page is open.
    arrived = _STEP_KEYS[1] not in st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="errors_ranking"):
        by = _pick_ranking()
        _say_which(view, model, n_rows, n_selected)
    ids = load_ranking(view.run, filter_for_review(view.filter), model, by)
    position, note = find_open_row(view, ids, arrived=arrived)
    if note:
        st.warning(note, icon=":material/link_off:")
    table, detail = st.columns([1.25, 1], gap="medium")
    with table:
        show_ranked_rows(view, model, ids, by=by, position=position)
    with detail:
        _show_steps(view, ids, position)
        show_row_detail(view, int(ids[position]), model)


def _say_which(view: View, model: ModelName, n_rows: int, n_selected: int) -> None:
    """Say which rows are shown, and offer those that the model gets right."""
    if names_answers(view.filter):
        st.markdown(f"Exactly the **{count(n_rows, 'row')}** of the filter.", width="content")
        return
    st.markdown(
        f"The **{count(n_rows, 'row')}** of {n_selected:,} that {MODEL_LABELS[model]} gets wrong.", width="content"
    )
    if n_rows < n_selected:
        asked = st.button(
            f"Show the {n_selected - n_rows:,} right ones too",
            icon=":material/visibility:",
            type="tertiary",
            key="errors_show_right",
            on_click=change_filter,
            args=(replace(view.filter, outcomes=(Outcome.CORRECT, Outcome.WRONG)), view.rows),
        )
        if asked:
            st.rerun()  # all of the page: this part of it knows the filter as it was


def _pick_ranking() -> RankBy:
    by: RankBy = st.segmented_control(
        "Ranked by",
        list(RankBy),
        default=RankBy.LOSS,
        required=True,
        key=_RANK_KEY,
        bind="query-params",
        help="\n\n".join(f"**{by.capitalize()}**, {_FIRST[by]}. {_EXPLANATIONS[by]}" for by in RankBy),
    )
    return by


def _show_steps(view: View, ids: npt.NDArray[np.integer], position: int) -> None:
    """Let the reader go to the row before and after, by button or arrow key, and say where the open one stands."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, step, shortcut in (("Previous", -1, "Left"), ("Next", 1, "Right")):
            st.button(
                label,
                key=_STEP_KEYS[step],
                shortcut=shortcut,
                disabled=not 0 <= position + step < len(ids),
                on_click=step_row,
                args=(view.run, ids, step),
            )
        st.markdown(f"**{position + 1:,}** of {len(ids):,}", width="content")
