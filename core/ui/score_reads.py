"""Cached intervals and paired tests, each keyed by the runs' digests and the filter."""

import streamlit as st

from core.analysis.comparison import ModelScores, PairedComparison, RunComparison, read_comparison
from core.analysis.paired_tests import Answers, compare_pair
from core.analysis.row_filter import RowFilter
from core.analysis.rows import origin_column
from core.analysis.score_intervals import estimate_scores
from core.analysis.settings import ComparisonSettings
from core.artifacts.run import Run
from core.artifacts.schema import COMPARISON, ModelName, Origin, Split
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection
from core.ui.runs import reading
from core.ui.view import View

SEED = 42
N_RESAMPLES = ComparisonSettings().n_resamples
_KEPT = 64
_PATIENCE = "Resampling the rows …"


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_run_comparison(run: Run) -> RunComparison:
    """Return the intervals and paired tests of a run on whole splits.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return read_comparison(run)


def scores_of(view: View) -> dict[ModelName, ModelScores]:
    """Return the scores of every model on the scored rows with their intervals; none where they cannot be read."""
    with reading(view.run):
        return load_scores(view.run, view.scored_filter)
    return {}


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=_PATIENCE)
def load_scores(run: Run, scored: RowFilter) -> dict[ModelName, ModelScores]:
    """Return the scores of every model on the rows of a filter that names a split; none if there is no row.

    Those of a whole split are read if they were made, others computed.

    Raises:
        ArtifactError: If the file that is needed is damaged.
    """
    rows, selected = load_rows(run), load_selection(run, scored)
    if not selected.any():
        return {}
    kept = _kept(run, scored)
    found = {}
    for model in rows.models:
        stored = None if kept is None else kept.scores_of(model, _split(scored))
        found[model] = stored or estimate_scores(
            rows.frame["label"].to_numpy()[selected],
            rows.pred(model)[selected],
            n_classes=len(rows.classes),
            model=model,
            split=_split(scored),
            origin=answers_of(run, scored, model).origin,
            n_resamples=N_RESAMPLES,
            seed=SEED,
        )
    return found


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=_PATIENCE)
def load_pair(run: Run, scored: RowFilter, first: ModelName, second: ModelName) -> PairedComparison:
    """Return the second model against the first on the rows of a filter, at least one, all of one split.

    Raises:
        ArtifactError: If the file that is needed is damaged.
    """
    kept = _kept(run, scored)
    stored = None if kept is None else kept.pair(first, second, _split(scored))
    return stored or compare_answers(run, scored, answers_of(run, scored, first), answers_of(run, scored, second))


def answers_of(run: Run, scored: RowFilter, model: ModelName) -> Answers:
    """Return what a model of the run says about the rows of a filter, at least one."""
    rows, selected = load_rows(run), load_selection(run, scored)
    origin = rows.frame[origin_column(model)][selected].iloc[0]
    return Answers(model=model, origin=Origin(origin), pred=rows.pred(model)[selected])


def compare_answers(run: Run, scored: RowFilter, first: Answers, second: Answers) -> PairedComparison:
    """Return the second answers against the first, both about the rows of a filter."""
    rows, selected = load_rows(run), load_selection(run, scored)
    return compare_pair(
        rows.frame["label"].to_numpy()[selected],
        first,
        second,
        n_classes=len(rows.classes),
        split=_split(scored),
        n_resamples=N_RESAMPLES,
        seed=SEED,
    )


def _kept(run: Run, scored: RowFilter) -> RunComparison | None:
    """Return what the run has of whole splits, if the filter is about one."""
    is_whole = scored == RowFilter(split=scored.split, model=scored.model)
    return load_run_comparison(run) if is_whole and run.record(COMPARISON) is not None else None


def _split(scored: RowFilter) -> Split:
    if scored.split is None:
        raise ValueError("the filter names no split, expected one: models are measured on the rows of one split")
    return scored.split
