"""How the models did on the rows that have a tag."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.analysis.rates import wilson_interval
from core.analysis.row_filter import COMPARING, Outcome, baseline_and_tuned, outcome_mask
from core.analysis.rows import Rows
from core.analysis.tags import Tag, known_tags, tag_mask
from core.artifacts.schema import ModelName


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCounts:
    """Rows with a tag: how many of them one model gets wrong, and what fine-tuning changed about them.

    `by_outcome` holds fixed, broken and wrong in both; it is empty without two models to compare.
    """

    tag: Tag
    n_rows: int
    n_errors: int
    by_outcome: Mapping[Outcome, int]

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95% Wilson score interval of the error rate."""
        return wilson_interval(self.n_errors, self.n_rows)


def count_tags(rows: Rows, scored: npt.NDArray[np.bool_], model: ModelName) -> list[TagCounts]:
    """Return the counts of every tag that some of these rows have, most mistakes first.

    Args:
        rows: All rows of the run.
        scored: Which rows count, shape (rows,), all of one split.
        model: Whose mistakes are counted.
    """
    right = rows.right(model)
    outcomes = COMPARING if baseline_and_tuned(rows.models) else ()
    masks = {outcome: outcome_mask(rows, outcome, model) for outcome in outcomes}
    counts = []
    for tag in known_tags(rows, model):
        tagged = scored & tag_mask(rows, tag, model)
        if tagged.any():
            counts.append(
                TagCounts(
                    tag=tag,
                    n_rows=int(tagged.sum()),
                    n_errors=int((tagged & ~right).sum()),
                    by_outcome=MappingProxyType(
                        {outcome: int((tagged & mask).sum()) for outcome, mask in masks.items()}
                    ),
                )
            )
    return sorted(counts, key=lambda found: -found.n_errors)
