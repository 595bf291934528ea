"""How often answers change, per edit and per class; a click chooses what is read below."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.behaviour import Behaviour
from core.analysis.edits import SOFT
from core.analysis.row_filter import RowFilter
from core.artifacts.schema import Edit, ModelName
from core.charts.behaviour import (
    classes_by_changes,
    make_change_matrix_chart,
    make_change_rates_chart,
    order_edits,
)
from core.charts.labels import EDIT_LABELS, MODEL_LABELS, SPLIT_LABELS
from core.charts.palette import INK_OF_THE_PAGE
from core.ui.behaviour.meanings import EDIT_MEANINGS, STRICT_AND_SOFT
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.formatting import count, percent
from core.ui.tables import show_table_download
from core.ui.view import View

EDIT_KEY = "edit"
_CLASSES_SHOWN = 20


def chosen_edit(order: Sequence[Edit]) -> Edit:
    """Return the edit whose changed texts are read: the one chosen last, else the one that changes most answers."""
    named = {EDIT_LABELS[edit]: edit for edit in order}.get(st.query_params.get(EDIT_KEY, ""))
    chosen: Edit | None = st.session_state.get(EDIT_KEY, named)
    return order[0] if chosen is None or chosen not in order else chosen


def show_rates(view: View, behaviour: Behaviour, model: ModelName) -> None:
    """Show the rates per edit beside those of one model per edit and class, and all numbers as a table."""
    order = order_edits(behaviour, model)
    chosen = chosen_edit(order)
    by_edit, by_class = st.columns(2, gap="medium")
    with by_edit:
        _show_by_edit(view, behaviour, model, order, chosen)
    with by_class:
        _show_by_class(view, behaviour, model, order, chosen)
    _show_table(view, behaviour, order)


def _show_by_edit(view: View, behaviour: Behaviour, model: ModelName, order: list[Edit], chosen: Edit) -> None:
    st.subheader("By edit", anchor=False, help=STRICT_AND_SOFT)
    chart = partial(make_change_rates_chart, behaviour, order)

    def pick(at: int) -> None:
        st.session_state[EDIT_KEY] = list(Edit)[at]

    show_clickable_chart(
        lambda: chart(chosen=chosen, stretch=True),
        view,
        key="behaviour_edits",
        field="at",
        pick=pick,
        description="Share of texts whose answer changed, per edit and model, with intervals",
        shows=view.scored_filter,
        options=(model, chosen),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Lines are 95% intervals. In italics: can change the tone. Click a line to read its texts.")
        show_chart_downloads(
            partial(chart, title="Answers changed by edits", subtitle=_basis(view)),
            stem=f"{view.run.name}_edits_{view.split}",
        )


def _show_by_class(view: View, behaviour: Behaviour, model: ModelName, order: list[Edit], chosen: Edit) -> None:
    st.subheader(f"By class: {MODEL_LABELS[model]}", anchor=False)
    shown = classes_by_changes(behaviour, model, limit=_CLASSES_SHOWN)
    n_classes = len(view.rows.classes)
    chart = partial(make_change_matrix_chart, behaviour, model, view.rows.classes, order, shown=shown)

    def pick(cell: int) -> RowFilter:
        st.session_state[EDIT_KEY] = list(Edit)[cell // n_classes]
        return replace(view.filter, true=(cell % n_classes,))

    show_clickable_chart(
        lambda: chart(chosen=chosen, true=view.filter.true, stretch=True, ink=INK_OF_THE_PAGE),
        view,
        key="behaviour_classes",
        field="cell",
        pick=pick,
        description=f"Share of texts whose answer changed, per edit and true class, {MODEL_LABELS[model]}",
        shows=view.scored_filter,
        options=(model, chosen, view.filter.true),
    )
    some = f"The {len(shown)} of {n_classes} classes with the most changes. " if len(shown) < n_classes else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{some}Cells of fewer than 10 texts have no colour. Click a cell to read its texts.")
        show_chart_downloads(
            partial(chart, title=f"Answers changed by edits: {MODEL_LABELS[model]}", subtitle=_basis(view)),
            stem=f"{view.run.name}_edits_by_class_{view.split}_{model}",
        )


def _show_table(view: View, behaviour: Behaviour, order: list[Edit]) -> None:
    with st.expander("All numbers, and what each edit does", icon=":material/table_rows:"):
        table = rates_table(behaviour, order)
        st.dataframe(
            table,
            hide_index=True,
            placeholder="–",
            column_config={
                "Share": st.column_config.NumberColumn(format="%.1f%%", help="Changed answers of the texts edited."),
                "95% interval": st.column_config.TextColumn(help="Wilson score interval of the share."),
                "Were right": st.column_config.NumberColumn(
                    help="Of the changed answers, those right before the edit."
                ),
                "Confidence moves": st.column_config.NumberColumn(
                    format="%.1f%%", help="Mean distance, in percentage points, where the answer stayed the same."
                ),
                "What it does": st.column_config.TextColumn(width="large"),
            },
        )
        show_table_download(lambda: table, stem=f"{view.run.name}_edits_{view.split}")


def rates_table(behaviour: Behaviour, order: Sequence[Edit]) -> pd.DataFrame:
    """Return one line per edit and model, shares in percent."""
    return pd.DataFrame(
        [
            {
                "Edit": EDIT_LABELS[edit],
                "Keeps": "meaning, perhaps not the tone" if edit in SOFT else "meaning",
                "Model": MODEL_LABELS[model],
                "Texts": rate.n_rows,
                "Changed": rate.n_changed,
                "Share": 100 * rate.share,
                "95% interval": " – ".join(percent(end) for end in rate.interval),
                "Were right": rate.n_were_right,
                "Confidence moves": None if rate.confidence_shift is None else 100 * rate.confidence_shift,
                "What it does": EDIT_MEANINGS[edit],
            }
            for edit in order
            for model in reversed(behaviour.models)
            if (rate := behaviour.by_edit.get((model, edit))) is not None
        ]
    )


def _basis(view: View) -> str:
    n_rows = count(int(view.scored.sum()), "row")
    return f"run {view.run.name} · {SPLIT_LABELS[view.split]} split · edited texts among {n_rows}"
