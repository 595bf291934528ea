"""Cached reads of the Errors page; shared by all sessions, never to be changed."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.outcome_counts import ErrorOrder, OutcomeCounts, count_outcomes
from core.analysis.ranking import RankBy, rank_rows
from core.analysis.row_filter import Projection, RowFilter
from core.analysis.tag_counts import TagCounts, count_tags
from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.charts.outcomes import make_outcome_chart
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.place import make_place_chart, sample_places
from core.charts.row_answers import make_row_answers_chart
from core.charts.specs import Spec, to_spec
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection

_KEPT = 32


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner="Ranking the rows …")
def load_ranking(run: Run, row_filter: RowFilter, model: ModelName, by: RankBy) -> npt.NDArray[np.int32]:
    """Return the ids of the rows that a filter selects, those to read first on top."""
    return rank_rows(load_rows(run), load_selection(run, row_filter), model, by)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_outcome_counts(run: Run, row_filter: RowFilter, model: ModelName) -> OutcomeCounts:
    """Return how the models did on the rows that a filter selects, per true class."""
    return count_outcomes(load_rows(run), load_selection(run, row_filter), model)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_tag_counts(run: Run, row_filter: RowFilter, model: ModelName) -> list[TagCounts]:
    """Return how the models did on the rows that a filter selects, per tag."""
    return count_tags(load_rows(run), load_selection(run, row_filter), model)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_outcome_chart(run: Run, scored: RowFilter, model: ModelName, order: ErrorOrder, asked: RowFilter) -> Spec:
    """Return the chart of `load_outcome_counts(run, scored, model)`, with what the filter `asked` for standing out."""
    counts = load_outcome_counts(run, scored, model)
    return to_spec(
        make_outcome_chart(
            counts,
            run.manifest.corpus.classes,
            order=counts.order(order),
            true=asked.true,
            outcomes=asked.outcomes,
            stretch=True,
            ink=INK_OF_THE_PAGE,
        )
    )


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_row_answers_chart(run: Run, models: tuple[ModelName, ...], label: int, shown: tuple[int, ...]) -> Spec:
    """Return the chart of a row's probabilities without its bars; rows with the same label and classes share it."""
    classes = run.manifest.corpus.classes
    return to_spec(make_row_answers_chart(models, classes, label=label, shown=shown, stretch=True, ink=INK_OF_THE_PAGE))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_place_chart(run: Run, projection: Projection) -> tuple[Spec, pd.DataFrame]:
    """Return the map on which rows are found, and the sample of rows that is its background."""
    rows = load_rows(run)
    return to_spec(make_place_chart(rows.classes, stretch=True, ink=INK_OF_THE_PAGE)), sample_places(rows, projection)
