"""Which run is looked at: the picker, its place in the URL, and what happens when a run changes or is damaged."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from core.artifacts.commands import DEFAULT_ARTIFACTS_DIR
from core.artifacts.run import Run, find_runs
from core.errors import ArtifactError
from core.ui.formatting import count, plain
from core.ui.layout import configure_page
from core.ui.navigation import navigate
from core.ui.notices import show_error, show_no_runs

ARTIFACTS_DIR_VARIABLE = "MISREAD_ARTIFACTS_DIR"
_RUN_KEY = "run"
_RUN_HELP = "One corpus, one encoder, and all models trained on it. The address of this page keeps your choice."
_REOPENED_KEY = "_reopened_instead_of"
_LOOKED_AT: ContextVar[Run | None] = ContextVar("looked_at", default=None)


def artifacts_dir() -> Path:
    """Return the folder of all runs: MISREAD_ARTIFACTS_DIR, else `artifacts` beside Home.py."""
    chosen = os.environ.get(ARTIFACTS_DIR_VARIABLE)
    return Path(chosen) if chosen else Path(__file__).resolve().parents[2] / DEFAULT_ARTIFACTS_DIR


def pick_run() -> Run:
    """Show the run picker in the sidebar and return the chosen run.

    Without any run, or with one that cannot be opened, the page says so and ends here; the picker stays usable.
    """
    names = find_runs(artifacts_dir())
    if not names:
        show_no_runs(artifacts_dir())
        st.stop()
    known = st.session_state.get(_RUN_KEY, st.query_params.get(_RUN_KEY))
    if known not in names:
        # No default in the widget: it would be left out of the URL, and a link must say which run it shows.
        if _RUN_KEY not in st.session_state:
            st.query_params[_RUN_KEY] = names[0]
        st.session_state[_RUN_KEY] = names[0]
    with st.sidebar:
        st.markdown("**Run**", help=_RUN_HELP)
        chosen = st.selectbox(
            "Run",
            names,
            index=None,
            required=True,
            key=_RUN_KEY,
            bind="query-params",
            label_visibility="collapsed",
        )
    name = chosen or names[0]
    if known not in (None, *names):
        st.warning(f"There is no run {plain(known)} here; this is {plain(name)}.", icon=":material/link_off:")
    try:
        run = Run.open(artifacts_dir() / name)
    except ArtifactError as error:
        st.title(plain(name), anchor=False)
        show_error(error)
        st.stop()
    corpus = run.manifest.corpus
    n_rows, n_classes = count(run.manifest.n_rows, "row"), count(len(corpus.classes), "class", "classes")
    st.sidebar.caption(f"{plain(corpus.name)} · {n_rows} · {n_classes}")
    return run


@contextmanager
def looking_at(run: Run) -> Iterator[Run]:
    """Make `run` the one that the page of this block is about, and show what goes wrong with it."""
    token = _LOOKED_AT.set(run)
    try:
        with reading(run):
            yield run
    finally:
        _LOOKED_AT.reset(token)


def current_run() -> Run:
    """Return the run that the page is about.

    A fresh server takes the files in `pages/` for scripts of their own until `st.navigation` has been called once; a
    link to a page may then get here without Home.py. It is called here, and the page starts over.
    """
    run = _LOOKED_AT.get()
    if run is None:
        configure_page()
        navigate()
        st.rerun()
    return run


@contextmanager
def reading(run: Run) -> Iterator[None]:
    """Show an ArtifactError of the block in its place; if the run was rebuilt meanwhile, start over with it."""
    try:
        yield
    except ArtifactError as error:
        check_not_rebuilt(run)
        show_error(error)


def check_not_rebuilt(run: Run) -> None:
    """Start the page over, once, if the run was rebuilt since it was opened: what cannot be read may be there now."""
    if _was_rebuilt(run) and st.session_state.get(_REOPENED_KEY) != run.digest:
        st.session_state[_REOPENED_KEY] = run.digest
        st.rerun()


def _was_rebuilt(run: Run) -> bool:
    try:
        return Run.open(run.root).digest != run.digest
    except ArtifactError:
        return False
