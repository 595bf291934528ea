"""Cached reads: one copy per server, shared by all sessions, never to be changed by anybody.

The key is the run's digest, which changes with anything readable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.metrics import RunMetrics, SplitMetrics, read_metrics
from core.analysis.row_filter import SIZES, RowFilter, as_text, is_measure, select_rows
from core.analysis.rows import Rows, read_rows
from core.analysis.selection import measure_rows
from core.analysis.token_lengths import TokenLengths, compute_token_lengths
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, FEATURES, METRICS, TRAINING_LOG, ModelName, Split

_KEPT = 16
_KEPT_SELECTIONS = 64
_BY_DIGEST: dict[str | type[Any], Callable[[Any], Any]] = {Run: attrgetter("digest")}


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_metrics(run: Run) -> RunMetrics:
    """Return a run's metrics.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return read_metrics(run)


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_training_log(run: Run) -> pd.DataFrame:
    """Return the log of the fine-tuning.

    Raises:
        ArtifactError: If it is missing or damaged.
    """
    return run.read_table(TRAINING_LOG)


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_class_counts(run: Run) -> dict[Split, list[int]]:
    """Return the rows per class of each split, in class order.

    Raises:
        ArtifactError: If the examples are missing or damaged.
    """
    examples = run.read_table(EXAMPLES, ["split", "label"])
    n_classes = len(run.manifest.corpus.classes)
    return {
        split: examples.loc[examples["split"] == split.value, "label"]
        .value_counts()
        .reindex(range(n_classes), fill_value=0)
        .tolist()
        for split in Split
    }


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_token_lengths(run: Run) -> TokenLengths:
    """Return how long the texts of all splits are in tokens, and how many were cut.

    Raises:
        ArtifactError: If the features are missing or damaged.
    """
    features = run.read_table(FEATURES)
    return compute_token_lengths(features["n_tokens"].to_numpy(), features["truncated"].to_numpy())


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner="Reading the rows …")
def load_rows(run: Run) -> Rows:
    """Return all rows of a run.

    Raises:
        ArtifactError: If the examples are missing or damaged.
    """
    return read_rows(run)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoices:
    """What the columns of a run can be filtered by: lowest and highest value of some, all values of others."""

    ranges: dict[str, tuple[float, float]]
    values: dict[str, tuple[str, ...]]


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_filter_choices(run: Run) -> FilterChoices:
    """Return the choices of sizes and metadata; columns without any value are left out."""
    rows = load_rows(run)
    frame = rows.frame
    measures = [name for name in (*SIZES, *rows.metadata) if name in frame and is_measure(frame[name])]
    return FilterChoices(
        ranges={name: (float(frame[name].min()), float(frame[name].max())) for name in measures},
        values={
            name: values
            for name in rows.metadata
            if name not in measures and (values := tuple(sorted(as_text(frame[name]).dropna().unique())))
        },
    )


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_probabilities(run: Run, model: ModelName) -> npt.NDArray[np.float32]:
    """Return a model's class probabilities, shape (rows, classes).

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return run.read_probabilities(model)


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner=False)
def load_selection(run: Run, row_filter: RowFilter) -> npt.NDArray[np.bool_]:
    """Return which rows a filter selects, shape (rows,); the filter must fit the run."""
    return select_rows(load_rows(run), row_filter)


@st.cache_resource(hash_funcs=_BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner=False)
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
