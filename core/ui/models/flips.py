"""The rows on which two models agree and differ: McNemar's table, whose cells show their rows."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.comparison import PairedComparison
from core.analysis.row_filter import Outcome
from core.analysis.rows import confidence_column
from core.ui.filter.link import MAX_IDS, encode_filter
from core.ui.formatting import count, plain
from core.ui.models.contenders import Contender, answers
from core.ui.row_table import show_rows
from core.ui.view import View

_CHOSEN = "flips_cell"
_PAGE_ROWS = 5
_RIGHT, _WRONG = True, False
_CELLS = {
    (_RIGHT, _RIGHT): "both right",
    (_WRONG, _RIGHT): "fixed",
    (_RIGHT, _WRONG): "broken",
    (_WRONG, _WRONG): "both wrong",
}
"""What a cell is called, by whether the first and the second model are right."""


def show_flip_table(pair: PairedComparison, first: Contender, second: Contender) -> None:
    """Show how many rows each of the two gets right, both, and neither; a click on a number shows its rows below."""
    n_rows = {
        (_RIGHT, _RIGHT): pair.n_both_right,
        (_WRONG, _RIGHT): pair.n_fixed,
        (_RIGHT, _WRONG): pair.n_broken,
        (_WRONG, _WRONG): pair.n_both_wrong,
    }
    chosen = _chosen(pair)
    _, right, wrong = st.columns([1.3, 1, 1], vertical_alignment="bottom", gap="small")
    right.markdown(f":gray[{plain(second.label)} **right**]")
    wrong.markdown(f":gray[{plain(second.label)} **wrong**]")
    for first_right in (_RIGHT, _WRONG):
        name, *cells = st.columns([1.3, 1, 1], vertical_alignment="center", gap="small")
        name.markdown(f":gray[{plain(first.label)} **{'right' if first_right else 'wrong'}**]")
        for place, second_right in zip(cells, (_RIGHT, _WRONG), strict=True):
            cell = (first_right, second_right)
            place.button(
                f"{n_rows[cell]:,} {_CELLS[cell]}",
                key=f"flips_{_CELLS[cell].replace(' ', '_')}",
                type="primary" if cell == chosen else "secondary",
                disabled=n_rows[cell] == 0,
                width="stretch",
                on_click=_choose,
                args=(cell,),
                help="Show these rows below.",
            )


def show_flipped_rows(view: View, pair: PairedComparison, first: Contender, second: Contender) -> None:
    """Show the rows of the chosen cell, those that a model is surest about first, and the way to read them in full."""
    cell = _chosen(pair)
    ids = _ids(view, cell, first, second)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        words = "right" if cell[1] else "wrong"
        st.markdown(
            f"**{count(len(ids), 'row')} {_CELLS[cell]}** :gray[· {plain(second.label)} {words},"
            f" {plain(first.label)} {'right' if cell[0] else 'wrong'}]",
            width="stretch",
        )
        if len(ids):
            shown = ids[:MAX_IDS]
            wanted = replace(
                view.scored_filter, ids=tuple(sorted(shown.tolist())), outcomes=(Outcome.CORRECT, Outcome.WRONG)
            )
            st.page_link(
                "pages/errors.py",
                label="Read them in Errors" if len(shown) == len(ids) else f"Read the first {len(shown):,} in Errors",
                icon=":material/arrow_forward:",
                query_params={**encode_filter(wanted, view.rows.classes), "run": view.run.name},
            )
    if len(ids):
        show_rows(view, ids, key=f"flips_{_CELLS[cell].replace(' ', '_')}", page_rows=_PAGE_ROWS)
    if not (first.is_here and second.is_here):
        st.caption("The table shows the answers of this run only.")


def _choose(cell: tuple[bool, bool]) -> None:
    st.session_state[_CHOSEN] = cell


def _chosen(pair: PairedComparison) -> tuple[bool, bool]:
    """Return the cell that was chosen last, at first the smaller one of fixed and broken that has rows."""
    default = (_RIGHT, _WRONG) if pair.n_broken else (_WRONG, _RIGHT)
    found: tuple[bool, bool] = st.session_state.get(_CHOSEN, default)
    return found


def _ids(view: View, cell: tuple[bool, bool], first: Contender, second: Contender) -> npt.NDArray[np.int64]:
    """Return the rows of a cell, those first that a model of this run is surest about."""
    ids = np.flatnonzero(view.scored)
    label = view.rows.frame["label"].to_numpy()[ids]
    is_right = [answers(view.run, view.scored_filter, who).pred == label for who in (first, second)]
    found: npt.NDArray[np.int64] = ids[(is_right[0] == cell[0]) & (is_right[1] == cell[1])]
    here = next((who.model for who in (second, first) if who.is_here), None)
    if here is None:
        return found
    confidence = view.rows.frame[confidence_column(here)].to_numpy()[found]
    return np.take(found, np.argsort(-confidence, kind="stable"))
