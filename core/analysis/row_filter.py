"""Which rows are looked at: one filter for all pages, and the rows that it selects."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.metadata import text_codes
from core.analysis.rows import CLUSTER, Rows, confidence_column
from core.analysis.tags import OF_ANSWERS, Tag, tag_mask
from core.analysis.words import contains_word
from core.artifacts.schema import ModelName, Split

BoolArray = npt.NDArray[np.bool_]
CONFIDENCE = "confidence"
SIZES = ("n_chars", "n_words", "n_tokens")
RANGE_DIGITS = 10  # of the ends of ranges in an address
EXACT_FROM = 1e10  # large ends have all of their digits there
_MEASURED_FROM = 13


class Outcome(StrEnum):
    """How the models did on a row; the last three compare the baseline with the fine-tuned model."""

    CORRECT = "correct"
    WRONG = "wrong"
    FIXED = "fixed by fine-tuning"
    BROKEN = "broken by fine-tuning"
    WRONG_IN_BOTH = "wrong in both"


COMPARING = (Outcome.FIXED, Outcome.BROKEN, Outcome.WRONG_IN_BOTH)


class Projection(StrEnum):
    """The two maps of the vectors."""

    UMAP = "umap"
    PCA = "pca"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Values of one column between two ends, both included; an end of None is open."""

    column: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Rows whose metadata, written as text, is one of these values; BLANK stands for none."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapBox:
    """A rectangle on a map, its edges included."""

    projection: Projection
    x_low: float
    x_high: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """What a row must be to be looked at; every part must hold, within a part any of its values.

    `split` None stands for all splits, `model` None for the best expected one. Predicted classes, confidence, the
    outcomes correct and wrong, and tags about answers are those of `model`. Every one of `words` must stand in the
    text; a row must have any of `tags` and none of `without`.
    """

    split: Split | None = Split.TEST
    model: ModelName | None = None
    true: tuple[int, ...] = ()
    predicted: tuple[int, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    text: str = ""
    ranges: tuple[Range, ...] = ()
    values: tuple[Values, ...] = ()
    box: MapBox | None = None
    ids: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    clusters: tuple[int, ...] = ()
    tags: tuple[Tag, ...] = ()
    without: tuple[Tag, ...] = ()

    def with_range(self, wanted: Range) -> "RowFilter":
        """Return the filter with another range of that column; a range open at both ends takes it away."""
        others = tuple(r for r in self.ranges if r.column != wanted.column)
        is_open = wanted.low is None and wanted.high is None
        return replace(self, ranges=others if is_open else (*others, wanted))

    def with_values(self, wanted: Values) -> "RowFilter":
        """Return the filter with other values of that column; no value takes it away."""
        others = tuple(v for v in self.values if v.column != wanted.column)
        return replace(self, values=(*others, wanted) if wanted.values else others)

    def range_of(self, column: str) -> Range:
        """Return the range of a column, open at both ends if there is none."""
        return next((r for r in self.ranges if r.column == column), Range(column=column))

    def values_of(self, column: str) -> tuple[str, ...]:
        """Return the values of a metadata column; none if all are welcome."""
        return next((v.values for v in self.values if v.column == column), ())

    def without_answers(self) -> "RowFilter":
        """Return the filter without what depends on a model's answers or on the label.

        Scores are measured on these rows: choosing the wrong rows and then stating an accuracy of 0% says nothing.
        """
        ranges = tuple(r for r in self.ranges if r.column != CONFIDENCE)
        tags, without = (tuple(tag for tag in part if tag not in OF_ANSWERS) for part in (self.tags, self.without))
        return replace(self, true=(), predicted=(), outcomes=(), ranges=ranges, tags=tags, without=without)


def baseline_and_tuned(models: tuple[ModelName, ...]) -> tuple[ModelName, ModelName] | None:
    """Return the models that fixed and broken compare: the better baseline and the fine-tuned; None without both."""
    baselines = [model for model in models if model is not ModelName.FINETUNED]
    if ModelName.FINETUNED not in models or not baselines:
        return None
    return baselines[-1], ModelName.FINETUNED


def model_in_view(row_filter: RowFilter, models: tuple[ModelName, ...]) -> ModelName | None:
    """Return whose answers the filter is about: the chosen model, else the best expected one; None without any."""
    if row_filter.model in models:
        return row_filter.model
    return models[-1] if models else None


def select_rows(rows: Rows, row_filter: RowFilter) -> BoolArray:
    """Return which rows a filter selects, shape (rows,).

    The filter must be about what the rows have; `core.ui.filter.link` sees to that for a filter from outside.
    """
    frame = rows.frame
    selected = np.ones(len(frame), dtype=np.bool_)
    if row_filter.split is not None:
        selected &= (frame["split"] == row_filter.split.value).to_numpy()
    if row_filter.true:
        selected &= frame["label"].isin(row_filter.true).to_numpy()
    for wanted in row_filter.values:
        codes, names = text_codes(frame[wanted.column])
        selected &= np.isin(names, wanted.values)[codes]
    for interval in row_filter.ranges:
        if interval.column != CONFIDENCE:
            selected &= _within(frame[interval.column].to_numpy(dtype=np.float64, na_value=np.nan), interval)
    if row_filter.text and rows.texts is not None:
        found = rows.texts.str.contains(row_filter.text, case=False, regex=False)
        selected &= found.to_numpy(dtype=np.bool_)
    if rows.texts is not None:
        for word in row_filter.words:
            selected &= contains_word(rows.texts, word)
    if row_filter.clusters:
        selected &= frame[CLUSTER].isin(row_filter.clusters).to_numpy()
    if row_filter.box is not None:
        selected &= _inside(rows, row_filter.box)
    if row_filter.ids:
        selected &= frame.index.isin(row_filter.ids)
    return selected & _answers_match(rows, row_filter)


def outcome_mask(rows: Rows, outcome: Outcome, model: ModelName) -> BoolArray:
    """Return the rows with an outcome; fixed, broken and wrong in both are none where two models are lacking."""
    if outcome not in COMPARING:
        right = rows.right(model)
        return right if outcome is Outcome.CORRECT else ~right
    pair = baseline_and_tuned(rows.models)
    if pair is None:
        return np.zeros(len(rows), dtype=np.bool_)
    before, after = (rows.right(compared) for compared in pair)
    if outcome is Outcome.FIXED:
        return after & ~before
    return before & ~after if outcome is Outcome.BROKEN else ~before & ~after


def is_measure(values: pd.Series) -> bool:
    """Return whether a column is filtered by a range: numbers with more than a dozen different values, and sizes."""
    if values.name in SIZES:
        return True
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return is_number and values.nunique() >= _MEASURED_FROM


def _answers_match(rows: Rows, row_filter: RowFilter) -> BoolArray:
    selected = np.ones(len(rows), dtype=np.bool_)
    model = model_in_view(row_filter, rows.models)
    if row_filter.tags:
        selected &= np.any([tag_mask(rows, tag, model) for tag in row_filter.tags], axis=0)
    for tag in row_filter.without:
        selected &= ~tag_mask(rows, tag, model)
    if model is None:
        return selected
    if row_filter.predicted:
        selected &= np.isin(rows.pred(model), row_filter.predicted)
    if row_filter.outcomes:
        selected &= np.any([outcome_mask(rows, outcome, model) for outcome in row_filter.outcomes], axis=0)
    confidence = row_filter.range_of(CONFIDENCE)
    if confidence.low is not None or confidence.high is not None:
        selected &= _within(rows.frame[confidence_column(model)].to_numpy(dtype=np.float64), confidence)
    return selected


def _within(values: npt.NDArray[np.float64], interval: Range) -> BoolArray:
    selected = ~np.isnan(values)
    if interval.low is not None:
        selected &= values >= interval.low
    if interval.high is not None:
        selected &= values <= interval.high
    return selected


def _inside(rows: Rows, box: MapBox) -> BoolArray:
    x, y = (rows.frame[f"{box.projection}_{axis}"].to_numpy(dtype=np.float64) for axis in "xy")
    return (x >= box.x_low) & (x <= box.x_high) & (y >= box.y_low) & (y <= box.y_high)
