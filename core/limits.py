"""Numbers that must lie in a range, and the sentence for those that do not."""

import math

from core.errors import SettingError


def check_in_range(
    option: str, value: float, *, at_least: float = -math.inf, above: float = -math.inf, below: float = math.inf
) -> None:
    """Refuse the value of an option outside its range.

    Raises:
        SettingError: If it is outside, infinite or no number.
    """
    if at_least <= value and above < value < below:
        return
    lower = f"at least {at_least:g}" if at_least > -math.inf else f"more than {above:g}"
    upper = f" and less than {below:g}" if below < math.inf else ""
    raise SettingError(f"--{option} is {value:g}, expected {lower}{upper}; give such a number")
