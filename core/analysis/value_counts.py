"""How often each value of a metadata column occurs, and how well a model does on its rows."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.metadata import BLANK, text_codes
from core.analysis.rates import HitRate

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCount:
    """Rows with one value; `n_right` of the `n_scored` among them that a model is measured on are right.

    `value` is BLANK for the rows without one.
    """

    value: str
    n_rows: int
    n_scored: int
    n_right: int

    @property
    def accuracy(self) -> float | None:
        """Return the share of the scored rows that are right, in [0, 1]; None if none is scored."""
        return self._hits.share

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95% interval of the accuracy; None if no row is scored."""
        return self._hits.interval

    @property
    def _hits(self) -> HitRate:
        return HitRate(n_rows=self.n_scored, n_right=self.n_right)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCounts:
    """The values of a column on top of the list, and what is left out.

    `n_other_values` further values occur in `n_other_rows` rows.
    """

    values: tuple[ValueCount, ...]
    n_rows: int
    n_other_values: int
    n_other_rows: int


def compute_value_counts(
    column: pd.Series,
    counted: BoolArray,
    *,
    scored: BoolArray,
    right: BoolArray | None,
    keep: Collection[str] = (),
    n_top: int = 10,
) -> ValueCounts:
    """Return the most frequent values, most frequent first; those of a numeric column from the lowest to the highest.

    Rows without a value come last.

    Args:
        column: The metadata, shape (rows,).
        counted: Which rows are counted, shape (rows,).
        scored: Which rows the model is measured on, shape (rows,).
        right: Where the model is right, shape (rows,); None without a model.
        keep: Values that are listed however rare.
        n_top: At most so many values besides.
    """
    codes, written = text_codes(column)
    per_value = np.bincount(codes[counted], minlength=len(written))
    measured = scored if right is not None else np.zeros(len(column), dtype=np.bool_)
    n_scored = np.bincount(codes[measured], minlength=len(written))
    n_right = np.zeros_like(n_scored) if right is None else np.bincount(codes[measured & right], minlength=len(written))
    blank = [v for v, value in enumerate(written) if value == BLANK and (per_value[v] or BLANK in keep)]
    ranked = sorted((v for v, value in enumerate(written) if value != BLANK), key=lambda v: (-per_value[v], written[v]))
    occurring = [v for v in ranked if per_value[v]]
    listed = [v for i, v in enumerate(occurring) if i < n_top]
    listed += [v for v in ranked if written[v] in keep and v not in listed]
    if pd.api.types.is_numeric_dtype(column):
        listed.sort(key=lambda v: float(written[v]) if _is_number(written[v]) else np.inf)
    others = [v for v in occurring if v not in listed]
    return ValueCounts(
        values=tuple(
            ValueCount(value=written[v], n_rows=int(per_value[v]), n_scored=int(n_scored[v]), n_right=int(n_right[v]))
            for v in (*listed, *blank)
        ),
        n_rows=int(counted.sum()),
        n_other_values=len(others),
        n_other_rows=int(sum(per_value[v] for v in others)),
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
