"""A rectangle of the map against the rest: rows per class, and how often the model is right."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate:
    """How many of some rows a model got right; `n_right` is None without a model."""

    n_rows: int
    n_right: int | None

    @property
    def share(self) -> float | None:
        """Return the share of right answers, in [0, 1]; None without rows or model."""
        return None if self.n_right is None or self.n_rows == 0 else self.n_right / self.n_rows

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95% Wilson score interval of the share; None without rows or model.

        Source: Wilson 1927, as in `scipy.stats.binomtest(...).proportion_ci(method="wilson")`.
        """
        if self.n_right is None or self.n_rows == 0:
            return None
        from scipy.stats import binomtest  # half a second to import

        ends = binomtest(self.n_right, self.n_rows).proportion_ci(confidence_level=0.95, method="wilson")
        return float(ends.low), float(ends.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionClass:
    """The rows of one true class, inside and outside."""

    label: int
    inside: HitRate
    outside: HitRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Rows inside a rectangle and outside of it; `classes` are those that have rows inside, most rows first."""

    inside: HitRate
    outside: HitRate
    classes: tuple[RegionClass, ...]


def compare_region(
    label: npt.NDArray[np.integer], right: BoolArray | None, *, inside: BoolArray, basis: BoolArray
) -> Region:
    """Return how rows inside a rectangle compare with all others of the same basis.

    Args:
        label: True classes, shape (n,).
        right: Which answers are right, shape (n,); None without a model.
        inside: Which rows lie inside, shape (n,).
        basis: Which rows are looked at, inside or outside, shape (n,).

    Raises:
        ValueError: If a row inside is none of the basis.
    """
    if (inside & ~basis).any():
        raise ValueError(f"{int((inside & ~basis).sum())} rows inside are none of the basis, expected none")
    outside = basis & ~inside
    classes = [
        RegionClass(
            label=int(k),
            inside=_rate(inside & (label == k), right),
            outside=_rate(outside & (label == k), right),
        )
        for k in np.unique(label[inside])
    ]
    return Region(
        inside=_rate(inside, right),
        outside=_rate(outside, right),
        classes=tuple(sorted(classes, key=lambda c: (-c.inside.n_rows, c.label))),
    )


def _rate(mask: BoolArray, right: BoolArray | None) -> HitRate:
    return HitRate(n_rows=int(mask.sum()), n_right=None if right is None else int((mask & right).sum()))
