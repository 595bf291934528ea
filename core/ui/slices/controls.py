"""What the Slices page shows: one model's weak slices or two models' differences, and which kinds."""

from enum import StrEnum

import streamlit as st

from core.analysis.slices import SliceKind
from core.ui.slices.slice_view import SliceView


class Lens(StrEnum):
    """The two ways to look at slices."""

    WEAK = "weak"
    DIFFERING = "differing"


_LENS_LABELS = {Lens.WEAK: "Where the model is weak", Lens.DIFFERING: "Where the two models differ most"}


def pick_lens(looked_at: SliceView) -> Lens:
    """Let the reader choose what to see; without two models there is no choice."""
    if len(looked_at.slices.models) < 2:
        return Lens.WEAK
    return Lens(
        st.segmented_control(
            "View",
            list(Lens),
            default=Lens.WEAK,
            format_func=_LENS_LABELS.__getitem__,
            required=True,
            key="slices_view",
            bind="query-params",
            label_visibility="collapsed",
        )
        or Lens.WEAK
    )


def pick_kinds(looked_at: SliceView) -> tuple[SliceKind, ...]:
    """Let the reader choose kinds of slices; none stands for all."""
    counts = {kind: sum(named.kind is kind for named in looked_at.names) for kind in SliceKind}
    chosen = st.pills(
        "Kinds",
        [kind for kind in SliceKind if counts[kind]],
        format_func=lambda kind: f"{kind}: {counts[kind]:,}",
        selection_mode="multi",
        key="slices_kinds",
        label_visibility="collapsed",
    )
    return tuple(chosen)
