"""What the points of the map are coloured by: groups of rows, or a measure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.metadata import BLANK, as_text, value_label
from core.analysis.row_filter import Outcome, baseline_and_tuned, is_measure, outcome_mask
from core.analysis.rows import CLUSTER, Rows, confidence_column
from core.artifacts.schema import ModelName, Split

_MAX_NAMED = 12
_OTHER = "other values"
_SMALLER = "smaller clusters"
_SIZE = "n_words"


class ColourKind(StrEnum):
    """Kinds of colouring; outcome and confidence are those of one model."""

    TRUE = "true"
    PREDICTED = "predicted"
    OUTCOME = "outcome"
    CHANGE = "change"
    CONFIDENCE = "confidence"
    SPLIT = "split"
    CLUSTER = "cluster"
    COLUMN = "column"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourBy:
    """What to colour by; `model` belongs to predicted, outcome and confidence, `column` to a column of the rows."""

    kind: ColourKind
    model: ModelName | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Every row is in one group: `codes[i]` is its index in `names`, shape (rows,).

    The first `n_own` groups have a colour of their own, the others gather what is rare or missing.
    """

    names: tuple[str, ...]
    codes: npt.NDArray[np.int16]
    n_own: int

    def counts(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return the rows per group among those of a mask, shape (groups,)."""
        return np.bincount(self.codes[mask], minlength=len(self.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Every row has a number, shape (rows,), NaN where it is missing; colours span `low` to `high`."""

    values: npt.NDArray[np.float32]
    low: float
    high: float
    is_share: bool


Colouring = Groups | Measure


def colour_choices(rows: Rows, model: ModelName | None) -> list[ColourBy]:
    """Return what the rows can be coloured by; outcome and confidence are those of `model`."""
    choices = [ColourBy(kind=ColourKind.TRUE)]
    if model is not None:
        choices.append(ColourBy(kind=ColourKind.OUTCOME, model=model))
        choices.append(ColourBy(kind=ColourKind.CONFIDENCE, model=model))
        if baseline_and_tuned(rows.models) is not None:
            choices.append(ColourBy(kind=ColourKind.CHANGE))
        choices += [ColourBy(kind=ColourKind.PREDICTED, model=each) for each in reversed(rows.models)]
    columns = [name for name in (_SIZE, *rows.metadata) if name in rows.frame]
    choices.append(ColourBy(kind=ColourKind.SPLIT))
    if CLUSTER in rows.frame:
        choices.append(ColourBy(kind=ColourKind.CLUSTER))
    return [
        *choices,
        *(ColourBy(kind=ColourKind.COLUMN, column=name) for name in columns),
    ]


def colour_rows(rows: Rows, by: ColourBy) -> Colouring:
    """Return the colouring of all rows of a run, so that a colour means the same under every filter.

    Raises:
        ValueError: If a model or column that the choice needs is not named.
    """
    if by.kind is ColourKind.TRUE:
        return _of_classes(rows, rows.frame["label"].to_numpy())
    if by.kind is ColourKind.CHANGE:
        return _changes(rows)
    if by.kind is ColourKind.SPLIT:
        names = tuple(split.value for split in Split)
        return Groups(names=names, codes=_codes(rows.frame["split"], names), n_own=len(names))
    if by.kind is ColourKind.CLUSTER:
        return _of_clusters(rows.frame[CLUSTER].to_numpy())
    if by.kind is ColourKind.COLUMN:
        if by.column is None:
            raise ValueError("the colouring by a column names no column")
        return _of_column(rows.frame[by.column])
    if by.model is None:
        raise ValueError(f"the colouring by {by.kind} names no model")
    return _of_answers(rows, by.kind, by.model)


def error_rate(outcomes: Groups) -> Measure:
    """Return outcomes as a number, 1 for wrong, to average over many rows; colours are full at four times its mean."""
    wrong = (outcomes.codes == outcomes.names.index(Outcome.WRONG.value)).astype(np.float32)
    return Measure(values=wrong, low=0.0, high=min(1.0, 4 * float(wrong.mean())) or 1.0, is_share=True)


def _of_answers(rows: Rows, kind: ColourKind, model: ModelName) -> Colouring:
    if kind is ColourKind.PREDICTED:
        return _of_classes(rows, rows.pred(model))
    if kind is ColourKind.OUTCOME:
        wrong = ~rows.right(model)
        return Groups(names=(Outcome.CORRECT.value, Outcome.WRONG.value), codes=wrong.astype(np.int16), n_own=2)
    confidence = rows.frame[confidence_column(model)].to_numpy(dtype=np.float32)
    return Measure(values=confidence, low=1 / max(2, len(rows.classes)), high=1.0, is_share=True)


def _of_classes(rows: Rows, labels: npt.NDArray[np.integer[Any]]) -> Groups:
    return Groups(names=rows.classes, codes=labels.astype(np.int16), n_own=len(rows.classes))


def _changes(rows: Rows) -> Groups:
    """Return what fine-tuning changed: nothing in rows that both models got right."""
    compared = (Outcome.FIXED, Outcome.BROKEN, Outcome.WRONG_IN_BOTH)
    codes = np.zeros(len(rows), dtype=np.int16)
    for code, outcome in enumerate(compared, start=1):
        codes[outcome_mask(rows, outcome, ModelName.FINETUNED)] = code
    return Groups(names=("correct in both", *(outcome.value for outcome in compared)), codes=codes, n_own=4)


def _of_clusters(cluster: npt.NDArray[np.integer[Any]]) -> Groups:
    """Return the largest clusters, which come first in their numbers, and all others as one."""
    n_own = min(_MAX_NAMED - 1, int(cluster.max(initial=0)) + 1)
    names = [f"cluster {k}" for k in range(n_own)]
    if (cluster >= n_own).any():
        names.append(_SMALLER)
    return Groups(names=tuple(names), codes=np.minimum(cluster, n_own).astype(np.int16), n_own=n_own)


def _of_column(values: pd.Series) -> Colouring:
    if is_measure(values):
        with np.errstate(over="ignore"):
            numbers = values.to_numpy(dtype=np.float64, na_value=np.nan).astype(np.float32)
        is_known = np.isfinite(numbers)
        known = numbers[is_known]
        if len(known):
            numbers[~is_known] = np.nan
            return Measure(values=numbers, low=float(known.min()), high=float(known.max()), is_share=False)
    texts = as_text(values)
    missing = (texts == BLANK).to_numpy()
    frequent = texts[~missing].value_counts()
    named = tuple(sorted(frequent.index[:_MAX_NAMED], key=lambda name: (-frequent[name], name)))
    codes = _codes(texts, named)
    names = list(named)
    for name, rest in ((_OTHER, (codes < 0) & ~missing), (value_label(BLANK), missing)):
        if rest.any():
            codes[rest] = len(names)
            names.append(name)
    return Groups(names=tuple(names), codes=codes, n_own=len(named))


def _codes(values: pd.Series, names: tuple[str, ...]) -> npt.NDArray[np.int16]:
    """Return the index of each value in `names`, -1 for one that is not there."""
    codes: npt.NDArray[np.int16] = pd.Categorical(values.astype(object), categories=list(names)).codes.astype(np.int16)
    return codes
