"""How the rows of each split are spread over the classes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.rows import Rows
from core.artifacts.schema import Split


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBalance:
    """Rows per class, in class order, of each split that has any row."""

    classes: tuple[str, ...]
    counts: Mapping[Split, tuple[int, ...]]

    @property
    def totals(self) -> tuple[int, ...]:
        """Return the rows per class over all splits."""
        return tuple(sum(of_class) for of_class in zip(*self.counts.values(), strict=True)) or (0,) * len(self.classes)

    def largest_first(self, split: Split | None = None) -> list[int]:
        """Return the classes, those with the most rows of a split, or of all, first; equal ones in class order."""
        counts = self.totals if split is None else self.counts.get(split, (0,) * len(self.classes))
        return sorted(range(len(self.classes)), key=lambda k: -counts[k])

    def n_rows(self, split: Split) -> int:
        """Return the rows of a split."""
        return sum(self.counts.get(split, ()))

    def shares(self, split: Split) -> tuple[float, ...]:
        """Return each class's share of the rows of a split, in [0, 1]."""
        return tuple(n / self.n_rows(split) for n in self.counts[split])


def compute_class_balance(rows: Rows, counted: npt.NDArray[np.bool_]) -> ClassBalance:
    """Return the balance of some rows.

    Args:
        rows: All rows of the run.
        counted: Which of them count, shape (rows,).
    """
    label = rows.frame["label"].to_numpy()
    split = rows.frame["split"]
    counts = {
        part: tuple(np.bincount(label[here], minlength=len(rows.classes)).tolist())
        for part in Split
        if (here := counted & (split == part.value).to_numpy()).any()
    }
    return ClassBalance(classes=rows.classes, counts=counts)
