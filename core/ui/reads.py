"""Cached reads: one copy per server, shared by all sessions, never to be changed by anybody.

The key is the run's digest, which changes with anything readable.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.filter_choices import FilterChoices, compute_filter_choices
from core.analysis.metrics import RunMetrics, SplitMetrics, read_metrics
from core.analysis.row_filter import RowFilter, select_rows
from core.analysis.rows import Rows, read_rows
from core.analysis.selection import measure_rows
from core.analysis.token_lengths import TokenLengths, compute_token_lengths
from core.artifacts.run import Run
from core.artifacts.schema import FEATURES, METRICS, TRAINING_LOG, ModelName
from core.ui.caching import BY_DIGEST

_KEPT = 16
_KEPT_SELECTIONS = 64


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_metrics(run: Run) -> RunMetrics:
    """Return a run's metrics.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return read_metrics(run)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_training_log(run: Run) -> pd.DataFrame:
    """Return the log of the fine-tuning.

    Raises:
        ArtifactError: If it is missing or damaged.
    """
    return run.read_table(TRAINING_LOG)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_token_lengths(run: Run) -> TokenLengths:
    """Return how long the texts of all splits are in tokens, and how many were cut.

    Raises:
        ArtifactError: If the features are missing or damaged.
    """
    features = run.read_table(FEATURES)
    return compute_token_lengths(features["n_tokens"].to_numpy(), features["truncated"].to_numpy())


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner="Reading the rows …")
def load_rows(run: Run) -> Rows:
    """Return all rows of a run.

    Raises:
        ArtifactError: If the examples are missing or damaged.
    """
    return read_rows(run)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_filter_choices(run: Run) -> FilterChoices:
    """Return what the rows of a run can be filtered by."""
    return compute_filter_choices(load_rows(run))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_probabilities(run: Run, model: ModelName) -> npt.NDArray[np.float32]:
    """Return a model's class probabilities, shape (rows, classes).

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return run.read_probabilities(model)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner=False)
def load_selection(run: Run, row_filter: RowFilter) -> npt.NDArray[np.bool_]:
    """Return which rows a filter selects, shape (rows,); the filter must fit the run."""
    return select_rows(load_rows(run), row_filter)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner=False)
def load_selection_metrics(run: Run, row_filter: RowFilter) -> list[SplitMetrics]:
    """Return the metrics of every model on the rows of a filter that names a split; none if there is no row.

    Those of a whole split are read, others computed.

    Raises:
        ArtifactError: If a file that is needed is damaged.
    """
    rows = load_rows(run)
    if row_filter == RowFilter(split=row_filter.split, model=row_filter.model) and run.record(METRICS) is not None:
        metrics = load_metrics(run)
        whole = [metrics.get(model, row_filter.split) for model in metrics.models if row_filter.split is not None]
        return [found for found in whole if found is not None]
    selected = load_selection(run, row_filter)
    return [
        measured
        for model in rows.models
        if (measured := measure_rows(rows, model, load_probabilities(run, model), selected)) is not None
    ]
