"""The texts whose answer an edit changed: original and edited side by side, one page after the other."""

from collections.abc import Hashable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.behaviour import Behaviour
from core.analysis.edits import apply_edit
from core.analysis.row_filter import RowFilter
from core.analysis.text_changes import Part, around_change, compare_texts
from core.artifacts.run import stage_command
from core.artifacts.schema import BEHAVIOUR, Edit, ModelName, Stage
from core.charts.behaviour import order_edits
from core.charts.labels import EDIT_LABELS, MODEL_LABELS, percent
from core.charts.palette import RIGHT_COLOUR, WRONG_COLOUR
from core.ui.behaviour.meanings import EDIT_MEANINGS
from core.ui.behaviour.rates import EDIT_KEY
from core.ui.behaviour.reads import edit_seed, load_changed_cases
from core.ui.filter.link import MAX_IDS, encode_filter
from core.ui.formatting import count
from core.ui.one_row import class_html, visible
from core.ui.row_table import pick_page
from core.ui.tables import show_table_download
from core.ui.view import View

_PAGE_ROWS = 6
_SHOWN_CHARS = 700
_MARK = '<mark style="background:rgba(232,160,32,.38);color:inherit;border-radius:3px;padding:0 .08em">{}</mark>'
_SIDE = (
    '<div style="min-width:0"><div style="opacity:.65;font-size:.8rem">{}</div>'
    '<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5">{}</div></div>'
)
_CASE = (
    '<div style="display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:.5rem 1.6rem">{}</div>'
    '<div style="display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .7rem;margin-top:.5rem;font-size:.9rem">'
    '<span style="opacity:.65">label</span> {} <span style="opacity:.65;margin-left:1rem">answer</span> {} {}'
    ' <span style="opacity:.65">→</span> {} {}</div>'
)
_SIGN = '<span style="color:{}" title="{}">{}</span>'


def show_changed_texts(view: View, behaviour: Behaviour, model: ModelName) -> None:
    """Let the reader choose an edit, and show the texts under the filter whose answer it changed."""
    st.subheader(f"Changed answers: {MODEL_LABELS[model]}", anchor=False)
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with controls:
        edit = _pick_edit(behaviour, model)
    cases = load_changed_cases(view.run, view.filter, model, edit)
    st.caption(f"{EDIT_MEANINGS[edit]} {_which(view, cases)}")
    if view.rows.texts is not None and edit_seed(view.run) is None:
        st.info(
            "The edited texts cannot be shown, since they were made by other rules than today's. Make them anew with:",
            icon=":material/history:",
        )
        st.code(stage_command(view.run, Stage.BEHAVIOUR, BEHAVIOUR.path), language=None)
    if cases.empty:
        st.success(f"No answer to a text under this filter changed: {EDIT_LABELS[edit]}.", icon=":material/check:")
        return
    n_pages = -(-len(cases) // _PAGE_ROWS)
    with controls:
        position = pick_page(n_pages, key=f"behaviour_{edit}") if n_pages > 1 else 1
    for case in cases.iloc[(position - 1) * _PAGE_ROWS : position * _PAGE_ROWS].to_dict("records"):
        with st.container(border=True):
            st.html(_case_html(view, edit, case))
            _show_link(view, [case["id"]], label=f"Row {case['id']} on the Errors page")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _show_link(view, cases["id"].tolist()[:MAX_IDS], label=f"Read {count(len(cases), 'row')} on the Errors page")
        show_table_download(
            lambda: changed_table(view, edit, cases), stem=f"{view.run.name}_{edit}_{view.split}_{model}"
        )


def _pick_edit(behaviour: Behaviour, model: ModelName) -> Edit:
    order = order_edits(behaviour, model)
    if st.session_state.get(EDIT_KEY, order[0]) not in order:
        st.session_state[EDIT_KEY] = order[0]
    chosen: Edit = st.selectbox(
        "Edit", order, format_func=EDIT_LABELS.__getitem__, key=EDIT_KEY, bind="query-params", width=320
    )
    return chosen


def _which(view: View, cases: pd.DataFrame) -> str:
    label = view.rows.frame["label"].to_numpy()[cases["id"]]
    n_were_right = int((cases["original_pred"].to_numpy() == label).sum())
    return (
        f"{count(len(cases), 'answer')} under this filter changed, {n_were_right:,} of them right before: these first."
    )


def _case_html(view: View, edit: Edit, case: Mapping[Hashable, Any]) -> str:
    """Return a text before and after the edit, its label, and the answers, as HTML; names and texts escaped."""
    label = int(view.rows.frame["label"].iloc[case["id"]])
    answers = [
        part
        for when in ("original_", "")
        for part in (
            class_html(view.rows, case[f"{when}pred"], _sign(case[f"{when}pred"] == label)),
            f"<span>{percent(case[f'{when}confidence'])}</span>",
        )
    ]
    return _CASE.format(_sides(view, edit, case["id"]), class_html(view.rows, label), *answers)


def _sides(view: View, edit: Edit, row_id: int) -> str:
    """Return original and edited text with what differs marked; without texts, which row it is."""
    if view.rows.texts is None:
        return f'<div style="opacity:.65">Row {row_id}; its text is not on this machine.</div>'
    text, edited = view.rows.texts.iloc[row_id], edited_text(view, edit, row_id)
    if edited is None:
        return _SIDE.format("original", escape(visible(text[:_SHOWN_CHARS])))
    sides = zip(("original", "edited"), compare_texts(text, edited), strict=True)
    return "".join(_SIDE.format(name, _marked(around_change(parts, max_chars=_SHOWN_CHARS))) for name, parts in sides)


def edited_text(view: View, edit: Edit, row_id: int) -> str | None:
    """Return the edited text of a row, made anew; None without texts, or if today's edits are others."""
    seed = edit_seed(view.run)
    if view.rows.texts is None or seed is None:
        return None
    return apply_edit(edit, view.rows.texts.iloc[row_id], seed=seed)


def changed_table(view: View, edit: Edit, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the texts as they are saved: id, edit, texts where they are here, label, answers and confidences."""
    names = np.array(view.rows.classes, dtype=object)
    ids = cases["id"].to_numpy()
    columns: dict[str, Any] = {"id": ids, "edit": edit.value}
    if view.rows.texts is not None:
        columns["text"] = view.rows.texts.iloc[ids].to_numpy()
        columns["edited_text"] = [edited_text(view, edit, int(row_id)) for row_id in ids]
    columns["label"] = names[view.rows.frame["label"].to_numpy()[ids]]
    for when, prefix in (("before", "original_"), ("after", "")):
        columns[f"answer_{when}"] = names[cases[f"{prefix}pred"]]
        columns[f"confidence_{when}"] = cases[f"{prefix}confidence"].to_numpy(dtype=np.float64).round(6)
    return pd.DataFrame(columns)


def _marked(parts: list[Part]) -> str:
    return "".join(_MARK.format(escape(visible(p.text))) if p.changed else escape(visible(p.text)) for p in parts)


def _sign(right: bool) -> str:
    return _SIGN.format(*((RIGHT_COLOUR, "right", "✓") if right else (WRONG_COLOUR, "wrong", "✗")))


def _show_link(view: View, ids: Sequence[int], *, label: str) -> None:
    """Show a link to rows on the Errors page, where all that is known of them is shown."""
    wanted = RowFilter(split=view.split, model=view.filter.model, ids=tuple(ids))
    st.page_link(
        "pages/errors.py",
        label=label,
        icon=":material/rule:",
        query_params={"run": view.run.name, **encode_filter(wanted, view.rows.classes)},
    )
