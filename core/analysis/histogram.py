"""How often the values of a measured column occur, in bins whose ends are round."""

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from core.analysis.row_filter import EXACT_FROM, RANGE_DIGITS

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MAX_BINS = 40
_TAIL_FROM_QUANTILE = 0.995
_TAIL_IS_LONGER_BY = 1.5
_EXACT_UP_TO = 2**53
_DRAWN_UP_TO = 1e300  # so that neither an edge nor a difference of two is infinite


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One bar: values from `start` up to, without it, `end`; the last one takes whatever lies above if `is_open`.

    `low` and `high` are the closed range that selects the very same rows, `high` None where the bin is open. `n_chosen`
    of its `n_rows` rows pass the filter on this column too.
    """

    start: float
    end: float
    low: float
    high: float | None
    n_rows: int
    n_chosen: int

    @property
    def is_open(self) -> bool:
        """Return whether the bin has no upper end."""
        return self.high is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Bins of the rows that pass the filter on all other columns; `median` is that of the same rows.

    `n_missing` of these rows have no value. `is_whole` says that the values are whole numbers.
    """

    bins: tuple[Bin, ...]
    median: float | None
    n_rows: int
    n_missing: int
    is_whole: bool


def compute_histogram(values: FloatArray, counted: BoolArray, chosen: BoolArray) -> Histogram:
    """Return a histogram whose bins depend on the column alone, so that they stay when a filter changes.

    At most 40 bins, 1, 2, 3, 4 or 5 times a power of ten wide, whole for whole numbers. If the highest value is more
    than half as high again as the 99.5th percentile, the last bin is open and takes the tail.

    Args:
        values: The column for all rows, NaN where there is no value, shape (rows,).
        counted: Which rows are counted, shape (rows,).
        chosen: Which of them pass the filter on this column too, shape (rows,).

    Raises:
        ValueError: If the shapes differ.
    """
    if not values.shape == counted.shape == chosen.shape:
        raise ValueError(f"shapes are {values.shape}, {counted.shape} and {chosen.shape}, expected one for all")
    known = np.isfinite(values)
    here = counted & known
    all_values = values[known]
    is_whole = bool(((all_values == np.round(all_values)) & (np.abs(all_values) < _EXACT_UP_TO)).all())
    n_rows, n_missing = int(counted.sum()), int((counted & ~known).sum())
    if len(all_values) == 0:
        return Histogram(bins=(), median=None, n_rows=n_rows, n_missing=n_missing, is_whole=is_whole)
    drawn = np.clip(all_values, -_DRAWN_UP_TO, _DRAWN_UP_TO)
    edges, has_tail = _edges(drawn, is_whole=is_whole)
    position = np.searchsorted(edges[1:-1], values, side="right")
    n_bins = len(edges) - 1
    per_bin = np.bincount(position[here], minlength=n_bins).tolist()
    chosen_per_bin = np.bincount(position[here & chosen], minlength=n_bins).tolist()
    bins = [
        Bin(
            start=float(edges[i]),
            end=float(edges[i + 1]),
            low=low,
            high=None if has_tail and i == n_bins - 1 else high,
            n_rows=per_bin[i],
            n_chosen=chosen_per_bin[i],
        )
        for i, (low, high) in enumerate(_ranges(edges, all_values, position[known], is_whole=is_whole))
    ]
    median = float(np.clip(np.median(values[here]), -_DRAWN_UP_TO, _DRAWN_UP_TO)) if here.any() else None
    return Histogram(bins=tuple(bins), median=median, n_rows=n_rows, n_missing=n_missing, is_whole=is_whole)


def _edges(values: FloatArray, *, is_whole: bool) -> tuple[FloatArray, bool]:
    """Return the edges of the bins, and whether the last bin stands for all that lies above its start."""
    lowest, highest = float(values.min()), float(values.max())
    tail_from = float(np.quantile(values, _TAIL_FROM_QUANTILE))
    has_tail = tail_from > 0 and lowest >= 0 and highest > _TAIL_IS_LONGER_BY * tail_from
    last = tail_from if has_tail else highest
    between_edges = (last - lowest) / (MAX_BINS - 2)
    told_apart = 8 * float(np.spacing(max(abs(lowest), abs(last))))
    width = max(_round_width(between_edges, is_whole=is_whole), _round_width(told_apart, is_whole=False))
    first = math.floor(lowest / width)
    n_bins = math.floor(last / width) - first + 1
    edges: FloatArray = width * np.arange(first, first + n_bins + 1 + has_tail, dtype=np.float64)
    return edges, has_tail


def _round_width(at_least: float, *, is_whole: bool) -> float:
    """Return the smallest of …, 0.5, 1, 2, 3, 4, 5, 10, 20, … that is not smaller; at least 1 if it must be whole."""
    if (is_whole and at_least <= 1) or at_least == 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(width for step in (1, 2, 3, 4, 5, 10) if (width := step * power) >= at_least)


def _ranges(
    edges: FloatArray, values: FloatArray, position: npt.NDArray[np.intp], *, is_whole: bool
) -> list[tuple[float, float]]:
    """Return the closed range of each bin that holds its values and no others.

    Between measured values these are the lowest and highest value inside, since a range includes both of its ends;
    they are rounded outwards to the digits that an address keeps.
    """
    if is_whole:
        return [(float(start), float(end) - 1) for start, end in pairwise(edges)]
    ranges = []
    for i, start in enumerate(edges[:-1]):
        inside = values[position == i]
        ends = (inside.min(), inside.max()) if len(inside) else (start, start)
        ranges.append((_rounded(float(ends[0]), ROUND_FLOOR), _rounded(float(ends[1]), ROUND_CEILING)))
    return ranges


def _rounded(value: float, rounding: str) -> float:
    if abs(value) >= EXACT_FROM:
        return value
    return float(Context(prec=RANGE_DIGITS, rounding=rounding).create_decimal_from_float(value))
