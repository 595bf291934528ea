"""Cached results of the Overview, each keyed by the run's digest and the filter."""

import streamlit as st

from core.analysis.pointers import Pointer, find_pointers
from core.analysis.row_filter import RowFilter
from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection_metrics

_KEPT = 64


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_pointers(run: Run, scored: RowFilter, model: ModelName) -> list[Pointer]:
    """Return what to look at first in the rows that a filter selects; the model must be measured on them."""
    (measured,) = (metrics for metrics in load_selection_metrics(run, scored) if metrics.model is model)
    return find_pointers(load_rows(run), scored, measured)
