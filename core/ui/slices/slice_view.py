"""What the Slices page looks at: the slices of a run, one model, one split, and the slice that is open."""

from dataclasses import dataclass, replace

from core.analysis.row_filter import RowFilter
from core.analysis.slices import RunSlices, SliceKind, SplitTotals
from core.artifacts.schema import ModelName, Split
from core.charts.labels import SPLIT_LABELS
from core.ui.formatting import count
from core.ui.slices.reads import NamedSlice, load_names, load_slices
from core.ui.view import View


@dataclass(frozen=True, kw_only=True)
class SliceView:
    """Slices under the filter, of which only split, model and the open slice count.

    `names` are the slices in words, in the order of `slices.slices`. `opened` is the one whose rows the filter selects.
    """

    view: View
    slices: RunSlices
    names: tuple[NamedSlice, ...]
    model: ModelName
    split: Split
    opened: int | None

    @property
    def total(self) -> SplitTotals:
        """Return all rows of the split, of which `look_at_slices` knows that they were counted."""
        return next(total for total in self.slices.totals if total.split == self.split)

    @property
    def n_errors(self) -> int:
        """Return how many rows of the split the model gets wrong."""
        return self.total.n_errors[self.slices.models.index(self.model)]

    @property
    def basis(self) -> str:
        """Return what the figures rest on: run, split, rows."""
        rows = count(self.total.n_rows, "row")
        return f"run {self.view.run.name} · {SPLIT_LABELS[self.split]} split · {rows}"

    @property
    def all_rows(self) -> RowFilter:
        """Return the filter of all rows of the split."""
        return RowFilter(split=self.split, model=self.view.filter.model)

    def is_of(self, at: int, kinds: tuple[SliceKind, ...]) -> bool:
        """Return whether a slice is of one of these kinds; all are if there is none."""
        return not kinds or self.names[at].kind in kinds

    def filter_of(self, at: int) -> RowFilter | None:
        """Return the filter of the rows of a slice on this split; None if the run lacks here what it is about."""
        return _on(self.names[at], self.all_rows)


def look_at_slices(view: View) -> SliceView:
    """Return what the page looks at; a model or split without slices gives way to the best that has some.

    Raises:
        ArtifactError: If the slices are missing or damaged.
    """
    slices, names = load_slices(view.run), load_names(view.run)
    split = view.split if slices.total(view.split) else slices.totals[-1].split
    all_rows = RowFilter(split=split, model=view.filter.model)
    asked = replace(view.filter, outcomes=())
    return SliceView(
        view=view,
        slices=slices,
        names=names,
        model=view.model if view.model in slices.models else slices.models[-1],
        split=split,
        opened=next((at for at, named in enumerate(names) if _on(named, all_rows) == asked), None),
    )


def _on(named: NamedSlice, all_rows: RowFilter) -> RowFilter | None:
    return None if named.filter is None else replace(named.filter, split=all_rows.split, model=all_rows.model)
