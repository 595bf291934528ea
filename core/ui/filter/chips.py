"""A filter in words: one chip for each of its parts, with the filter as it would be without it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.analysis.metadata import value_label
from core.analysis.row_filter import CONFIDENCE, Range, RowFilter, Values
from core.artifacts.schema import META_PREFIX
from core.charts.labels import TAG_LABELS
from core.ui.formatting import count

_MAX_NAMED = 3
_MAX_CHARS = 32
_COLUMN_LABELS = {CONFIDENCE: "confidence", "n_chars": "characters", "n_words": "words", "n_tokens": "tokens"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One active part of a filter: what it says, and the filter without it."""

    label: str
    without: RowFilter


def chips_of(row_filter: RowFilter, classes: Sequence[str]) -> list[Chip]:
    """Return a chip for each part that can turn rows away; split and model have controls of their own."""
    return list(_chips(row_filter, classes))


def column_label(column: str) -> str:
    """Return what a column is called on screen."""
    return _COLUMN_LABELS.get(column, column.removeprefix(META_PREFIX))


def _chips(row_filter: RowFilter, classes: Sequence[str]) -> Iterator[Chip]:
    if row_filter.true:
        names = _named([classes[k] for k in row_filter.true])
        yield Chip(label=f"true class: {names}", without=replace(row_filter, true=()))
    if row_filter.predicted:
        names = _named([classes[k] for k in row_filter.predicted])
        yield Chip(label=f"predicted: {names}", without=replace(row_filter, predicted=()))
    if row_filter.outcomes:
        yield Chip(label=_named(list(row_filter.outcomes)), without=replace(row_filter, outcomes=()))
    if row_filter.text:
        yield Chip(label=f"text has “{_cut(row_filter.text)}”", without=replace(row_filter, text=""))
    for word in row_filter.words:
        others = tuple(other for other in row_filter.words if other != word)
        yield Chip(label=f"word “{_cut(word)}”", without=replace(row_filter, words=others))
    if row_filter.clusters:
        names = _named([str(k) for k in row_filter.clusters])
        yield Chip(label=f"cluster {names}", without=replace(row_filter, clusters=()))
    if row_filter.tags:
        yield Chip(label=_named([TAG_LABELS[tag] for tag in row_filter.tags]), without=replace(row_filter, tags=()))
    for tag in row_filter.without:
        others_without = tuple(other for other in row_filter.without if other is not tag)
        yield Chip(label=f"without: {TAG_LABELS[tag]}", without=replace(row_filter, without=others_without))
    for interval in row_filter.ranges:
        label = f"{column_label(interval.column)} {_range(interval)}"
        yield Chip(label=label, without=row_filter.with_range(Range(column=interval.column)))
    for chosen in row_filter.values:
        label = f"{column_label(chosen.column)}: {_named([value_label(value) for value in chosen.values])}"
        yield Chip(label=label, without=row_filter.with_values(Values(column=chosen.column, values=())))
    if row_filter.box is not None:
        name = row_filter.box.projection.upper()
        yield Chip(label=f"rectangle on the {name} map", without=replace(row_filter, box=None))
    if row_filter.ids:
        ids = row_filter.ids
        label = f"id {ids[0]}" if len(ids) == 1 else count(len(ids), "chosen row")
        yield Chip(label=label, without=replace(row_filter, ids=()))


def _range(interval: Range) -> str:
    low, high = (None if end is None else _number(interval.column, end) for end in (interval.low, interval.high))
    if low is None:
        return f"≤ {high}"
    if high is None:
        return f"≥ {low}"
    return low if low == high else f"{low} to {high}"


def _number(column: str, value: float) -> str:
    return f"{100 * value:.4g}%" if column == CONFIDENCE else f"{value:,.10g}"


def _named(names: Sequence[str]) -> str:
    shown = " or ".join(_cut(name) for name in names[:_MAX_NAMED])
    return shown if len(names) <= _MAX_NAMED else f"{shown} or {len(names) - _MAX_NAMED} more"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_CHARS else f"{line[: _MAX_CHARS - 1]}…"
