"""Where two models differ most: slices by the difference of their accuracies; a click chooses their rows."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.row_filter import RowFilter
from core.analysis.slice_lines import DifferingLine
from core.analysis.slices import SliceKind
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.charts.slices import make_differing_slices_chart
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.formatting import percent
from core.ui.slices.reads import NamedSlice, load_differing_lines
from core.ui.slices.slice_view import SliceView
from core.ui.slices.table import show_slice_table

_AT_EACH_END = 6


def show_differing(looked_at: SliceView, kinds: tuple[SliceKind, ...]) -> None:
    """Show the slices on which the second model gains most, and least.

    Args:
        looked_at: What the page looks at, with two models.
        kinds: Which kinds of slices; all when there is none.
    """
    run, split = looked_at.view.run, looked_at.split
    lines = [line for line in load_differing_lines(run, split) if looked_at.is_of(line.at, kinds)]
    if not lines:
        st.info("There is no slice of these kinds with enough rows on this split.", icon=":material/filter_alt_off:")
        return
    first, second = looked_at.slices.models
    _show_chart(looked_at, lines, kinds)
    show_slice_table(
        looked_at,
        differing_table(lines, looked_at.names, (first, second)),
        [line.at for line in lines],
        stem=f"{run.name}_model_differences_{split}",
        columns={
            **{
                MODEL_LABELS[model]: st.column_config.NumberColumn(
                    format="%.1f%%", width=130, help=f"Accuracy. {glossary.MODELS[model]}"
                )
                for model in (first, second)
            },
            "Difference": st.column_config.NumberColumn(format="%+.1f", width=80, help=glossary.MODEL_GAIN),
            "95% interval": st.column_config.TextColumn(width=130, help=glossary.PAIRED_INTERVAL),
            "p": st.column_config.NumberColumn(format="%.3f", width=60, help=glossary.PAIRED_P),
        },
    )


def differing_table(
    lines: Sequence[DifferingLine], names: Sequence[NamedSlice], models: tuple[ModelName, ModelName]
) -> pd.DataFrame:
    """Return one line per slice, accuracies in percent, differences in percentage points."""
    return pd.DataFrame(
        {
            "Slice": [names[line.at].name for line in lines],
            "Rows": [line.first.n_rows for line in lines],
            MODEL_LABELS[models[0]]: [100 * (line.first.share or 0) for line in lines],
            MODEL_LABELS[models[1]]: [100 * (line.second.share or 0) for line in lines],
            "Difference": [100 * line.gain for line in lines],
            "95% interval": [" to ".join(f"{100 * end:+.1f}" for end in line.gain_interval) for line in lines],
            "p": [line.p_paired for line in lines],
        }
    )


def _show_chart(looked_at: SliceView, lines: list[DifferingLine], kinds: tuple[SliceKind, ...]) -> None:
    """Show both ends of the lines, and the two accuracies on the whole split."""
    first, second = looked_at.slices.models
    all_shown = len(lines) <= 2 * _AT_EACH_END
    shown = lines if all_shown else [*lines[:_AT_EACH_END], *lines[-_AT_EACH_END:]]
    names = [looked_at.names[line.at].name for line in shown]
    chart = partial(make_differing_slices_chart, shown, names, (first, second))
    before, after = (1 - errors / looked_at.total.n_rows for errors in looked_at.total.n_errors)
    st.markdown(
        f"On the whole {SPLIT_LABELS[looked_at.split]} split: {MODEL_LABELS[first]} {percent(before)},"
        f" {MODEL_LABELS[second]} {percent(after)}, a difference of {100 * (after - before):+.1f} points."
    )
    show_clickable_chart(
        lambda: chart(opened=looked_at.opened, stretch=True),
        looked_at.view,
        key="slices_differing",
        field="at",
        pick=looked_at.filter_of,
        description=f"Accuracy of {MODEL_LABELS[first]} and of {MODEL_LABELS[second]} on slices",
        shows=RowFilter(split=looked_at.split),
        options=(kinds, looked_at.opened),
    )
    ends = f"Above the {_AT_EACH_END} slices with the largest difference, below the {_AT_EACH_END} with the smallest."
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("All slices, by the difference." if all_shown else ends)
        show_chart_downloads(
            partial(chart, title="Where the two models differ most", subtitle=looked_at.basis),
            stem=f"{looked_at.view.run.name}_differing_slices_{looked_at.split}",
        )
