"""Metadata as text: what stands in filters, in the address and on charts."""

import numpy as np
import numpy.typing as npt
import pandas as pd

BLANK = ""
_BLANK_LABEL = "(blank)"
_EXACT_UP_TO = 2**53


def text_codes(values: pd.Series) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return the different values of a column as text, and the index of each row's among them, shape (rows,).

    A missing value and an empty text are the same: BLANK. No two different numbers have the same text.
    """
    hashable = values.map(str, na_action="ignore") if values.dtype == np.object_ else values
    codes, found = pd.factorize(hashable)
    names = [_written(value) for value in np.asarray(found)]
    if (codes < 0).any():
        if BLANK not in names:
            names.append(BLANK)
        codes = np.where(codes < 0, names.index(BLANK), codes)
    return codes, names


def as_text(values: pd.Series) -> pd.Series:
    """Return metadata as it is written in filters, BLANK where there is none."""
    codes, names = text_codes(values)
    return pd.Series(np.array(names, dtype=object)[codes], index=values.index, name=values.name, dtype=object)


def value_label(value: str) -> str:
    """Return what a value is called on screen."""
    return _BLANK_LABEL if value == BLANK else value


def _written(value: object) -> str:
    """Return whole numbers without a point, others with as few digits as tell them apart from all others."""
    if isinstance(value, float | np.floating):
        number = float(value)
        if number.is_integer() and abs(number) < _EXACT_UP_TO:
            return str(int(number))
    return str(value)
