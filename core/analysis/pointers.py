"""What to look at first: the few selections of rows in which most is to be learned about a model."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from core.analysis.confusions import biggest_confusions
from core.analysis.metrics import SplitMetrics
from core.analysis.row_filter import (
    CONFIDENCE,
    Outcome,
    Range,
    RowFilter,
    baseline_and_tuned,
    select_rows,
)
from core.analysis.rows import Rows

CONFIDENT = 0.9


class PointerKind(StrEnum):
    """Why a selection is worth a look."""

    CONFUSION = "confusion"
    WEAKEST_CLASS = "weakest class"
    CONFIDENT_MISTAKES = "confident mistakes"
    BROKEN = "broken"
    WRONG_IN_BOTH = "wrong in both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A selection worth a look: `n_rows` that `row_filter` selects, `of` how many; the classes it is about, if any."""

    kind: PointerKind
    n_rows: int
    of: int
    row_filter: RowFilter
    true: int | None = None
    predicted: int | None = None
    f1: float | None = None


def find_pointers(rows: Rows, scored: RowFilter, measured: SplitMetrics) -> list[Pointer]:
    """Return what to look at first in the rows that one model was measured on; nothing for a model without mistakes.

    Args:
        rows: All rows of the run.
        scored: The filter of the rows that were measured.
        measured: The model's metrics on them.
    """
    base = replace(scored, model=measured.model)
    wrong = replace(base, outcomes=(Outcome.WRONG,))
    found = [
        _biggest_confusion(measured, base),
        _weakest_class(measured, wrong),
        _selection(
            rows,
            PointerKind.CONFIDENT_MISTAKES,
            wrong.with_range(Range(column=CONFIDENCE, low=CONFIDENT)),
            of=int(measured.n_rows - np.trace(measured.confusion_array)),
        ),
    ]
    pair = baseline_and_tuned(rows.models)
    if pair is not None and measured.model is pair[1]:
        within = select_rows(rows, scored)
        right_before = int((within & rows.right(pair[0])).sum())
        found += [
            _selection(rows, PointerKind.BROKEN, replace(base, outcomes=(Outcome.BROKEN,)), of=right_before),
            _selection(
                rows,
                PointerKind.WRONG_IN_BOTH,
                replace(base, outcomes=(Outcome.WRONG_IN_BOTH,)),
                of=measured.n_rows,
            ),
        ]
    return [pointer for pointer in found if pointer is not None]


def _biggest_confusion(measured: SplitMetrics, base: RowFilter) -> Pointer | None:
    biggest = biggest_confusions(measured, limit=1)
    if not biggest:
        return None
    names = [c.name for c in measured.per_class]
    true, predicted = names.index(biggest[0].true), names.index(biggest[0].predicted)
    return Pointer(
        kind=PointerKind.CONFUSION,
        n_rows=biggest[0].n_rows,
        of=measured.per_class[true].support,
        row_filter=replace(base, true=(true,), predicted=(predicted,)),
        true=true,
        predicted=predicted,
    )


def _weakest_class(measured: SplitMetrics, wrong: RowFilter) -> Pointer | None:
    """Return the mistakes on the class with the lowest F1 of those that have rows."""
    f1 = {k: c.f1 for k, c in enumerate(measured.per_class) if c.support and c.f1 is not None and c.f1 < 1}
    if not f1:
        return None
    weakest = min(f1, key=lambda k: f1[k])
    support = measured.per_class[weakest].support
    missed = support - int(measured.confusion_array[weakest, weakest])
    return Pointer(
        kind=PointerKind.WEAKEST_CLASS,
        n_rows=missed,
        of=support,
        row_filter=replace(wrong, true=(weakest,)),
        true=weakest,
        f1=f1[weakest],
    )


def _selection(rows: Rows, kind: PointerKind, row_filter: RowFilter, *, of: int) -> Pointer | None:
    n_rows = int(select_rows(rows, row_filter).sum())
    return Pointer(kind=kind, n_rows=n_rows, of=of, row_filter=row_filter) if n_rows else None
