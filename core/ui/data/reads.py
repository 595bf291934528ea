"""Cached results of the Data page, each keyed by the run's digest and the filter."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from core.analysis.class_balance import ClassBalance, compute_class_balance
from core.analysis.corpus_summary import CorpusSummary, summarize_corpus
from core.analysis.histogram import Histogram, compute_histogram
from core.analysis.row_filter import Range, RowFilter, Values
from core.analysis.typical_words import TypicalWord, compute_typical_words
from core.analysis.value_counts import ValueCounts, compute_value_counts
from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection
from core.ui.word_reads import count_words_of

_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalWords:
    """Typical words of each class, in class order, on `n_texts` texts out of `n_rows` rows."""

    words: list[list[TypicalWord]]
    n_texts: int
    n_rows: int


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_corpus_summary(run: Run, row_filter: RowFilter) -> CorpusSummary:
    """Return the summary of the rows that pass a filter, at least one."""
    return summarize_corpus(load_rows(run), load_selection(run, row_filter))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_class_balance(run: Run, row_filter: RowFilter) -> ClassBalance:
    """Return the classes of every split among the rows that pass a filter, whatever split and class it asks for."""
    return compute_class_balance(load_rows(run), load_selection(run, replace(row_filter, split=None, true=())))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_histogram(run: Run, row_filter: RowFilter, column: str) -> Histogram:
    """Return the histogram of a column of numbers, on the rows that pass the filter on all other columns."""
    counted = load_selection(run, row_filter.with_range(Range(column=column)))
    values = load_rows(run).frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    return compute_histogram(values, counted, load_selection(run, row_filter))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_value_counts(
    run: Run, row_filter: RowFilter, scored_filter: RowFilter, column: str, model: ModelName | None
) -> ValueCounts:
    """Return how often each value of a metadata column occurs, on the rows that pass the filter on all other columns.

    Args:
        run: The run.
        row_filter: Which rows are counted.
        scored_filter: Which rows the model is measured on.
        column: The metadata column.
        model: Whose accuracy is measured, if anybody's.
    """
    rows = load_rows(run)
    anything = Values(column=column, values=())
    return compute_value_counts(
        rows.frame[column],
        load_selection(run, row_filter.with_values(anything)),
        scored=load_selection(run, scored_filter.with_values(anything)),
        right=None if model is None else rows.right(model),
        keep=row_filter.values_of(column),
    )


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner="Counting words …")
def load_typical_words(run: Run, row_filter: RowFilter) -> TypicalWords:
    """Return the typical words on the rows that pass a filter, whatever class and text it asks for.

    The run must have texts. Of more than 50,000 rows so many are drawn at random.
    """
    ids = load_selection(run, replace(row_filter, true=(), text="")).nonzero()[0]
    counted, counts = count_words_of(run, ids)
    rows = load_rows(run)
    label = rows.frame["label"].to_numpy()[counted]
    words = compute_typical_words(counts, label, n_classes=len(rows.classes))
    return TypicalWords(words=words, n_texts=len(counted), n_rows=len(ids))
