"""Cached reads of the Slices page; shared by all sessions, never to be changed."""

from dataclasses import dataclass

import streamlit as st

from core.analysis.row_filter import RowFilter
from core.analysis.slice_lines import DifferingLine, WeakLine, differing_lines, weak_lines
from core.analysis.slices import Condition, RunSlices, SliceKind, read_slices, slice_filter
from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Split
from core.ui.caching import BY_DIGEST
from core.ui.cluster_names import load_cluster_names
from core.ui.filter.chips import chips_of
from core.ui.reads import load_rows

_KEPT = 16
NEEDS_TEXTS = "a word (needs the texts)"
_GONE = "{} that this run no longer has"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSlice:
    """A slice in words, and the filter of its rows; None where the run lacks here what the filter is about."""

    kind: SliceKind
    name: str
    filter: RowFilter | None


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_slices(run: Run) -> RunSlices:
    """Return the slices of a run.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return read_slices(run)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_names(run: Run) -> tuple[NamedSlice, ...]:
    """Return the slices of a run in words, in their order."""
    rows = load_rows(run)
    return tuple(
        NamedSlice(
            kind=found.kind,
            name=" and ".join(condition_name(one, run) for one in found.conditions),
            filter=slice_filter(found.conditions, rows),
        )
        for found in load_slices(run).slices
    )


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_weak_lines(run: Run, model: ModelName, split: Split) -> list[WeakLine]:
    """Return how a model does on every slice, by the least that they explain."""
    return weak_lines(load_slices(run), model, split)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_differing_lines(run: Run, split: Split) -> list[DifferingLine]:
    """Return how two models do on every slice, the largest gain first."""
    return differing_lines(load_slices(run), split)


def condition_name(condition: Condition, run: Run) -> str:
    """Return a condition in words: a cluster by its name, all else as the filter's chip says it."""
    rows = load_rows(run)
    wanted = slice_filter([condition], rows)
    if wanted is None:
        return NEEDS_TEXTS if condition.kind is SliceKind.WORD else _GONE.format(condition.kind)
    if condition.kind is SliceKind.CLUSTER:
        return load_cluster_names(run).get(condition.number, f"cluster {condition.number}")
    return next(chip.label for chip in chips_of(wanted, rows.classes))
