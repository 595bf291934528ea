"""The filter as part of an address: written by name, so that it can be read, and read back without trusting it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TypeVar

from core.analysis.filter_choices import FilterChoices
from core.analysis.metadata import value_label
from core.analysis.row_filter import (
    COMPARING,
    CONFIDENCE,
    EXACT_FROM,
    RANGE_DIGITS,
    SIZES,
    MapBox,
    Outcome,
    Projection,
    Range,
    RowFilter,
    Values,
    baseline_and_tuned,
    model_in_view,
)
from core.analysis.rows import CLUSTER, Rows
from core.analysis.tags import Tag, known_tags
from core.analysis.words import is_word
from core.artifacts.schema import META_PREFIX, ModelName, Split

Params = dict[str, list[str]]

ALL_SPLITS = "all"
MAX_IDS = 2_000
MAX_TEXT = 200
_SHOWN = 40
_NAMED = 3
_MAX_WORDS = 10
_MAX_DIGITS = 12
_NAMES = (
    "split",
    "model",
    "true",
    "predicted",
    "outcome",
    CONFIDENCE,
    "q",
    "word",
    "cluster",
    "tag",
    "without",
    "box",
    "ids",
    *SIZES,
)
_Choice = TypeVar("_Choice", bound=StrEnum)
_Parsed = TypeVar("_Parsed")
_Default = TypeVar("_Default")


class _NotApplicableError(ValueError):
    """A part of a filter that the rows of this run cannot be asked for; the message says why."""


def is_filter_param(name: str) -> bool:
    """Return whether a query parameter belongs to the filter."""
    return name in _NAMES or name.startswith(META_PREFIX)


def encode_filter(row_filter: RowFilter, classes: Sequence[str]) -> Params:
    """Return the query parameters of a filter; those parts that every row passes are left out."""
    params: Params = {}
    if row_filter.split is not Split.TEST:
        params["split"] = [row_filter.split.value if row_filter.split else ALL_SPLITS]
    if row_filter.model is not None:
        params["model"] = [row_filter.model.value]
    params |= {
        name: [classes[k] for k in chosen]
        for name, chosen in (("true", row_filter.true), ("predicted", row_filter.predicted))
        if chosen
    }
    if row_filter.outcomes:
        params["outcome"] = [outcome.name.lower() for outcome in row_filter.outcomes]
    if row_filter.text:
        params["q"] = [row_filter.text]
    params |= {
        name: [str(value) for value in chosen]
        for name, chosen in (
            ("word", row_filter.words),
            ("cluster", row_filter.clusters),
            ("tag", row_filter.tags),
            ("without", row_filter.without),
        )
        if chosen
    }
    params |= {r.column: [f"{_end(r.low)}..{_end(r.high)}"] for r in row_filter.ranges}
    params |= {v.column: list(v.values) for v in row_filter.values}
    if row_filter.box is not None:
        box = row_filter.box
        ends = ",".join(f"{end:.7g}" for end in (box.x_low, box.x_high, box.y_low, box.y_high))
        params["box"] = [f"{box.projection}:{ends}"]
    if row_filter.ids:
        params["ids"] = [_spans(row_filter.ids)]
    return params


def decode_filter(
    params: Mapping[str, Sequence[str]], rows: Rows, choices: FilterChoices
) -> tuple[RowFilter, list[str]]:
    """Return the filter that query parameters name, and one sentence for each part that does not apply here.

    Whatever stands in an address, the filter fits the rows: what is unknown, malformed or too long is left out.

    Args:
        params: The parameters.
        rows: All rows of the run.
        choices: What these rows can be filtered by.
    """
    notes: list[str] = []

    def read(name: str, parse: Callable[[Sequence[str]], _Parsed], default: _Default) -> _Parsed | _Default:
        values = [value for value in params.get(name, ()) if value or name in choices.values]
        if not values:
            return default
        try:
            return parse(values)
        except _NotApplicableError as reason:
            notes.append(f"{reason}; this part of the filter was left out.")
            return default

    split: Split | None = rows.main_split
    if params.get("split"):
        split = read("split", lambda values: _split(values[0], rows), split)
    row_filter = RowFilter(
        split=split,
        model=read("model", lambda values: _model(values[0], rows), None),
        true=read("true", lambda names: _classes(names, rows, notes), ()),
        outcomes=read("outcome", lambda names: _outcomes(names, rows), ()),
        text=read("q", lambda values: _text(values[0], rows), ""),
        box=read("box", lambda values: _box(values[0], rows), None),
        ids=read("ids", lambda values: _ids(values[0], rows), ()),
        predicted=read("predicted", lambda names: _predicted(names, rows, notes), ()),
        words=read("word", lambda words: _words(words, rows), ()),
        clusters=read("cluster", lambda values: _clusters(values, rows), ()),
    )
    known = known_tags(rows, model_in_view(row_filter, rows.models))
    row_filter = replace(
        row_filter,
        tags=read("tag", lambda names: _tags(names, known), ()),
        without=read("without", lambda names: _tags(names, known), ()),
    )
    for column in (*SIZES, CONFIDENCE, *(name for name in params if name.startswith(META_PREFIX))):
        if column.startswith(META_PREFIX) and column not in choices.ranges:
            found = read(column, partial(_values, column, choices, notes), None)
            row_filter = row_filter if found is None else row_filter.with_values(found)
        else:
            wanted = read(column, partial(_range, column, rows, choices), None)
            row_filter = row_filter if wanted is None else row_filter.with_range(wanted)
    return row_filter, notes


def _choice(kind: type[_Choice], value: str, *, what: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise _NotApplicableError(f"There is no {what} {_short(value)}") from None


def _split(value: str, rows: Rows) -> Split | None:
    if value == ALL_SPLITS:
        return None
    split = _choice(Split, value, what="split")
    if not (rows.frame["split"] == split.value).any():
        raise _NotApplicableError(f"The split {split} has no rows in this run")
    return split


def _model(value: str, rows: Rows) -> ModelName:
    model = _choice(ModelName, value, what="model")
    if model not in rows.models:
        raise _NotApplicableError(f"This run has no predictions of the model {model}")
    return model


def _classes(names: Sequence[str], rows: Rows, notes: list[str]) -> tuple[int, ...]:
    """Return the classes that this run has; the others are noted."""
    unknown = [name for name in names if name not in rows.classes]
    if unknown:
        notes.append(f"This run has no class {', '.join(map(_short, unknown[:_NAMED]))}; the filter goes without.")
    return tuple(dict.fromkeys(rows.classes.index(name) for name in names if name in rows.classes))


def _predicted(names: Sequence[str], rows: Rows, notes: list[str]) -> tuple[int, ...]:
    if not rows.models:
        raise _NotApplicableError("This run has no predictions to filter by")
    return _classes(names, rows, notes)


def _outcomes(names: Sequence[str], rows: Rows) -> tuple[Outcome, ...]:
    by_name = {outcome.name.lower(): outcome for outcome in Outcome}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise _NotApplicableError(f"There is no outcome {_short(unknown[0])}")
    if not rows.models:
        raise _NotApplicableError("This run has no predictions to filter by")
    outcomes = tuple(dict.fromkeys(by_name[name] for name in names))
    if baseline_and_tuned(rows.models) is None and set(outcomes) & set(COMPARING):
        raise _NotApplicableError("This run has no baseline beside a fine-tuned model to compare")
    return outcomes


def _text(value: str, rows: Rows) -> str:
    if rows.texts is None:
        raise _NotApplicableError("The texts of this run are not on this machine, so they cannot be searched")
    if len(value) > MAX_TEXT:
        raise _NotApplicableError(f"A search of {len(value):,} characters is longer than {MAX_TEXT}")
    return value


def _words(words: Sequence[str], rows: Rows) -> tuple[str, ...]:
    _text(words[0], rows)
    bad = next((word for word in words if len(word) > MAX_TEXT or not is_word(word)), None)
    if bad is not None:
        raise _NotApplicableError(f"{_short(bad)} is no single word")
    return tuple(dict.fromkeys(words[:_MAX_WORDS]))


def _clusters(values: Sequence[str], rows: Rows) -> tuple[int, ...]:
    if CLUSTER not in rows.frame:
        raise _NotApplicableError("This run has no clusters yet")
    known = set(rows.frame[CLUSTER].unique())
    bad = next((value for value in values if not _is_id(value) or int(value) not in known), None)
    if bad is not None:
        raise _NotApplicableError(f"There is no cluster {_short(bad)}")
    return tuple(dict.fromkeys(int(value) for value in values))


def _tags(names: Sequence[str], known: Sequence[Tag]) -> tuple[Tag, ...]:
    tags = tuple(dict.fromkeys(_choice(Tag, name, what="tag") for name in names))
    unknown = next((tag for tag in tags if tag not in known), None)
    if unknown is not None:
        raise _NotApplicableError(f"This run does not know which rows are tagged {_short(unknown)}")
    return tags


def _range(column: str, rows: Rows, choices: FilterChoices, values: Sequence[str]) -> Range:
    """Return the range of a column; ends in the wrong order are the same range, as are those of a rectangle."""
    if column == CONFIDENCE and model_in_view(RowFilter(), rows.models) is None:
        raise _NotApplicableError("This run has no predictions to filter by")
    if column != CONFIDENCE and column not in choices.ranges:
        raise _NotApplicableError(f"This run has no column {_short(column)}")
    value = values[0]
    low, dots, high = value.partition("..")
    first, last = (_number(end, column) if end else None for end in (low, high))
    if not dots or (first is None and last is None):
        raise _NotApplicableError(f"{_short(value)} is no range of {column}, expected for example 3..12")
    if first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    return Range(column=column, low=first, high=last)


def _number(text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _NotApplicableError(f"{_short(text)} is no number for {what}")
    return number


def _values(column: str, choices: FilterChoices, notes: list[str], values: Sequence[str]) -> Values:
    """Return the values that some row has; the others are noted."""
    name = column.removeprefix(META_PREFIX)
    if column not in choices.values:
        raise _NotApplicableError(f"This run has no column {_short(name)}")
    known = choices.values[column].known
    unknown = [_short(value_label(value)) for value in values if value not in known]
    if unknown:
        notes.append(f"No row has the {name} {', '.join(unknown[:_NAMED])}; the filter goes without.")
    return Values(column=column, values=tuple(dict.fromkeys(value for value in values if value in known)))


def _box(value: str, rows: Rows) -> MapBox:
    name, _, ends = value.partition(":")
    projection = _choice(Projection, name, what="map")
    numbers = [_number(end, "a rectangle on the map") for end in ends.split(",")]
    if len(numbers) != 4:
        raise _NotApplicableError(f"{_short(value)} is no rectangle, expected umap:left,right,bottom,top")
    if f"{projection}_x" not in rows.frame:
        raise _NotApplicableError("This run has no map yet")
    x, y = sorted(numbers[:2]), sorted(numbers[2:])
    return MapBox(projection=projection, x_low=x[0], x_high=x[1], y_low=y[0], y_high=y[1])


def _ids(value: str, rows: Rows) -> tuple[int, ...]:
    ids: set[int] = set()
    for span in value.split(","):
        first, dash, last = span.partition("-")
        last = last if dash else first
        if not (_is_id(first) and _is_id(last) and int(first) <= int(last)):
            raise _NotApplicableError(f"{_short(span)} is no id, expected numbers such as 7,12-15")
        low, high = int(first), int(last)
        if high >= len(rows):
            raise _NotApplicableError(f"There is no row {high}; the ids of this run are 0-{len(rows) - 1}")
        if high - low + len(ids) >= MAX_IDS:
            raise _NotApplicableError(f"More than {MAX_IDS:,} ids are given")
        ids.update(range(low, high + 1))
    return tuple(sorted(ids))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def _spans(ids: Sequence[int]) -> str:
    """Return ids as a list with runs of neighbours put together: 7,12-15."""
    spans: list[list[int]] = []
    for i in sorted(ids):
        if spans and spans[-1][1] == i - 1:
            spans[-1][1] = i
        else:
            spans.append([i, i])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _end(value: float | None) -> str:
    """Return an end of a range with at most ten digits, or, as large numbers may need more, exactly."""
    if value is None:
        return ""
    return f"{value:.{RANGE_DIGITS}g}" if abs(value) < EXACT_FROM else repr(float(value)).removesuffix(".0")


def _short(value: str) -> str:
    return f"“{value}”" if len(value) <= _SHOWN else f"“{value[:_SHOWN]}…”"
