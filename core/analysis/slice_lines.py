"""Slices as they are looked at: one model or two, one split, ranked."""

from dataclasses import dataclass
from enum import StrEnum

from core.analysis.rates import HitRate, difference_interval, paired_difference_interval
from core.analysis.slices import RunSlices, Slice
from core.artifacts.schema import ModelName, Split

SIGNIFICANT = 0.05


class Held(StrEnum):
    """What the split that was not searched says about a slice."""

    HOLDS = "holds"
    LEANS = "leans"
    FAILS = "fails"
    TOO_FEW = "too few rows"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakLine:
    """One model on a slice of one split against all other rows of it.

    `at` is the position of the slice among those of the run. Differences are accuracy inside minus outside, in [-1, 1];
    `explained` is how many errors more the slice has than if it were like the rest.
    """

    at: int
    inside: HitRate
    outside: HitRate
    difference: float
    difference_interval: tuple[float, float]
    p_adjusted: float
    held: Held

    @property
    def n_wrong(self) -> int:
        """Return how many rows of the slice the model gets wrong."""
        return self.inside.n_rows - (self.inside.n_right or 0)

    @property
    def explained(self) -> float:
        """Return the errors that the slice explains; below 0 if it is better than the rest."""
        return -self.difference * self.inside.n_rows

    @property
    def explained_interval(self) -> tuple[float, float]:
        """Return the 95% interval of the errors explained."""
        low, high = self.difference_interval
        return -high * self.inside.n_rows, -low * self.inside.n_rows

    @property
    def is_beyond_chance(self) -> bool:
        """Return whether the slice is worse than the rest by more than chance would make it, after correction."""
        return self.difference < 0 and self.p_adjusted < SIGNIFICANT


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingLine:
    """Two models on a slice of one split; `gain` is the accuracy of the second minus that of the first, in [-1, 1]."""

    at: int
    first: HitRate
    second: HitRate
    gain: float
    gain_interval: tuple[float, float]
    p_paired: float


def weak_lines(slices: RunSlices, model: ModelName, split: Split) -> list[WeakLine]:
    """Return how a model does on every slice, by the least that they explain.

    Args:
        slices: The slices of a run.
        model: One of their models.
        split: One of their splits.
    """
    m = slices.models.index(model)
    total = slices.total(split)
    lines = []
    for at, found in enumerate(slices.slices):
        part = found.on(split)
        if total is None or part is None or not 0 < part.n_rows < total.n_rows:
            continue
        inside = HitRate(n_rows=part.n_rows, n_right=part.n_rows - part.n_errors[m])
        n_outside = total.n_rows - part.n_rows
        n_right_outside = n_outside - (total.n_errors[m] - part.n_errors[m])
        lines.append(
            WeakLine(
                at=at,
                inside=inside,
                outside=HitRate(n_rows=n_outside, n_right=n_right_outside),
                difference=(inside.n_right or 0) / inside.n_rows - n_right_outside / n_outside,
                difference_interval=difference_interval(inside.n_right or 0, inside.n_rows, n_right_outside, n_outside),
                p_adjusted=part.p_adjusted[m],
                held=held_on_other(slices, found, m),
            )
        )
    return sorted(lines, key=lambda line: (-line.explained_interval[0], -line.explained))


def held_on_other(slices: RunSlices, found: Slice, m: int) -> Held:
    """Return what the split that was not searched says about a slice.

    It holds if there it differs from the rest in the same direction, with p < 0.05 after correction for all slices that
    were kept; it leans if only the direction is the same.

    Args:
        slices: The slices of the run.
        found: One of them.
        m: Position of the model.
    """
    if slices.checked_on is None:
        return Held.UNCHECKED
    searched, checked = found.on(slices.searched_on), found.on(slices.checked_on)
    if searched is None or checked is None or checked.n_rows < slices.min_support:
        return Held.TOO_FEW
    before, after = (_excess(slices, part.split, part.n_rows, part.n_errors[m], m) for part in (searched, checked))
    if before * after <= 0:
        return Held.FAILS
    return Held.HOLDS if checked.p_adjusted[m] < SIGNIFICANT else Held.LEANS


def differing_lines(slices: RunSlices, split: Split) -> list[DifferingLine]:
    """Return how two models do on every slice with enough rows, the largest gain first; none without two models.

    Args:
        slices: The slices of a run.
        split: One of their splits.
    """
    lines = []
    for at, found in enumerate(slices.slices):
        part = found.on(split)
        if part is None or part.p_paired is None or part.n_rows < slices.min_support:
            continue
        first, second = (HitRate(n_rows=part.n_rows, n_right=part.n_rows - errors) for errors in part.n_errors)
        only_first, only_second = part.n_only_right
        low, high = paired_difference_interval(only_second, only_first, part.n_rows)
        lines.append(
            DifferingLine(
                at=at,
                first=first,
                second=second,
                gain=(only_second - only_first) / part.n_rows,
                gain_interval=(low, high),
                p_paired=part.p_paired,
            )
        )
    return sorted(lines, key=lambda line: -line.gain)


def _excess(slices: RunSlices, split: Split, n_rows: int, n_errors: int, m: int) -> float:
    """Return the error rate of a slice minus that of the whole split; it has the sign of that minus the rest's."""
    total = slices.total(split)
    return 0.0 if total is None or not n_rows else n_errors / n_rows - total.n_errors[m] / total.n_rows
