"""Cached reads: one copy per server, shared by all sessions, never to be changed by anybody.

The key is the run's digest, which changes with anything readable.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.metrics import RunMetrics, read_metrics
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, TRAINING_LOG, Split

_KEPT = 16
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
