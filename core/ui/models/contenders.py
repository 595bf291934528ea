"""The models that can be compared on the rows of a page: those of its run, and of other runs with the same rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.comparison import PairedComparison
from core.analysis.paired_tests import Answers
from core.analysis.row_filter import RowFilter
from core.analysis.rows import origin_column
from core.analysis.same_rows import class_codes, find_same_rows, may_share_rows
from core.artifacts.run import Run, find_runs
from core.artifacts.schema import ModelName, Origin, Split
from core.charts.labels import MODEL_LABELS
from core.errors import ArtifactError
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection
from core.ui.score_reads import answers_of, compare_answers, load_pair
from core.ui.view import View

_KEPT = 64


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A model of a run; `is_here` if it is the run of the page."""

    run: Run
    model: ModelName
    is_here: bool

    @property
    def label(self) -> str:
        """Return what it is called, as plain text."""
        return MODEL_LABELS[self.model] + ("" if self.is_here else f" · run {self.run.name}")


def find_contenders(view: View) -> list[Contender]:
    """Return the models of the run, the best expected first, then those of other runs that have all rows of the split.

    A run that cannot be read is left out: its own pages say why.
    """
    found = [Contender(run=view.run, model=model, is_here=True) for model in reversed(view.rows.models)]
    artifacts_dir = view.run.root.parent
    for name in find_runs(artifacts_dir):
        if name == view.run.name:
            continue
        try:
            other = Run.open(artifacts_dir / name)
            if may_share_rows(view.run, other, view.split) and load_same_rows(view.run, other, view.split) is not None:
                models = load_rows(other).models
                found += [Contender(run=other, model=model, is_here=False) for model in reversed(models)]
        except ArtifactError:
            continue
    return found


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_same_rows(run: Run, other: Run, split: Split) -> npt.NDArray[np.int64] | None:
    """Return the id in `other` of each row of a split of `run`, in id order; None unless each of them is there.

    Raises:
        ArtifactError: If the examples of either run are missing or damaged.
    """
    return find_same_rows(run, other, split)


def load_contest(run: Run, scored: RowFilter, first: Contender, second: Contender) -> PairedComparison:
    """Return the second model against the first on the rows of a filter, at least one, all of one split.

    Raises:
        ArtifactError: If a file that is needed is damaged.
    """
    if first.is_here and second.is_here:
        return load_pair(run, scored, first.model, second.model)
    return _load_contest(run, scored, first=(first.run, first.model), second=(second.run, second.model))


def answers(run: Run, scored: RowFilter, who: Contender) -> Answers:
    """Return what a model says about the rows of a filter, at least one, in id order; classes are those of `run`.

    Raises:
        ArtifactError: If a file that is needed is damaged.
    """
    if who.is_here:
        return answers_of(run, scored, who.model)
    selected, split = load_selection(run, scored), scored.split
    ids = None if split is None else load_same_rows(run, who.run, split)
    if ids is None:
        raise ArtifactError(f"the run {who.run.name} does not have all rows of this split any more; choose another one")
    of_split = load_selection(run, RowFilter(split=split))
    theirs, there = load_rows(who.run), ids[selected[of_split]]
    origin = theirs.frame[origin_column(who.model)].iloc[there[0]]
    return Answers(
        model=who.model,
        origin=Origin(origin),
        pred=class_codes(run, who.run)[theirs.pred(who.model)[there]],
    )


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner="Resampling the rows …")
def _load_contest(
    run: Run, scored: RowFilter, *, first: tuple[Run, ModelName], second: tuple[Run, ModelName]
) -> PairedComparison:
    one, other = (
        answers(run, scored, Contender(run=of, model=model, is_here=of.name == run.name))
        for of, model in (first, second)
    )
    return compare_answers(run, scored, one, other)
