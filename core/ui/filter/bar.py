"""The filter on top of a page: split, model, one chip per further part, and the form behind them."""

from dataclasses import replace

import streamlit as st

from core.analysis.row_filter import RowFilter, model_in_view
from core.analysis.rows import Rows
from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Split
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.filter.chips import Chip, chips_of
from core.ui.filter.form import show_filter_form
from core.ui.filter.link import ALL_SPLITS
from core.ui.filter.state import can_undo, change_filter, undo_filter
from core.ui.formatting import count, plain
from core.ui.reads import load_selection

_SPLIT_KEY = "filter_split"
_MODEL_KEY = "filter_model"
_MAX_SUGGESTED = 4


def show_filter_bar(run: Run, rows: Rows, row_filter: RowFilter, *, n_selected: int) -> None:
    """Show the filter, everything in it changeable, with the number of rows that it selects."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="filter_bar"):
        _pick_split(rows, row_filter)
        _pick_model(rows, row_filter)
        with st.popover("Filter", icon=":material/filter_alt:", key="filter_popover", width="content"):
            show_filter_form(run, rows, row_filter)
        st.button(
            "Undo",
            icon=":material/undo:",
            on_click=undo_filter,
            disabled=not can_undo(),
            key="filter_undo",
            help="Take back the last change of the filter.",
        )
    _show_chips(rows, row_filter, n_selected)
    if n_selected == 0:
        _show_what_to_relax(run, rows, row_filter)


def _pick_split(rows: Rows, row_filter: RowFilter) -> None:
    present = set(rows.frame["split"].unique())
    options = [split.value for split in (Split.TEST, Split.VALIDATION, Split.TRAIN) if split.value in present]
    st.session_state[_SPLIT_KEY] = row_filter.split.value if row_filter.split else ALL_SPLITS

    def change() -> None:
        chosen = st.session_state[_SPLIT_KEY]
        change_filter(replace(row_filter, split=None if chosen == ALL_SPLITS else Split(chosen)), rows)

    st.segmented_control(
        "Split", [*options, ALL_SPLITS], required=True, key=_SPLIT_KEY, on_change=change, help=glossary.SPLIT
    )


def _pick_model(rows: Rows, row_filter: RowFilter) -> None:
    """Let the reader choose whose answers count; nothing to choose with one model."""
    if len(rows.models) < 2:
        return
    st.session_state[_MODEL_KEY] = model_in_view(row_filter, rows.models)

    def change() -> None:
        chosen: ModelName = st.session_state[_MODEL_KEY]
        change_filter(replace(row_filter, model=None if chosen is rows.models[-1] else chosen), rows)

    st.selectbox(
        "Answers of",
        list(reversed(rows.models)),
        format_func=MODEL_LABELS.__getitem__,
        key=_MODEL_KEY,
        on_change=change,
        width=200,
        help="Predicted classes, outcomes and confidence, on all pages, are those of this model.",
    )


def _show_chips(rows: Rows, row_filter: RowFilter, n_selected: int) -> None:
    chips = chips_of(row_filter, rows.classes)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filter_chips"):
        st.markdown(f"**{n_selected:,}** of {count(len(rows), 'row')}", width="content")
        for position, chip in enumerate(chips):
            st.button(
                f"{plain(chip.label)} ✕",
                key=f"filter_chip_{position}",
                on_click=change_filter,
                args=(chip.without, rows),
                help="Take this part of the filter away.",
            )
        if len(chips) > 1:
            st.button(
                "Clear all",
                key="filter_clear",
                type="tertiary",
                on_click=change_filter,
                args=(RowFilter(split=row_filter.split, model=row_filter.model), rows),
                help="Take away everything but split and model.",
            )


def _show_what_to_relax(run: Run, rows: Rows, row_filter: RowFilter) -> None:
    """Say which part of the filter, taken away alone, brings rows back; the most rows first."""
    chips = chips_of(row_filter, rows.classes)
    if row_filter.split is not None:
        chips.append(Chip(label=f"split {row_filter.split}", without=replace(row_filter, split=None)))
    gains = [(int(load_selection(run, chip.without).sum()), chip) for chip in chips]
    helpful = sorted([(n, chip) for n, chip in gains if n], key=lambda gain: -gain[0])[:_MAX_SUGGESTED]
    if not helpful:
        st.info(
            "No row fits this filter, and no single part of it is the reason; clear all of it to start over.",
            icon=":material/filter_alt_off:",
        )
        return
    st.info("No row fits this filter. Take a part of it away:", icon=":material/filter_alt_off:")
    with st.container(horizontal=True, gap="small"):
        for position, (n_rows, chip) in enumerate(helpful):
            st.button(
                f"without {plain(chip.label)}: {count(n_rows, 'row')}",
                key=f"filter_relax_{position}",
                on_click=change_filter,
                args=(chip.without, rows),
            )
