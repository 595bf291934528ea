"""Headline numbers of the rows under the filter."""

import streamlit as st

from core.ui import glossary
from core.ui.data.reads import load_corpus_summary
from core.ui.formatting import NOTHING, count, percent
from core.ui.view import View


def show_corpus_headline(view: View) -> None:
    """Show rows, classes, median words and the share of truncated texts, each with what it rests on."""
    summary = load_corpus_summary(view.run, view.filter)
    n_classes, encoder = len(view.rows.classes), view.run.manifest.encoder
    tokens = summary.tokens
    if tokens is None or encoder is None:
        truncated, basis = None, "no encoder has read the texts yet"
    else:
        truncated = tokens.truncated_share
        basis = f"{tokens.n_truncated:,} of {count(tokens.n_texts, 'row')}, cut after {encoder.max_length:,} tokens"
    cards = (
        ("Rows", f"{summary.n_rows:,}", f"of {len(view.rows):,} in the run", None),
        ("Classes", f"{summary.n_classes:,}", f"of {n_classes:,} in the run", None),
        ("Median words", f"{summary.median_words:,.6g}", f"of {count(summary.n_rows, 'row')}", glossary.WORDS),
        ("Truncated", NOTHING if truncated is None else percent(truncated), basis, glossary.TRUNCATED),
    )
    for column, (name, value, below, explanation) in zip(st.columns(len(cards), gap="small"), cards, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(name, value, help=explanation)
            st.caption(below)
