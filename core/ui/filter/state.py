"""Where the filter is kept: in the session and in the address, one following the other, with an undo."""

import streamlit as st

from core.analysis.row_filter import RowFilter
from core.analysis.rows import Rows
from core.artifacts.run import Run
from core.ui.filter.link import Params, decode_filter, encode_filter, is_filter_param

_PARAMS = "_filter_params"
_WRITTEN = "_filter_written"
_BEFORE = "_filter_before"
_RUN = "_filter_run"
_PAGE = "_filter_page"
_CHANGED_HERE = "_filter_changed_here"
_GENERATION = "_filter_generation"
_MAX_UNDO = 50
_OF_ONE_CORPUS = ("ids", "box")


def follow_address(run: Run, page: str) -> None:
    """Make the session's filter and the address agree, once per run of the app, before any page reads the filter.

    The address wins when somebody opened a link, edited it, or went back; the session wins when a widget or chart has
    just changed the filter, and when another page was opened, whose address begins empty.

    Args:
        run: The run that is looked at; rows and rectangles are forgotten when another one is chosen.
        page: Name of the page that is about to run.
    """
    state = st.session_state
    in_address = {name: st.query_params.get_all(name) for name in st.query_params if is_filter_param(name)}
    is_new_session = _PARAMS not in state
    changed_here = state.pop(_CHANGED_HERE, False)
    moved = state.get(_PAGE, page) != page
    if is_new_session:
        state[_PARAMS], state[_BEFORE] = in_address, []
    elif not changed_here and in_address != state[_WRITTEN] and not (moved and not in_address):
        _remember()
        state[_PARAMS] = in_address
    if state.get(_RUN, run.name) != run.name:
        state[_PARAMS] = {name: values for name, values in state[_PARAMS].items() if name not in _OF_ONE_CORPUS}
        state[_BEFORE] = []
    state[_RUN], state[_PAGE] = run.name, page
    _write_address()


def current_filter(rows: Rows) -> tuple[RowFilter, list[str]]:
    """Return the filter as far as it fits these rows, and one sentence for each part that does not."""
    return decode_filter(st.session_state.get(_PARAMS, {}), rows)


def change_filter(row_filter: RowFilter, rows: Rows) -> None:
    """Make this the filter; for callbacks of widgets and charts, since the page has been drawn otherwise."""
    params = encode_filter(row_filter, rows.classes)
    if params != st.session_state.get(_PARAMS):
        _remember()
        _set(params)


def undo_filter() -> None:
    """Go back to the filter before the last change; for callbacks."""
    if can_undo():
        _set(st.session_state[_BEFORE].pop())


def can_undo() -> bool:
    """Return whether the filter has been changed."""
    return bool(st.session_state.get(_BEFORE))


def until_filter_changes(key: str) -> str:
    """Return a widget key that is another one after each change of the filter.

    A selection inside a chart or table cannot be taken back from here; with a new key it starts empty.
    """
    return f"{key}_{st.session_state.get(_GENERATION, 0)}"


def filter_link_params() -> Params:
    """Return the query parameters that name the filter, for links to other pages."""
    return dict(st.session_state.get(_PARAMS, {}))


def _remember() -> None:
    state = st.session_state
    state[_BEFORE] = [*state.get(_BEFORE, []), state[_PARAMS]][-_MAX_UNDO:]
    state[_GENERATION] = state.get(_GENERATION, 0) + 1


def _set(params: Params) -> None:
    state = st.session_state
    state[_PARAMS] = params
    state[_GENERATION] = state.get(_GENERATION, 0) + 1
    state[_CHANGED_HERE] = True


def _write_address() -> None:
    """Write the filter into the address; parameters that belong to others stay."""
    params = st.session_state[_PARAMS]
    for name in [name for name in st.query_params if is_filter_param(name) and name not in params]:
        del st.query_params[name]
    if any(st.query_params.get_all(name) != values for name, values in params.items()):
        st.query_params.update(params)
    st.session_state[_WRITTEN] = params
