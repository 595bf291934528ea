"""Slices: groups of rows that a filter can name, how the models did on them, and the file that holds those of a run."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from core.analysis.results import Count, Result, Share, read_result, remedy_for
from core.analysis.row_filter import Range, RowFilter, Values
from core.analysis.rows import CLUSTER, Rows
from core.analysis.tags import Tag, known_tags
from core.analysis.words import is_word
from core.artifacts.run import Run
from core.artifacts.schema import NONE, SLICES, ModelName, Split, Stage
from core.errors import ArtifactError

MAX_CONDITIONS = 3


class SliceKind(StrEnum):
    """What a slice is made by: one condition of a kind, or several of any kind."""

    LENGTH = "length"
    METADATA = "metadata"
    CLASS = "class"
    CLUSTER = "cluster"
    TAG = "tag"
    WORD = "word"
    COMBINATION = "combination"


class Condition(Result):
    """What the rows of a slice have in common; fields that a kind does not need keep their defaults.

    A length or a measure lies between `low` and `high` in `column`, both included, an end of None is open; other
    metadata has the `value` in `column`. A class or cluster has a `number`; a tag is named by `value`. A word is where
    it stands, `start` to `end` of the text whose id is `number`: the words of a corpus may not be for everybody.
    """

    kind: SliceKind
    column: str = ""
    low: float | None = None
    high: float | None = None
    value: str | None = None
    number: Annotated[int, Field(ge=NONE)] = NONE
    start: Count = 0
    end: Count = 0

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        """Refuse a condition without what its kind needs: the file may come from somebody else."""
        is_range = self.low is not None or self.high is not None
        complete = {
            SliceKind.LENGTH: bool(self.column) and is_range,
            SliceKind.METADATA: bool(self.column) and is_range != (self.value is not None),
            SliceKind.CLASS: self.number != NONE,
            SliceKind.CLUSTER: self.number != NONE,
            SliceKind.TAG: self.value in set(Tag),
            SliceKind.WORD: self.number != NONE and self.start < self.end,
        }
        if not complete.get(self.kind, False):
            raise ValueError(f"a condition of the kind {self.kind} lacks what it needs")
        return self


class SliceOnSplit(Result):
    """The rows of a slice on one split; tuples have one number per model, in the order of the run's slices.

    `p_values` are those of Fisher's exact test of errors inside against outside. `p_adjusted` are corrected after
    Benjamini & Hochberg: on the split that was searched for all slices that were tried, on the other for those kept.
    `n_only_right` counts rows that only one of the two models gets right, `p_paired` is McNemar's exact test of that,
    corrected likewise; without two models they are empty and None.
    """

    split: Split
    n_rows: Count
    n_errors: tuple[Count, ...]
    p_values: tuple[Share, ...]
    p_adjusted: tuple[Share, ...]
    n_only_right: tuple[Count, ...]
    p_paired: Share | None


class Slice(Result):
    """A slice and its rows on each held-out split."""

    conditions: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=MAX_CONDITIONS)]
    splits: tuple[SliceOnSplit, ...]

    @property
    def kind(self) -> SliceKind:
        """Return what the slice is made by."""
        return self.conditions[0].kind if len(self.conditions) == 1 else SliceKind.COMBINATION

    def on(self, split: Split) -> SliceOnSplit | None:
        """Return the rows of the slice on a split; None if that was not looked at."""
        return next((part for part in self.splits if part.split == split), None)


class SplitTotals(Result):
    """All rows of a split, and how many of them each model gets wrong."""

    split: Split
    n_rows: Annotated[int, Field(ge=1)]
    n_errors: tuple[Count, ...]


class RunSlices(Result):
    """The slices of a run: searched for on one held-out split and, where there is another, checked on that.

    `n_simple` is the number of single conditions that were tried, `n_combined` that of combinations for each model.
    """

    classes: tuple[str, ...]
    models: Annotated[tuple[ModelName, ...], Field(min_length=1)]
    searched_on: Split
    min_support: Annotated[int, Field(ge=1)]
    n_simple: Count
    n_combined: tuple[Count, ...]
    totals: Annotated[tuple[SplitTotals, ...], Field(min_length=1)]
    slices: tuple[Slice, ...]

    @model_validator(mode="after")
    def _check_counts(self) -> Self:
        """Refuse counts that contradict each other."""
        n_models = len(self.models)
        splits = {total.split: total for total in self.totals}
        if self.searched_on not in splits or len(splits) < len(self.totals):
            raise ValueError("totals do not name each split once, the searched one among them")
        if len(self.n_combined) != n_models or any(len(total.n_errors) != n_models for total in self.totals):
            raise ValueError(f"there is not one number for each of {n_models} models")
        for found in self.slices:
            if [part.split for part in found.splits] != list(splits):
                raise ValueError("a slice is not counted on the splits of the totals")
            for part in found.splits:
                if {len(part.n_errors), len(part.p_values), len(part.p_adjusted)} != {n_models}:
                    raise ValueError(f"a slice has not one number for each of {n_models} models")
                total = splits[part.split]
                inside = zip(part.n_errors, total.n_errors, strict=True)
                if part.n_rows > total.n_rows or any(n > min(part.n_rows, of) for n, of in inside):
                    raise ValueError("a slice has more rows or errors than there are")
                if len(part.n_only_right) not in (0, 2) or sum(part.n_only_right) > part.n_rows:
                    raise ValueError("a slice has more rows that one model gets right than there are")
        return self

    @property
    def checked_on(self) -> Split | None:
        """Return the split on which the slices are checked; None if there is only one held-out split."""
        return next((total.split for total in self.totals if total.split != self.searched_on), None)

    def total(self, split: Split) -> SplitTotals | None:
        """Return all rows of a split; None if it was not looked at."""
        return next((total for total in self.totals if total.split == split), None)


def read_slices(run: Run) -> RunSlices:
    """Read the slices of a run.

    Raises:
        ArtifactError: If they are missing, do not fit the schema, or are about other classes or rows than the run's.
    """
    slices = read_result(run, SLICES, Stage.SLICES, RunSlices)
    manifest = run.manifest
    limits = {SliceKind.CLASS: len(slices.classes), SliceKind.WORD: manifest.n_rows}
    conditions = (condition for found in slices.slices for condition in found.conditions)
    if slices.classes != manifest.corpus.classes or any(
        condition.number >= limits[condition.kind] for condition in conditions if condition.kind in limits
    ):
        raise ArtifactError(
            f"{run.root / SLICES} is about the classes {', '.join(slices.classes)} or rows that this run has not,"
            f" expected {', '.join(manifest.corpus.classes)}; {remedy_for(run, SLICES, Stage.SLICES)}"
        )
    return slices


def slice_filter(conditions: Sequence[Condition], rows: Rows) -> RowFilter | None:
    """Return the filter, over all splits, that selects the rows of a slice; None if the run lacks what it is about.

    Args:
        conditions: What the rows have in common.
        rows: Rows of the run, those among them in which words of the conditions stand.
    """
    wanted = RowFilter(split=None)
    for condition in conditions:
        narrower = _with_condition(wanted, condition, rows)
        if narrower is None:
            return None
        wanted = narrower
    return wanted


def _with_condition(wanted: RowFilter, condition: Condition, rows: Rows) -> RowFilter | None:
    column, value = condition.column, condition.value
    narrower: RowFilter | None
    match condition.kind:
        case SliceKind.CLASS:
            narrower = replace(wanted, true=(condition.number,))
        case SliceKind.CLUSTER:
            narrower = replace(wanted, clusters=(condition.number,)) if CLUSTER in rows.frame else None
        case SliceKind.TAG:
            tag = Tag(str(value))
            narrower = replace(wanted, tags=(tag,)) if tag in known_tags(rows, None) else None
        case SliceKind.WORD:
            word = _word(condition, rows)
            narrower = None if word is None else replace(wanted, words=(*wanted.words, word))
        case _ if column not in rows.frame:
            narrower = None
        case _ if value is not None:
            narrower = wanted.with_values(Values(column=column, values=(value,)))
        case _:
            narrower = wanted.with_range(Range(column=column, low=condition.low, high=condition.high))
    return narrower


def _word(condition: Condition, rows: Rows) -> str | None:
    """Return the word that a condition points to, in lower case; None without texts, or if none stands there."""
    if rows.texts is None or condition.number not in rows.texts.index:
        return None
    word = str(rows.texts.at[condition.number])[condition.start : condition.end].lower()
    return word if is_word(word) else None
