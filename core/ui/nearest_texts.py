"""Nearest training texts as a list to read, and ways to open their rows on the Errors page."""

from collections.abc import Callable
from html import escape

import streamlit as st

from core.analysis.map_points import snippet
from core.analysis.nearest_texts import NearestTexts
from core.analysis.row_filter import Outcome
from core.analysis.rows import Rows
from core.artifacts.run import Run
from core.charts.labels import percent
from core.ui import glossary
from core.ui.filter.link import ALL_SPLITS
from core.ui.one_row import class_html, visible

_CHARS = 300
_LIST = (
    '<div tabindex="0" role="region" aria-label="Nearest training texts" style="overflow-y:auto;max-height:19rem;'
    'border:1px solid rgba(128,136,148,.3);border-radius:.4rem;padding:0 .85rem;font-size:.875rem;line-height:1.45">{}'
    "</div>"
)
_ENTRY = (
    '<div style="padding:.45rem 0;border-bottom:1px solid rgba(128,136,148,.2)"><div style="display:flex;'
    'gap:.2rem .8em;flex-wrap:wrap;align-items:baseline"><span title="{}">{}</span>'
    '<span style="font-weight:600">{}</span><span style="opacity:.65;margin-left:auto">id {}</span></div>{}</div>'
)
_TEXT = '<div dir="auto" style="overflow-wrap:anywhere">{}</div>'
_OTHER = '<span title="another label">≠</span>'


def show_nearest_texts(
    run: Run, rows: Rows, nearest: NearestTexts, *, label: int, open_here: Callable[[int], None] | None = None
) -> None:
    """Show training texts, the nearest first, and a way to each.

    Args:
        run: The run.
        rows: All of its rows.
        nearest: The texts, at least one.
        label: The class that other labels are marked against.
        open_here: Opens a row on the Errors page itself, where a link would leave the address without its row.
    """
    st.html(nearest_html(rows, nearest, label=label))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Open row", width="content")
        for row_id in nearest.ids.tolist():
            if open_here is None:
                st.page_link("pages/errors.py", label=f"{row_id}", query_params=row_params(run, row_id))
            elif st.button(f"{row_id}", key=f"nearest_{row_id}", type="tertiary", on_click=open_here, args=(row_id,)):
                st.rerun()  # all of the page: the part with the rows knows the filter as it was


def nearest_html(rows: Rows, nearest: NearestTexts, *, label: int) -> str:
    """Return a list of texts: similarity, label, with ≠ behind another one, id, text; all escaped."""
    entries = ""
    for row_id, similarity, other in zip(nearest.ids, nearest.similarity, nearest.labels, strict=True):
        carried = class_html(rows, int(other), "" if other == label else _OTHER)
        text = ""
        if rows.texts is not None:
            text = _TEXT.format(escape(visible(snippet(rows.texts.iloc[row_id], n_chars=_CHARS))))
        entries += _ENTRY.format(escape(glossary.SIMILARITY), percent(float(similarity)), carried, row_id, text)
    return _LIST.format(entries)


def row_params(run: Run, row_id: int) -> dict[str, str | list[str]]:
    """Return the query parameters of the Errors page with one row, whatever its split and the answers to it."""
    return {
        "run": run.name,
        "split": ALL_SPLITS,
        "ids": str(row_id),
        "outcome": [Outcome.CORRECT.value, Outcome.WRONG.value],
        "row": str(row_id),
    }
