"""How the models did on the rows of each class."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.analysis.row_filter import COMPARING, Outcome, baseline_and_tuned, outcome_mask
from core.analysis.rows import Rows, origin_column
from core.artifacts.schema import ModelName, Origin

IntArray = npt.NDArray[np.int64]


class ErrorOrder(StrEnum):
    """Which classes come first."""

    MOST = "most errors"
    RATE = "highest error rate"
    CORPUS = "as in the corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCounts:
    """Rows of each true class, arrays of shape (classes,).

    `origin` says how the model's answers relate to what it was fitted on; None without rows. `n_wrong` counts its
    mistakes. `by_outcome` holds fixed, broken and wrong in both where there are two models to compare, wrong alone
    otherwise.
    """

    model: ModelName
    origin: Origin | None
    n_rows: IntArray
    n_wrong: IntArray
    by_outcome: Mapping[Outcome, IntArray]

    @property
    def n_errors(self) -> int:
        """Return the mistakes on all classes."""
        return int(self.n_wrong.sum())

    @property
    def error_rate(self) -> float | None:
        """Return the share of all rows that are wrong, in [0, 1]; None without rows."""
        total = int(self.n_rows.sum())
        return self.n_errors / total if total else None

    def total(self, outcome: Outcome) -> int | None:
        """Return the rows of all classes with an outcome; None if it is not counted here."""
        return int(self.by_outcome[outcome].sum()) if outcome in self.by_outcome else None

    @property
    def n_right_in_both(self) -> int | None:
        """Return the rows that both models get right; None without two models to compare."""
        if Outcome.FIXED not in self.by_outcome:
            return None
        return int(self.n_rows.sum()) - sum(int(counts.sum()) for counts in self.by_outcome.values())

    def rates(self) -> npt.NDArray[np.float64]:
        """Return the share of wrong rows per class, in [0, 1]; NaN for a class without rows."""
        rates: npt.NDArray[np.float64] = np.divide(
            self.n_wrong, self.n_rows, out=np.full(len(self.n_rows), np.nan), where=self.n_rows > 0
        )
        return rates

    def order(self, by: ErrorOrder) -> list[int]:
        """Return class indices in the chosen order, equal ones as in the corpus."""
        if by is ErrorOrder.CORPUS:
            return list(range(len(self.n_rows)))
        values = self.n_wrong if by is ErrorOrder.MOST else np.nan_to_num(self.rates(), nan=-1.0)
        return [int(k) for k in np.argsort(-values, kind="stable")]


def count_outcomes(rows: Rows, scored: npt.NDArray[np.bool_], model: ModelName) -> OutcomeCounts:
    """Return how one model did on some rows, and how baseline and fine-tuned model compare there, per true class.

    Args:
        rows: All rows of the run.
        scored: Which rows count, shape (rows,), all of one split.
        model: Whose mistakes are counted.
    """
    label = rows.frame["label"].to_numpy()

    def per_class(mask: npt.NDArray[np.bool_]) -> IntArray:
        counts: IntArray = np.bincount(label[mask], minlength=len(rows.classes)).astype(np.int64)
        return counts

    outcomes = COMPARING if baseline_and_tuned(rows.models) else (Outcome.WRONG,)
    origins = rows.frame[origin_column(model)].to_numpy()[scored]
    return OutcomeCounts(
        model=model,
        origin=Origin(origins[0]) if len(origins) else None,
        n_rows=per_class(scored),
        n_wrong=per_class(scored & ~rows.right(model)),
        by_outcome=MappingProxyType(
            {outcome: per_class(scored & outcome_mask(rows, outcome, model)) for outcome in outcomes}
        ),
    )
