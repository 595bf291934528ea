"""One row in full: its text, its label, what each model answered."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.row_filter import as_text
from core.analysis.rows import Rows, confidence_column
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.charts.palette import class_colours
from core.ui.filter.chips import column_label
from core.ui.formatting import percent
from core.ui.layout import show_facts
from core.ui.view import View

_TEXT = (
    '<div style="max-height:13rem;overflow:auto;overflow-wrap:anywhere;white-space:pre-wrap;line-height:1.5">{}</div>'
)
_ANSWER = (
    '<div style="display:flex;align-items:baseline;gap:.5rem;line-height:1.6">'
    '<span style="opacity:.65;width:8.5rem;flex:none">{what}</span>'
    '<span style="width:.7rem;height:.7rem;border-radius:50%;background:{colour};flex:none"></span>'
    '<span style="overflow-wrap:anywhere;min-width:0"><b>{name}</b> {says}</span></div>'
)
_NO_TEXT = "The texts of this run are not on this machine; the Overview names the command that puts them back."


def show_row_cards(view: View, *, clicked: int | None, chosen: int | None) -> None:
    """Show the row that was clicked on the map and the one chosen in the table; without either, how to get there."""
    st.subheader("One row", anchor=False)
    if clicked is None and chosen is None:
        st.caption("Click a point of the map, or choose a row of the table below, to read it here.")
    if clicked is not None:
        show_row_card(view, clicked, where="Clicked on the map")
    if chosen is not None and chosen != clicked:
        show_row_card(view, chosen, where="Chosen in the table")


def show_row_card(view: View, row: int, *, where: str) -> None:
    """Show one row of the run; `where` says how it was chosen."""
    rows = view.rows
    with st.container(border=True):
        st.caption(f"{where} · id {row} · {rows.frame['split'].iloc[row]} split")
        if rows.texts is None:
            st.caption(_NO_TEXT)
        else:
            st.html(text_block(rows.texts.iloc[row]))
        st.html("".join(answer_lines(rows, row)))
        metadata = {column_label(name): as_text(rows.frame[name].iloc[[row]]).iloc[0] for name in rows.metadata}
        show_facts([(name, None if pd.isna(value) else str(value)) for name, value in metadata.items()])


def text_block(text: str) -> str:
    """Return a text as HTML that shows it as it is, line breaks included; a long one scrolls."""
    return _TEXT.format(escape(text))


def answer_lines(rows: Rows, row: int) -> list[str]:
    """Return the label and the answer of each model as HTML, in which names are plain text."""
    colours = class_colours(len(rows.classes))
    label = int(rows.frame["label"].iloc[row])
    lines = [_ANSWER.format(what="True class", colour=colours[label], name=escape(rows.classes[label]), says="")]
    for model in reversed(rows.models):
        if model is ModelName.DUMMY and len(rows.models) > 1:
            continue
        pred = int(rows.pred(model)[row])
        confidence = percent(float(np.float64(rows.frame[confidence_column(model)].iloc[row])))
        lines.append(
            _ANSWER.format(
                what=escape(MODEL_LABELS[model]),
                colour=colours[pred],
                name=escape(rows.classes[pred]),
                says=f"{confidence} · {'correct' if pred == label else 'wrong'}",
            )
        )
    return lines
