"""How the models do on slices, and whether that could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.analysis.row_filter import select_rows
from core.analysis.rows import Rows
from core.analysis.slices import Condition, Slice, SliceOnSplit, SplitTotals, slice_filter
from core.artifacts.schema import ModelName, Split

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.float64]

_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How many slices were tried on the searched split: single conditions, and combinations for each model."""

    n_simple: int
    n_combined: tuple[int, ...]


def some_rows(rows: Rows, positions: IntArray) -> Rows:
    """Return some of the rows, which keep their ids."""
    return replace(
        rows, frame=rows.frame.iloc[positions], texts=None if rows.texts is None else rows.texts.iloc[positions]
    )


def count_split(rows: Rows, models: Sequence[ModelName], split: Split) -> SplitTotals:
    """Return the rows and errors of a whole split."""
    inside = (rows.frame["split"] == split.value).to_numpy()
    errors = tuple(int((~rows.right(model))[inside].sum()) for model in models)
    return SplitTotals(split=split, n_rows=int(inside.sum()), n_errors=errors)


def count_slices(
    rows: Rows,
    models: Sequence[ModelName],
    splits: Sequence[Split],
    found: Sequence[tuple[Condition, ...]],
    *,
    tried: Tried,
) -> tuple[Slice, ...]:
    """Return slices with their counts on every held-out split; their rows are those that their filters select.

    Args:
        rows: All rows of the run.
        models: Whose answers are counted.
        splits: The held-out splits, that which was searched first.
        found: The conditions of each slice.
        tried: What the slices were chosen from.
    """
    held = some_rows(rows, np.flatnonzero(np.isin(rows.frame["split"].astype(str), splits)))
    fulfilled = {one: _mask(one, held) for one in dict.fromkeys(one for conditions in found for one in conditions)}
    masks = np.zeros((len(found), len(held)), dtype=np.bool_)
    for at, conditions in enumerate(found):
        masks[at] = np.logical_and.reduce([fulfilled[one] for one in conditions])
    right = np.array([held.right(model) for model in models])
    is_combined = np.array([len(conditions) > 1 for conditions in found], dtype=np.bool_)
    per_split = []
    for split in splits:
        on = (held.frame["split"] == split.value).to_numpy()
        of_search = tried if split == splits[0] else None
        per_split.append(_count_on(split, masks[:, on], right[:, on], is_combined, of_search))
    return tuple(
        Slice(conditions=conditions, splits=parts)
        for conditions, parts in zip(found, zip(*per_split, strict=True), strict=True)
    )


def fisher_p_values(n_errors: IntArray, n_rows: IntArray, all_errors: int, all_rows: int) -> FloatArray:
    """Return the two-sided p-value of Fisher's exact test of errors inside each slice against outside, shape (slices,).

    Args:
        n_errors: Errors in each slice, shape (slices,).
        n_rows: Rows of each slice, shape (slices,).
        all_errors: Errors of the split.
        all_rows: Rows of the split.
    """
    from scipy.stats import fisher_exact

    p_values = []
    for inside, rows in zip(n_errors.tolist(), n_rows.tolist(), strict=True):
        outside = all_errors - inside
        p_values.append(fisher_exact([[inside, rows - inside], [outside, all_rows - rows - outside]]).pvalue)
    return np.array(p_values, dtype=np.float64)


def paired_p_values(n_only_first: IntArray, n_only_second: IntArray) -> FloatArray:
    """Return the p-value of McNemar's exact test for each slice, 1 where the models never differ, shape (slices,).

    Args:
        n_only_first: Rows that only the first model gets right, shape (slices,).
        n_only_second: Rows that only the second gets right, shape (slices,).
    """
    from scipy.stats import binomtest

    pairs = zip(n_only_first.tolist(), n_only_second.tolist(), strict=True)
    return np.array([binomtest(a, a + b).pvalue if a + b else 1.0 for a, b in pairs], dtype=np.float64)


def adjusted_p_values(p_values: FloatArray, n_tried: int) -> FloatArray:
    """Return p-values corrected after Benjamini & Hochberg 1995 for all that was tried, shape (slices,).

    Those that are not known count as 1, which can only make the others larger.

    Args:
        p_values: The p-values that are known, shape (slices,).
        n_tried: Tests that were made, at least as many.
    """
    if not len(p_values):
        return p_values
    order = np.argsort(p_values)
    scaled = p_values[order] * max(n_tried, len(p_values)) / np.arange(1, len(p_values) + 1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _mask(condition: Condition, rows: Rows) -> BoolArray:
    wanted = slice_filter([condition], rows)
    if wanted is None:
        raise ValueError(f"{condition} is about something that these rows do not have, expected one of their own")
    return select_rows(rows, wanted)


def _count_on(
    split: Split, masks: BoolArray, right: BoolArray, is_combined: BoolArray, tried: Tried | None
) -> list[SliceOnSplit]:
    """Return the counts of slices on one split, with p-values.

    Args:
        split: Which split.
        masks: Which of its rows belong to each slice, shape (slices, rows).
        right: Which of them each model gets right, shape (models, rows).
        is_combined: Which slices are combinations, shape (slices,).
        tried: What the slices were chosen from on this split; None if they were chosen without looking at it.
    """
    inside = masks.astype(np.float32)
    n_rows = masks.sum(axis=1)
    errors = _counts(inside, ~right)
    p_values = [
        fisher_p_values(of_model, n_rows, int((~one).sum()), len(one))
        for of_model, one in zip(errors, right, strict=True)
    ]
    adjusted = []
    for m, p in enumerate(p_values):
        corrected = adjusted_p_values(p, len(p))
        if tried is not None:
            corrected[~is_combined] = adjusted_p_values(p[~is_combined], tried.n_simple)
            corrected[is_combined] = adjusted_p_values(p[is_combined], tried.n_combined[m])
        adjusted.append(corrected)
    only = _counts(inside, np.array([right[0] & ~right[1], right[1] & ~right[0]])) if len(right) == 2 else None
    n_pairs = len(masks) if tried is None else tried.n_simple + sum(tried.n_combined)
    paired = None if only is None else adjusted_p_values(paired_p_values(*only), n_pairs)
    return [
        SliceOnSplit(
            split=split,
            n_rows=int(n_rows[at]),
            n_errors=tuple(int(of_model[at]) for of_model in errors),
            p_values=tuple(_short(of_model[at]) for of_model in p_values),
            p_adjusted=tuple(_short(of_model[at]) for of_model in adjusted),
            n_only_right=() if only is None else (int(only[0, at]), int(only[1, at])),
            p_paired=None if paired is None else _short(paired[at]),
        )
        for at in range(len(masks))
    ]


def _counts(inside: npt.NDArray[np.float32], which: BoolArray) -> npt.NDArray[np.int64]:
    """Return how many rows of each slice are also of each kind, shape (kinds, slices)."""
    counts: npt.NDArray[np.int64] = np.rint(which.astype(np.float32) @ inside.T).astype(np.int64)
    return counts


def _short(p_value: float) -> float:
    return min(1.0, float(f"{p_value:.{_DIGITS}g}"))
