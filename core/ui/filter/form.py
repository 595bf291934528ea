"""The form of the filter: a widget for each of its parts, each changing the filter at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.analysis.filter_choices import ColumnValues, Ends, slider_scale
from core.analysis.metadata import BLANK, value_label
from core.analysis.row_filter import (
    COMPARING,
    CONFIDENCE,
    SIZES,
    Outcome,
    Range,
    RowFilter,
    Values,
    baseline_and_tuned,
    model_in_view,
)
from core.analysis.rows import CLUSTER, Rows
from core.analysis.tags import Tag, known_tags
from core.artifacts.run import Run
from core.artifacts.schema import META_PREFIX
from core.charts.labels import TAG_LABELS
from core.ui import glossary
from core.ui.filter.chips import column_label
from core.ui.filter.link import MAX_TEXT
from core.ui.filter.state import change_filter
from core.ui.formatting import plain
from core.ui.reads import load_filter_choices

_Change = Callable[[Any], RowFilter]


def show_filter_form(run: Run, rows: Rows, row_filter: RowFilter) -> None:
    """Show a widget for each part of the filter that the run has something for."""
    left, right = st.columns(2, gap="medium")
    with left:
        _pick_text(rows, row_filter)
        _pick_classes("True class", row_filter.true, rows, lambda chosen: replace(row_filter, true=chosen))
        if rows.models:
            _pick_classes(
                "Predicted class", row_filter.predicted, rows, lambda chosen: replace(row_filter, predicted=chosen)
            )
            _pick_outcomes(rows, row_filter)
        _pick_tags("Tags", row_filter.tags, rows, row_filter, lambda chosen: replace(row_filter, tags=chosen))
        _pick_tags(
            "Without tags", row_filter.without, rows, row_filter, lambda chosen: replace(row_filter, without=chosen)
        )
        _pick_clusters(rows, row_filter)
    choices = load_filter_choices(run)
    with right:
        if rows.models:
            _pick_range(CONFIDENCE, Ends(low=0.0, high=1.0, is_whole=False), rows, row_filter)
        for column in (*SIZES, *rows.metadata):
            if column in choices.ranges:
                _pick_range(column, choices.ranges[column], rows, row_filter)
            elif column in choices.values:
                _pick_values(column, choices.values[column], rows, row_filter)


def _label(column: str) -> str:
    """Return the label of a widget; the name of metadata stands as it is, and is no Markdown."""
    label = column_label(column)
    return plain(label) if column.startswith(META_PREFIX) else label.capitalize()


def _changed(key: str, rows: Rows, change: _Change) -> Callable[[], None]:
    return lambda: change_filter(change(st.session_state[key]), rows)


def _pick_text(rows: Rows, row_filter: RowFilter) -> None:
    key = "filter_text"
    st.session_state[key] = row_filter.text
    there = rows.texts is not None
    st.text_input(
        "Text contains",
        key=key,
        max_chars=MAX_TEXT,
        disabled=not there,
        placeholder="any case" if there else "the texts are not on this machine",
        on_change=_changed(key, rows, lambda text: replace(row_filter, text=text.strip())),
        icon=":material/search:",
    )


def _pick_classes(
    label: str, chosen: tuple[int, ...], rows: Rows, change: Callable[[tuple[int, ...]], RowFilter]
) -> None:
    key = f"filter_{label.replace(' ', '_').lower()}"
    st.session_state[key] = [rows.classes[k] for k in chosen]
    st.multiselect(
        label,
        rows.classes,
        key=key,
        placeholder="any",
        on_change=_changed(key, rows, lambda names: change(tuple(rows.classes.index(name) for name in names))),
    )


def _pick_outcomes(rows: Rows, row_filter: RowFilter) -> None:
    key = "filter_outcomes"
    st.session_state[key] = list(row_filter.outcomes)
    comparable = baseline_and_tuned(rows.models) is not None
    st.multiselect(
        "Outcome",
        [outcome for outcome in Outcome if comparable or outcome not in COMPARING],
        key=key,
        placeholder="any",
        on_change=_changed(key, rows, lambda outcomes: replace(row_filter, outcomes=tuple(outcomes))),
        help="Correct and wrong: the answers of the chosen model. The others compare the logistic regression with the"
        " fine-tuned model.",
    )


def _pick_tags(
    label: str,
    chosen: tuple[Tag, ...],
    rows: Rows,
    row_filter: RowFilter,
    change: Callable[[tuple[Tag, ...]], RowFilter],
) -> None:
    key = f"filter_{label.replace(' ', '_').lower()}"
    st.session_state[key] = list(chosen)
    st.multiselect(
        label,
        known_tags(rows, model_in_view(row_filter, rows.models)),
        key=key,
        format_func=TAG_LABELS.__getitem__,
        placeholder="any" if label == "Tags" else "none",
        on_change=_changed(key, rows, lambda tags: change(tuple(tags))),
        help=glossary.TAGS if label == "Tags" else "Rows that have none of these tags.",
    )


def _pick_clusters(rows: Rows, row_filter: RowFilter) -> None:
    if CLUSTER not in rows.frame:
        return
    key = "filter_clusters"
    st.session_state[key] = list(row_filter.clusters)
    st.multiselect(
        "Cluster",
        sorted(int(k) for k in rows.frame[CLUSTER].unique()),
        key=key,
        placeholder="any",
        on_change=_changed(key, rows, lambda clusters: replace(row_filter, clusters=tuple(clusters))),
        help="Groups of texts that look alike to the frozen encoder, the largest first.",
    )


def _pick_range(column: str, ends: Ends, rows: Rows, row_filter: RowFilter) -> None:
    if ends.low >= ends.high:
        return
    scale = slider_scale(ends)
    if scale is None:
        st.caption(
            f"{_label(column)}: {ends.low:.4g} to {ends.high:.4g}, too wide for a slider; the bars on the Data page set"
            " ranges."
        )
        return
    low, high, step = scale
    key = f"filter_range_{column}"
    wanted = row_filter.range_of(column)
    chosen = [low if wanted.low is None else wanted.low, high if wanted.high is None else wanted.high]
    number = int if ends.is_whole else float
    st.session_state[key] = tuple(number(min(high, max(low, end))) for end in sorted(chosen))

    def change(picked: tuple[float, float]) -> RowFilter:
        at_low, at_high = picked[0] <= low, picked[1] >= high
        return row_filter.with_range(
            Range(column=column, low=None if at_low else picked[0], high=None if at_high else picked[1])
        )

    st.slider(
        _label(column),
        low,
        high,
        step=step,
        key=key,
        format="percent" if column == CONFIDENCE else None if ends.is_whole else "%.6g",
        on_change=_changed(key, rows, change),
    )


def _pick_values(column: str, values: ColumnValues, rows: Rows, row_filter: RowFilter) -> None:
    """Let the reader choose values; of a column with very many, the rare ones have to be typed."""
    if values.known <= {BLANK}:
        return
    key = f"filter_values_{column}"
    chosen = row_filter.values_of(column)
    st.session_state[key] = list(chosen)
    is_cut = len(values.offered) < len(values.known)
    st.multiselect(
        _label(column),
        list(dict.fromkeys((*values.offered, *chosen))),
        key=key,
        format_func=value_label,
        accept_new_options=is_cut,
        placeholder="any",
        help=f"The {len(values.offered):,} most frequent of {len(values.known):,} values; type any other in full."
        if is_cut
        else None,
        on_change=_changed(
            key, rows, lambda chosen: row_filter.with_values(Values(column=column, values=tuple(chosen)))
        ),
    )
