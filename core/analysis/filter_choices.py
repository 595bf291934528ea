"""What the sizes and metadata of a run can be filtered by."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.analysis.metadata import BLANK, text_codes
from core.analysis.row_filter import SIZES, is_measure
from core.analysis.rows import Rows

MAX_OFFERED = 200
_MAX_CHARS = 100
_EXACT_UP_TO = 2**53
_FINEST = 1e-9
_MIN_STEPS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Lowest and highest finite value of a measure; `is_whole` says that all of its values are whole numbers."""

    low: float
    high: float
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnValues:
    """The values of a column that is no measure: `known` all of them, `offered` those to choose from, in order."""

    known: frozenset[str]
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoices:
    """What columns can be filtered by: measures by a range, all other metadata by values."""

    ranges: Mapping[str, Ends]
    values: Mapping[str, ColumnValues]


def compute_filter_choices(rows: Rows) -> FilterChoices:
    """Return the choices of all sizes and metadata."""
    frame = rows.frame
    measures = [name for name in (*SIZES, *rows.metadata) if name in frame and is_measure(frame[name])]
    return FilterChoices(
        ranges={name: _ends(frame[name]) for name in measures},
        values={name: _values(frame[name]) for name in rows.metadata if name not in measures},
    )


def slider_scale(ends: Ends) -> tuple[float, float, float] | None:
    """Return lowest value, highest value and step of a slider over a measure; None where a browser cannot count so far.

    Whole numbers for a measure of whole numbers. Else the steps are 1, 2 or 5 times a power of ten, a hundred or a few
    more of them, and both ends are multiples of the step, so that the slider reaches every value.
    """
    span, largest = ends.high - ends.low, max(abs(ends.low), abs(ends.high))
    if largest >= _EXACT_UP_TO or (not ends.is_whole and span < _FINEST * largest):
        return None
    if ends.is_whole:
        return int(ends.low), int(ends.high), 1
    power = math.floor(math.log10(span / _MIN_STEPS))
    step = next(times * 10.0**power for times in (5, 2, 1) if times * 10.0**power * _MIN_STEPS <= span)
    digits = max(0, -power)
    low, high = (
        round(whole(end / step) * step, digits) for end, whole in ((ends.low, math.floor), (ends.high, math.ceil))
    )
    return float(low), float(high), float(round(step, digits))


def _ends(values: pd.Series) -> Ends:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = numbers[np.isfinite(numbers)]
    return Ends(low=float(finite.min()), high=float(finite.max()), is_whole=bool((finite == np.round(finite)).all()))


def _values(values: pd.Series) -> ColumnValues:
    """Return the values of a column; offered are the 200 most frequent that a list has room for, blank last."""
    codes, names = text_codes(values)
    n_rows = np.bincount(codes, minlength=len(names))
    short = [v for v, name in enumerate(names) if len(name) <= _MAX_CHARS]
    offered = [names[v] for v in sorted(short, key=lambda v: (-n_rows[v], names[v]))[:MAX_OFFERED]]
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return ColumnValues(
        known=frozenset(names),
        offered=tuple(sorted(offered, key=lambda name: (name == BLANK, float(name or 0) if is_number else 0, name))),
    )
