"""Cached counts of words; shared by all sessions, never to be changed."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.typical_words import MAX_TEXTS, WordCounts, count_words
from core.artifacts.run import Run
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows

_KEPT_RUNS = 4
_SEED = 0


def count_words_of(run: Run, ids: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.integer], WordCounts]:
    """Return which rows were counted, and the words of their texts: of more than 50,000 rows so many at random.

    Args:
        run: A run with texts.
        ids: The rows.

    Raises:
        ValueError: If the run has no texts.
    """
    texts = load_rows(run).texts
    if texts is None:
        raise ValueError(f"the run {run.name} has no texts, expected some")
    if len(ids) > MAX_TEXTS:
        ids = np.sort(np.random.default_rng(_SEED).choice(ids, MAX_TEXTS, replace=False))
    if len(texts) > MAX_TEXTS:
        return ids, count_words(texts.iloc[ids].tolist())
    every = _load_word_counts(run)
    return ids, WordCounts(matrix=every.matrix[ids], words=every.words)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT_RUNS, show_spinner=False)
def _load_word_counts(run: Run) -> WordCounts:
    """Return the words of all texts of a run, so that a change of the filter need not count again."""
    texts = load_rows(run).texts
    return count_words([] if texts is None else texts.tolist())
