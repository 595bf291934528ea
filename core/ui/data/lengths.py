"""How long the texts are, and which of them the encoder sees only in part."""

import streamlit as st

from core.artifacts.schema import FEATURES
from core.ui.data.histograms import show_clickable_histogram
from core.ui.filter.chips import column_label
from core.ui.notices import show_stage_missing
from core.ui.view import View

_TOKENS = "n_tokens"


def show_lengths(view: View) -> None:
    """Show a histogram of words, characters or tokens; a click on a bar sets the range of that column."""
    there = [column for column in ("n_words", "n_chars", _TOKENS) if column in view.rows.frame]
    names = {column_label(column).capitalize(): column for column in there}
    chosen = st.segmented_control(
        "Length in",
        list(names),
        default=column_label(_TOKENS if _TOKENS in there else there[0]).capitalize(),
        required=True,
        key="length",
        bind="query-params",
        label_visibility="collapsed",
    )
    column = names[chosen]
    encoder = view.run.manifest.encoder
    limit = encoder.max_length if encoder is not None and column == _TOKENS else None
    show_clickable_histogram(view, column, name=chosen, limit=limit, n_pixels=300)
    if _TOKENS not in there:
        show_stage_missing(view.run, FEATURES.stage, "Lengths in tokens", path=FEATURES.path)
