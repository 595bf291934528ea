"""One text or many: the two ways of using Try it."""

from enum import StrEnum

import streamlit as st

from core.artifacts.run import Run
from core.ui.try_it.answer_cards import show_cards
from core.ui.try_it.live import find_silent


class Amount(StrEnum):
    """How many texts at a time."""

    ONE = "one text"
    MANY = "many texts"


def pick_amount() -> Amount:
    """Return whether one text is asked about, or many at once."""
    chosen: Amount = st.segmented_control(
        "How many",
        list(Amount),
        default=Amount.ONE,
        required=True,
        key="amount",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen


def show_no_model(run: Run) -> None:
    """Say that no model of the run can read text on this machine, and which commands help."""
    st.info(
        "No model of this run can read new text on this machine yet; one of the commands below is enough.",
        icon=":material/pending:",
    )
    show_cards(run, [], find_silent(run))
