"""The row that is open on the Errors page: kept in the session and in the address, one following the other."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.row_filter import Outcome, RowFilter
from core.artifacts.run import Run
from core.ui.filter.state import change_filter
from core.ui.formatting import plain
from core.ui.view import View

IntArray = npt.NDArray[np.integer]

_PARAM = "row"
_OPEN = "_open_row"
_WRITTEN = "_open_row_written"
_SHOWN = 20


def open_row(run: Run, row_id: int) -> None:
    """Open another row; for callbacks of buttons and tables."""
    st.session_state[_OPEN] = (run.name, int(row_id))


def open_alone(view: View, row_id: int) -> None:
    """Open any row of the run, whatever its split and the answers to it; for callbacks."""
    wanted = RowFilter(
        split=None, model=view.filter.model, outcomes=(Outcome.CORRECT, Outcome.WRONG), ids=(int(row_id),)
    )
    change_filter(wanted, view.rows)
    open_row(view.run, row_id)


def step_row(run: Run, ids: IntArray, step: int) -> None:
    """Open the row that stands so many places after the open one, at most the last; for callbacks.

    It starts from what is open now, not from what was drawn: keys may be pressed faster than pages are.
    """
    _, row_id = st.session_state.get(_OPEN, (run.name, ids[0]))
    found = np.flatnonzero(ids == row_id)
    position = int(found[0]) if len(found) else 0
    open_row(run, ids[min(len(ids) - 1, max(0, position + step))])


def find_open_row(view: View, ids: IntArray, *, arrived: bool) -> tuple[int, str | None]:
    """Return the position of the open row in the ranking, 0 if there is none, and a note if a link named another.

    The address wins when somebody opened a link, edited it, or went back; the session wins after a click, and when the
    reader comes back from another page, whose address knows no row.

    Args:
        view: What the page looks at.
        ids: The rows that can be opened, as ranked, at least one.
        arrived: Whether the page before this was another one.
    """
    state = st.session_state
    known, row_id = state.get(_OPEN, (view.run.name, None))
    if known != view.run.name:
        row_id, state[_WRITTEN] = None, st.query_params.get(_PARAM)
    in_address, written = st.query_params.get(_PARAM), state.get(_WRITTEN)
    note = None
    if in_address is not None and in_address != written:
        row_id, note = _read(in_address, len(view.rows))
    elif in_address is None and written is not None and not arrived:
        row_id = None
    found = np.flatnonzero(ids == row_id) if row_id is not None else ids[:0]
    if row_id is not None and not len(found) and in_address != written:
        note = f"Row {row_id} is not among the rows below, so the first of them is open."
    row_id = row_id if len(found) else None
    _remember(view.run, row_id)
    return (int(found[0]) if len(found) else 0), note


def _read(value: str, n_rows: int) -> tuple[int | None, str | None]:
    """Return the id that an address names, or a note why it names none."""
    if value.isascii() and value.isdigit() and len(value) < 12 and int(value) < n_rows:
        return int(value), None
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return None, f"There is no row “{plain(shown)}” in this run; the ids are 0–{n_rows - 1}, the first row is open."


def _remember(run: Run, row_id: int | None) -> None:
    state = st.session_state
    state.pop(_OPEN, None)
    state[_WRITTEN] = None
    if row_id is not None:
        state[_OPEN], state[_WRITTEN] = (run.name, row_id), str(row_id)
        if st.query_params.get(_PARAM) != str(row_id):
            st.query_params[_PARAM] = str(row_id)
    elif _PARAM in st.query_params:
        del st.query_params[_PARAM]
