"""One row with an issue: its text, and what speaks against it."""

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from core.analysis.issues import PAIRED
from core.analysis.rows import Rows
from core.artifacts.schema import Issue
from core.charts.palette import class_colours
from core.ui.filter.state import change_filter
from core.ui.layout import show_facts
from core.ui.neighbours import show_neighbours
from core.ui.one_row import answers_html, facts_of, show_row_text
from core.ui.row_table import answering
from core.ui.view import View

_DOT = '<span style="display:inline-block;width:.72em;height:.72em;border-radius:2px;background:{}"></span> <b>{}</b>'
_SUGGESTION = '<div style="font-size:1.05rem">labelled {} → suggested {}</div>'
_PAIR = '<table class="plain" style="min-width:0"><tr><th>id</th><th>split</th><th>label</th></tr>{}</table>'


def show_detail(view: View, issue: Issue, line: pd.Series) -> None:
    """Show the row of one line, the row that it repeats if it does, and the ways to both.

    Args:
        view: What the page looks at.
        issue: Which issue.
        line: id, score, other row, suggested class.
    """
    row_id, other = int(line["id"]), int(line["other"])
    ids = [row_id, other] if issue in PAIRED else [row_id]
    if issue is Issue.SUSPECTED_LABEL:
        label = int(view.rows.frame["label"].iloc[row_id])
        st.html(_SUGGESTION.format(_class(view.rows, label), _class(view.rows, int(line["suggested"]))))
    show_row_text(view, row_id)
    if issue in PAIRED:
        if view.rows.texts is not None and view.rows.texts.iloc[row_id] != view.rows.texts.iloc[other]:
            show_row_text(view, other)
        st.html(pair_html(view.rows, ids))
    st.html(answers_html(view.rows, row_id, answering(view.rows)))
    show_neighbours(view, row_id)
    show_facts(facts_of(view.rows, row_id, view.model))
    _show_ways(view, ids)


def pair_html(rows: Rows, ids: list[int]) -> str:
    """Return a table of rows side by side: id, split, label."""
    body = ""
    for row_id in ids:
        split = escape(str(rows.frame["split"].iloc[row_id]))
        label = _class(rows, int(rows.frame["label"].iloc[row_id]))
        body += f"<tr><td>{row_id}</td><td>{split}</td><td>{label}</td></tr>"
    return _PAIR.format(body)


def _class(rows: Rows, k: int) -> str:
    return _DOT.format(class_colours(len(rows.classes))[k], escape(rows.classes[k]))


def _show_ways(view: View, ids: list[int]) -> None:
    what = "this row" if len(ids) == 1 else "both rows"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            "pages/errors.py",
            label=f"Open {what} in Errors",
            icon=":material/rule:",
            query_params={
                "run": view.run.name,
                "split": "all",
                "ids": ",".join(map(str, sorted(ids))),
                "outcome": ["correct", "wrong"],
                "row": str(ids[0]),
            },
        )
        st.button(
            f"Filter by {what}",
            icon=":material/filter_alt:",
            type="tertiary",
            key="quality_only",
            on_click=change_filter,
            args=(replace(view.filter, split=None, tags=(), without=(), ids=tuple(sorted(ids))), view.rows),
        )
