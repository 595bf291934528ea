"""Where the ticks of an axis stand, for axes that must not leave it to Vega."""

import math

_ROUNDING = 1e-9


def round_ticks(low: float, high: float, *, n_at_most: int, whole: bool = False) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten between two ends, both included; of equal ends, that one.

    Whole numbers beyond 2^53 can be different and yet the same to a float.

    Args:
        low: Lower end.
        high: Upper end.
        n_at_most: So many steps fit at most between the ends.
        whole: Whether only whole numbers will do.
    """
    if high <= low:
        return [low]
    at_least = high / n_at_most - low / n_at_most
    power = 10.0 ** math.floor(math.log10(at_least))
    step = next(step for factor in (1, 2, 5, 10) if (step := factor * power) >= at_least)
    step = max(1.0, step) if whole else step
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    return [round(i * step, 12) for i in range(first, last + 1)]
