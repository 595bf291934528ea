"""Shares of rows with their intervals."""

import math
from dataclasses import dataclass

_Z = 1.959963984540054  # 97.5% quantile of the normal distribution


def wilson_interval(n_hits: int, n_rows: int) -> tuple[float, float]:
    """Return the 95% Wilson score interval of a share, both ends in [0, 1].

    Args:
        n_hits: Rows that count.
        n_rows: All rows, at least one.

    Source: Wilson 1927, as in `scipy.stats.binomtest(n_hits, n_rows).proportion_ci(method="wilson")`.
    """
    if not 0 <= n_hits <= n_rows or n_rows == 0:
        raise ValueError(f"{n_hits} of {n_rows} rows, expected a part of at least one row")
    share, z2 = n_hits / n_rows, _Z**2
    centre = (share + z2 / (2 * n_rows)) / (1 + z2 / n_rows)
    half = _Z / (1 + z2 / n_rows) * math.sqrt(share * (1 - share) / n_rows + z2 / (4 * n_rows**2))
    low = 0.0 if n_hits == 0 else max(0.0, centre - half)
    high = 1.0 if n_hits == n_rows else min(1.0, centre + half)
    return low, high


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
        """Return the 95% Wilson score interval of the share; None without rows or model."""
        return None if self.n_right is None or self.n_rows == 0 else wilson_interval(self.n_right, self.n_rows)


def difference_interval(n_hits: int, n_rows: int, n_other_hits: int, n_other_rows: int) -> tuple[float, float]:
    """Return the 95% interval of the share of some rows minus that of other, independent rows, both ends in [-1, 1].

    Args:
        n_hits: Rows that count among the first.
        n_rows: The first rows, at least one.
        n_other_hits: Rows that count among the others.
        n_other_rows: The others, at least one.

    Source: Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
    """
    share, other = n_hits / n_rows, n_other_hits / n_other_rows
    low, high = wilson_interval(n_hits, n_rows)
    other_low, other_high = wilson_interval(n_other_hits, n_other_rows)
    difference = share - other
    return (
        difference - math.hypot(share - low, other_high - other),
        difference + math.hypot(high - share, other - other_low),
    )


def paired_difference_interval(n_only_first: int, n_only_second: int, n_rows: int) -> tuple[float, float]:
    """Return the 95% interval of the share of hits of a first judge minus that of a second on the same rows.

    Args:
        n_only_first: Rows on which only the first is right.
        n_only_second: Rows on which only the second is right.
        n_rows: All rows, at least one.

    Source: Bonett & Price 2012, "Adjusted Wald confidence interval for a difference of binomial proportions based on
    paired data".
    """
    if n_only_first < 0 or n_only_second < 0 or n_rows < max(1, n_only_first + n_only_second):
        raise ValueError(f"{n_only_first} and {n_only_second} of {n_rows} rows, expected parts of at least one row")
    first, second = (n_only_first + 1) / (n_rows + 2), (n_only_second + 1) / (n_rows + 2)
    difference = first - second
    half = _Z * math.sqrt((first + second - difference**2) / (n_rows + 2))
    return max(-1.0, difference - half), min(1.0, difference + half)
