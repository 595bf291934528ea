"""Where one model is weak: slices as dots with intervals and as a table; a click chooses their rows."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.row_filter import RowFilter
from core.analysis.slice_lines import Held, WeakLine
from core.analysis.slices import SliceKind
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.charts.slices import make_weak_slices_chart
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.formatting import count, percent
from core.ui.slices.reads import NamedSlice, load_weak_lines
from core.ui.slices.slice_view import SliceView
from core.ui.slices.table import show_slice_table

CHART_LINES = 12
_HELD_LABELS = {
    Held.HOLDS: "✓ holds",
    Held.LEANS: "≈ leans",
    Held.FAILS: "✗ no",
    Held.TOO_FEW: "few rows",
    Held.UNCHECKED: "–",
}


def show_weak(looked_at: SliceView, kinds: tuple[SliceKind, ...]) -> None:
    """Show the slices that explain most errors.

    Args:
        looked_at: What the page looks at.
        kinds: Which kinds of slices; all when there is none.
    """
    run, model, split = looked_at.view.run, looked_at.model, looked_at.split
    lines = [line for line in load_weak_lines(run, model, split) if looked_at.is_of(line.at, kinds)]
    if not lines:
        st.info("There is no slice of these kinds on this split.", icon=":material/filter_alt_off:")
        return
    _show_chart(looked_at, lines[:CHART_LINES], kinds)
    checked_on = looked_at.slices.checked_on
    checked = None if checked_on is None else f"On {SPLIT_LABELS[checked_on]}"
    show_slice_table(
        looked_at,
        weak_table(lines, looked_at.names, checked=checked),
        [line.at for line in lines],
        stem=f"{run.name}_slices_{split}_{model}",
        columns={
            "Accuracy": st.column_config.NumberColumn(format="%.1f%%", help=glossary.ACCURACY, width=68),
            "95% interval": st.column_config.TextColumn(width=112, help="Wilson score interval of the accuracy."),
            "Rest": st.column_config.NumberColumn(format="%.1f%%", width=58, help=glossary.SLICE_REST),
            "Difference": st.column_config.NumberColumn(format="%+.1f", width=74, help=glossary.SLICE_DIFFERENCE),
            "Explains": st.column_config.NumberColumn(format="%.1f", width=64, help=glossary.ERRORS_EXPLAINED),
            "At least": st.column_config.NumberColumn(format="%.1f", width=60, help=glossary.EXPLAINED_AT_LEAST),
            "p": st.column_config.NumberColumn(format="%.3f", width=52, help=glossary.SLICE_P),
            **({} if checked is None else {checked: st.column_config.TextColumn(help=glossary.SLICE_HOLDS, width=84)}),
        },
    )


def weak_table(lines: Sequence[WeakLine], names: Sequence[NamedSlice], *, checked: str | None) -> pd.DataFrame:
    """Return one line per slice, shares in percent, differences in percentage points.

    Args:
        lines: The slices in their order.
        names: All slices of the run in words.
        checked: Name of the column about the split on which they are checked; None without one.
    """
    held = {} if checked is None else {checked: [_HELD_LABELS[line.held] for line in lines]}
    return pd.DataFrame(
        {
            "Slice": [names[line.at].name for line in lines],
            "Rows": [line.inside.n_rows for line in lines],
            "Wrong": [line.n_wrong for line in lines],
            "Accuracy": [100 * (line.inside.share or 0) for line in lines],
            "95% interval": [" – ".join(map(percent, line.inside.interval or ())) for line in lines],
            "Rest": [100 * (line.outside.share or 0) for line in lines],
            "Difference": [100 * line.difference for line in lines],
            "Explains": [line.explained for line in lines],
            "At least": [line.explained_interval[0] for line in lines],
            "p": [line.p_adjusted for line in lines],
        }
        | held
    )


def _show_chart(looked_at: SliceView, lines: Sequence[WeakLine], kinds: tuple[SliceKind, ...]) -> None:
    model, split = looked_at.model, looked_at.split
    overall = 1 - looked_at.n_errors / looked_at.total.n_rows
    names = [looked_at.names[line.at].name for line in lines]
    chart = partial(make_weak_slices_chart, lines, names, overall=overall)
    show_clickable_chart(
        lambda: chart(opened=looked_at.opened, stretch=True),
        looked_at.view,
        key="slices_weak",
        field="at",
        pick=looked_at.filter_of,
        description=f"Accuracy of {MODEL_LABELS[model]} with intervals on the slices that explain most errors",
        shows=RowFilter(split=split),
        options=(model, kinds, looked_at.opened),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"The {count(len(lines), 'slice')} that explain most errors. Lines are 95% intervals; the dashed line is"
            f" the whole split, {percent(overall)}."
        )
        show_chart_downloads(
            partial(chart, title=f"Weak slices: {MODEL_LABELS[model]}", subtitle=looked_at.basis),
            stem=f"{looked_at.view.run.name}_weak_slices_{split}_{model}",
        )
