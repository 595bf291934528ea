"""What the slices say in a few numbers."""

import streamlit as st

from core.analysis.slice_lines import Held
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.formatting import count, percent, plain
from core.ui.slices.reads import load_weak_lines
from core.ui.slices.slice_view import SliceView


def show_headline(looked_at: SliceView) -> None:
    """Show how many slices are weak, how many of these hold, and the one that explains most errors."""
    slices, model = looked_at.slices, looked_at.model
    tried = load_weak_lines(looked_at.view.run, model, slices.searched_on)
    found = [line for line in tried if line.is_beyond_chance]
    columns = st.columns(3, gap="medium")
    columns[0].metric(
        f"Wrong, {SPLIT_LABELS[looked_at.split]} split",
        f"{looked_at.n_errors:,} of {looked_at.total.n_rows:,}",
        help=f"Rows that {MODEL_LABELS[model]} gets wrong. {glossary.SPLIT}",
        border=True,
    )
    columns[1].metric(
        f"Weak slices found on {SPLIT_LABELS[slices.searched_on]}",
        f"{len(found):,} of {len(tried):,}",
        help=glossary.WEAK_SLICES,
        border=True,
    )
    if slices.checked_on is not None:
        columns[2].metric(
            f"Of these, hold on {SPLIT_LABELS[slices.checked_on]}",
            f"{sum(line.held is Held.HOLDS for line in found):,}",
            help=glossary.SLICE_HOLDS,
            border=True,
        )
    st.markdown(_worst(looked_at))
    st.caption(_basis(looked_at))


def _worst(looked_at: SliceView) -> str:
    lines = load_weak_lines(looked_at.view.run, looked_at.model, looked_at.split)
    split = SPLIT_LABELS[looked_at.split]
    worst = next((line for line in lines if looked_at.names[line.at].filter is not None), None)
    if worst is None or worst.explained_interval[0] <= 0:
        return f"On the {split} split, no slice is clearly worse than the rest."
    low, high = (max(0.0, end) for end in worst.explained_interval)
    return (
        f"**{plain(looked_at.names[worst.at].name)}** explains most errors on the {split} split: {worst.n_wrong:,} of"
        f" {count(worst.inside.n_rows, 'row')} wrong, {worst.explained:.0f} more than if they were like the rest (95%"
        f" interval {low:.0f} to {high:.0f}); accuracy {percent(worst.inside.share)} against"
        f" {percent(worst.outside.share)}."
    )


def _basis(looked_at: SliceView) -> str:
    slices = looked_at.slices
    searched, split = SPLIT_LABELS[slices.searched_on], SPLIT_LABELS[looked_at.split]
    n_combined = slices.n_combined[slices.models.index(looked_at.model)]
    tried = (
        f"Answers of {MODEL_LABELS[looked_at.model]}, whole {split} split, whatever the filter says. Picked on"
        f" {searched} among {count(slices.n_simple, 'condition')} and {count(n_combined, 'combination')}"
    )
    if looked_at.split != slices.searched_on:
        return f"{tried}, without a look at {split}: what made a slice stand out there by chance is gone here."
    return f"{tried}, on these very rows: chance makes the worst slices look worse than they are."
