"""Conditions that slices are made of: ranges of lengths and measures, values, classes, clusters, tags, words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.metadata import text_codes
from core.analysis.row_filter import is_measure
from core.analysis.rows import CLUSTER, Rows
from core.analysis.slices import Condition, SliceKind
from core.analysis.tags import OF_ANSWERS, Tag, known_tags, tag_mask
from core.analysis.words import word_pattern

BoolArray = npt.NDArray[np.bool_]

N_BINS = 5
_SIZES = ("n_words", "n_tokens", "n_chars")
MAX_VALUES = 50
MAX_WORDS = 2_000
_LEFT_OUT = OF_ANSWERS | {Tag.SUSPECTED_LABEL, Tag.SHORT, Tag.LONG}
"""Tags that rest on the very answers whose errors are counted, and those that lengths say better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Conditions, and which rows fulfil each: `masks` of shape (conditions, rows).

    `combined` says which of them combinations are made of, shape (conditions,).
    """

    conditions: tuple[Condition, ...]
    masks: BoolArray
    combined: BoolArray


def list_candidates(rows: Rows, *, min_support: int) -> Candidates:
    """Return the conditions that at least `min_support` of the rows fulfil, and as many do not.

    Args:
        rows: The rows that are searched, not necessarily all of the run.
        min_support: Rows that a slice has at least.
    """
    found = [
        (condition, mask, combined)
        for condition, mask, combined in _all_candidates(rows)
        if min_support <= int(mask.sum()) <= len(rows) - min_support
    ]
    masks = np.array([mask for _, mask, _ in found], dtype=np.bool_).reshape(len(found), len(rows))
    return Candidates(
        conditions=tuple(condition for condition, _, _ in found),
        masks=masks,
        combined=np.array([combined for _, _, combined in found], dtype=np.bool_),
    )


def _all_candidates(rows: Rows) -> Iterator[tuple[Condition, BoolArray, bool]]:
    """Yield conditions, the rows that fulfil them, and whether combinations are made of them.

    Only one measure of length takes part in combinations, since all say nearly the same. Tags do not: many of them
    look at the label, and would only find again that odd labels are hard.
    """
    frame, label = rows.frame, rows.frame["label"].to_numpy()
    first_size = True
    for column in (name for name in _SIZES if name in frame):
        bins = list(_bins(frame[column], SliceKind.LENGTH))
        yield from ((condition, mask, first_size) for condition, mask in bins)
        first_size = first_size and not bins
    for column in rows.metadata:
        values = _bins if is_measure(frame[column]) else _values
        yield from ((condition, mask, True) for condition, mask in values(frame[column], SliceKind.METADATA))
    for k in range(len(rows.classes)):
        yield Condition(kind=SliceKind.CLASS, number=k), label == k, True
    if CLUSTER in frame:
        cluster = frame[CLUSTER].to_numpy()
        for number in np.unique(cluster[cluster >= 0]):
            yield Condition(kind=SliceKind.CLUSTER, number=int(number)), cluster == number, True
    for tag in known_tags(rows, None):
        if tag not in _LEFT_OUT:
            yield Condition(kind=SliceKind.TAG, value=tag.value), tag_mask(rows, tag, None), False
    if rows.texts is not None:
        yield from ((condition, mask, True) for condition, mask in _words(rows.texts))


def _bins(values: pd.Series, kind: SliceKind) -> Iterator[tuple[Condition, BoolArray]]:
    """Yield up to five ranges with about equally many rows; equal values are never apart."""
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.sort(numbers[np.isfinite(numbers)])
    if not len(known):
        return
    firsts = np.unique(np.quantile(known, np.arange(1, N_BINS) / N_BINS, method="higher"))
    firsts = firsts[firsts > known[0]]
    if not len(firsts):
        return
    is_whole = bool((known == np.round(known)).all())
    edges = [(first - 1, first) if is_whole else (cut := _cut(known, first), cut) for first in firsts.tolist()]
    ends = [None, *edges, None]
    for before, after in pairwise(ends):
        low, high = None if before is None else before[1], None if after is None else after[0]
        mask = np.isfinite(numbers)
        mask &= True if low is None else numbers >= low
        mask &= True if high is None else numbers <= high
        yield Condition(kind=kind, column=str(values.name), low=low, high=high), mask


def _cut(known: npt.NDArray[np.float64], first: float) -> float:
    """Return a number with few digits between `first` and the value before it, so that no row is on a border."""
    before = float(known[np.searchsorted(known, first) - 1])
    middle = (before + first) / 2
    for digits in range(1, 17):
        short = float(f"{middle:.{digits}g}")
        if before < short < first:
            return short
    return first


def _values(values: pd.Series, kind: SliceKind) -> Iterator[tuple[Condition, BoolArray]]:
    """Yield the values of a column that most rows have."""
    codes, names = text_codes(values)
    n_rows = np.bincount(codes, minlength=len(names))
    for code in np.argsort(-n_rows, kind="stable")[:MAX_VALUES]:
        yield Condition(kind=kind, column=str(values.name), value=names[code]), codes == code


def _words(texts: pd.Series) -> Iterator[tuple[Condition, BoolArray]]:
    """Yield the words that stand in most texts, each as the place where it stands first."""
    word = re.compile(word_pattern())
    places: dict[str, Condition] = {}
    holders: dict[str, list[int]] = {}
    for position, (text_id, text) in enumerate(zip(texts.index, texts, strict=True)):
        lower = str(text).lower()
        for match in word.finditer(lower):
            holding = holders.setdefault(match.group(), [])
            if not holding or holding[-1] != position:
                holding.append(position)
            if match.group() not in places and len(lower) == len(text):
                places[match.group()] = Condition(
                    kind=SliceKind.WORD, number=int(text_id), start=match.start(), end=match.end()
                )
    for name in sorted(places, key=lambda name: (-len(holders[name]), name))[:MAX_WORDS]:
        mask = np.zeros(len(texts), dtype=np.bool_)
        mask[holders[name]] = True
        yield places[name], mask
