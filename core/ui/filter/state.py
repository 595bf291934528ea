"""Where the filter is kept: in the session and in the address, one following the other, with an undo."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.analysis.filter_choices import FilterChoices
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
_KEYS = "_filter_keys"
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
    known_name, known_digest = state.get(_RUN, (run.name, run.digest))
    if known_name != run.name:
        state[_PARAMS] = {name: values for name, values in state[_PARAMS].items() if name not in _OF_ONE_CORPUS}
        state[_BEFORE] = []
    if known_digest != run.digest:
        _empty_selections()
    state[_RUN], state[_PAGE] = (run.name, run.digest), page
    _write_address()


def current_filter(rows: Rows, choices: FilterChoices) -> tuple[RowFilter, list[str]]:
    """Return the filter as far as it fits these rows, and one sentence for each part that does not; see `link`."""
    return decode_filter(st.session_state.get(_PARAMS, {}), rows, choices)


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
    """Return the key of a widget whose choice is forgotten with each change of the filter, the run, or what is in it.

    A selection inside a chart or table cannot be taken back from here; with a new key it starts empty. Without a choice
    the key stays as it is, since a chart with a new key is drawn anew in the browser.
    """
    return _numbered(key, st.session_state.setdefault(_KEYS, {}).setdefault(key, 0))


def filter_link_params() -> Params:
    """Return the query parameters that name the filter, for links to other pages."""
    return dict(st.session_state.get(_PARAMS, {}))


def _remember() -> None:
    state = st.session_state
    state[_BEFORE] = [*state.get(_BEFORE, []), state[_PARAMS]][-_MAX_UNDO:]
    _empty_selections()


def _set(params: Params) -> None:
    state = st.session_state
    state[_PARAMS] = params
    _empty_selections()
    state[_CHANGED_HERE] = True


def _empty_selections() -> None:
    """Give everything that keeps a choice a new key."""
    state = st.session_state
    keys: dict[str, int] = state.setdefault(_KEYS, {})
    for key, number in keys.items():
        if _holds_choice(state.get(_numbered(key, number))):
            keys[key] = number + 1


def _holds_choice(value: Any) -> bool:
    """Return whether a widget's value is more than that of one nobody has touched: of a chart or table, a selection."""
    if isinstance(value, Mapping) and "selection" in value:
        return any(value["selection"].values())
    return bool(value)


def _numbered(key: str, number: int) -> str:
    return f"{key}_{number}"


def _write_address() -> None:
    """Write the filter into the address; parameters that belong to others stay."""
    params = st.session_state[_PARAMS]
    for name in [name for name in st.query_params if is_filter_param(name) and name not in params]:
        del st.query_params[name]
    if any(st.query_params.get_all(name) != values for name, values in params.items()):
        st.query_params.update(params)
    st.session_state[_WRITTEN] = params
