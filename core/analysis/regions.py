"""A rectangle of the map against the rest: rows per class, and how often the model is right."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.rates import HitRate

BoolArray = npt.NDArray[np.bool_]


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
