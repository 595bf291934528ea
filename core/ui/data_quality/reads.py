"""Cached reads of the Data quality page; shared by all sessions, never to be changed."""

import pandas as pd
import streamlit as st

from core.analysis.issues import IssueCount, count_issues, lines_of
from core.analysis.row_filter import RowFilter
from core.analysis.scores_without import ScoreWithout, score_without
from core.artifacts.run import Run
from core.artifacts.schema import ISSUES, Issue, ModelName
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_probabilities, load_rows, load_selection

_KEPT = 16
_KEPT_SELECTIONS = 64


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_issues(run: Run) -> pd.DataFrame:
    """Return all issues of a run.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return run.read_table(ISSUES)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner=False)
def load_issue_counts(run: Run, row_filter: RowFilter) -> dict[Issue, IssueCount]:
    """Return how many of the rows that a filter selects have each issue.

    Raises:
        ArtifactError: If the issues are missing or damaged.
    """
    return count_issues(load_issues(run), load_rows(run).frame["split"], load_selection(run, row_filter))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner=False)
def load_lines(run: Run, row_filter: RowFilter, issue: Issue) -> pd.DataFrame:
    """Return the lines of one issue whose rows a filter selects, the worst first.

    Raises:
        ArtifactError: If the issues are missing or damaged.
    """
    return lines_of(load_issues(run), issue, load_selection(run, row_filter))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT_SELECTIONS, show_spinner="Measuring …")
def load_scores_without(run: Run, official: RowFilter, model: ModelName) -> list[ScoreWithout]:
    """Return one model's scores on the rows of a filter, which names a split, and again without some of them.

    Raises:
        ArtifactError: If the predictions are damaged.
    """
    return score_without(load_rows(run), model, load_probabilities(run, model), load_selection(run, official))
