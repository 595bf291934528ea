"""Further columns of a corpus: their names and values as they are kept beside text, label and split."""

import re

import pandas as pd

from core.artifacts.schema import META_PREFIX


def name_metadata(name: str, taken: set[str]) -> str:
    """Return `meta_<name>` in plain characters, numbered if that name is taken."""
    base = META_PREFIX + (re.sub(r"\W+", "_", name).strip("_") or "column")
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}_{number}", number + 1
    return candidate


def plain_values(values: pd.Series) -> pd.Series:
    """Return metadata as numbers where all of it is numeric, as booleans if it is that, else as strings.

    Digits that are a name and no quantity (`007`, or more of them than a number holds exactly) stay strings.
    """
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return values
    objects = values.astype(object)
    as_text = objects.where(objects.notna(), "").map(str).astype(str)
    is_name = as_text.str.fullmatch(r"\s*-?(0\d.*|\d{16,})\s*")
    if len(as_text) and (as_text != "").all() and not is_name.any():
        numbers = pd.to_numeric(as_text, errors="coerce")
        if numbers.notna().all():
            return numbers
    return as_text
