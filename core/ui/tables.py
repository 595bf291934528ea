"""Tables as files that a spreadsheet can open without running anything."""

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return a table as UTF-8 CSV with a byte order mark, its texts harmless to spreadsheets.

    A text that starts like a formula, with signs of any width, gets a leading apostrophe (OWASP, "CSV Injection");
    numbers stay as they are.
    """
    safe = frame.rename(columns=_harmless)
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(_harmless)
    return ("\ufeff" + safe.to_csv(index=False)).encode("utf-8")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
