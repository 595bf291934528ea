"""Tables as files that a spreadsheet can open without running anything, and the button that saves them."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

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


def show_table_download(make_table: Callable[[], pd.DataFrame], *, stem: str) -> None:
    """Show a CSV button for one table, which is made when the button is clicked.

    Args:
        make_table: Returns the table as it should stand in the file.
        stem: File name without its ending; also tells buttons of a page apart.
    """
    st.download_button(
        "CSV",
        data=lambda: to_csv(make_table()),
        file_name=f"{stem}.csv",
        mime="text/csv",
        key=f"save_{stem}_csv",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="Save this table; texts that a spreadsheet would run as a formula get a leading apostrophe.",
    )


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
