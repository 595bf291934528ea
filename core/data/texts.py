"""Texts without labels: one per line, or one column of a table."""

from pathlib import Path, PurePath

import pandas as pd

from core.data.formats import SUFFIXES, Limits, decode, read_bytes, read_file
from core.errors import CorpusError

TEXT_COLUMN = "text"
_SAMPLE_ROWS = 200


def read_text_file(path: Path, text_column: str) -> list[str]:
    """Return the texts of a file, one per line of a .txt, else one column.

    Raises:
        CorpusError: If the file cannot be read or lacks the column.
    """
    if path.suffix.lower() == ".txt":
        try:
            return split_lines(decode(path, path.read_bytes()))
        except OSError as error:
            raise CorpusError(
                f"{path} cannot be read ({error.strerror}), expected a text file; check --file"
            ) from error
    frame, _ = read_file(path, text_column=text_column, label_column="")
    if text_column not in frame.columns:
        raise CorpusError(
            f"{path} has no column {text_column!r} (found: {', '.join(map(str, frame.columns))}); use --text-column"
        )
    _check_names(path, frame)
    return column_texts(frame, text_column)


def read_uploaded_table(name: str, payload: bytes, limits: Limits) -> pd.DataFrame:
    """Return what somebody uploaded as a table; the lines of a .txt file are its column `text`.

    Args:
        name: What the file is called; its ending says what it is.
        payload: What is in it.
        limits: How large the table may be.

    Raises:
        CorpusError: If it is empty, too large, not readable, or has two columns of one name.
    """
    path = PurePath(name)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(
            f"{path} is a {suffix or 'file without suffix'}, expected one of {', '.join(SUFFIXES)}; export it as CSV"
        )
    if not payload:
        raise CorpusError(f"{path} is empty (0 bytes), expected texts; choose another file")
    if suffix == ".txt":
        # a line break at the end of a file ends its last line, it does not begin a further one
        lines = split_lines(decode(path, payload).removesuffix("\n"))
        limits.check(path, n_rows=len(lines), n_columns=1)
        return pd.DataFrame({TEXT_COLUMN: lines}, dtype=str)
    frame = read_bytes(path, payload, limits)
    frame.columns = [str(column) for column in frame.columns]
    _check_names(path, frame)
    if frame.empty:
        raise CorpusError(f"{path} has no rows, expected at least one text; choose another file")
    return frame


def guess_text_column(frame: pd.DataFrame) -> str:
    """Return the column called `text`, however it is capitalised, else the one with the most words per row.

    Raises:
        ValueError: If there is no column.
    """
    columns: list[str] = list(frame.columns)
    if not columns:
        raise ValueError("the table has no column, expected at least one")
    named = [column for column in columns if column.strip().casefold() == TEXT_COLUMN]
    return (
        named[0]
        if named
        else max(columns, key=lambda column: _wordiness(column_texts(frame.head(_SAMPLE_ROWS), column)))
    )


def column_texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as texts, in row order; a missing value is an empty text."""
    return [str(text) for text in frame[column].astype(object).fillna("")]


def split_lines(text: str) -> list[str]:
    """Return the lines of a text; unlike `str.splitlines`, one with U+2028 or a form feed stays whole."""
    return [line.rstrip("\r") for line in text.split("\n")]


def is_unicode(text: str) -> bool:
    """Return whether a text has no lone surrogate, which is how Python keeps bytes of the shell that are not UTF-8."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _check_names(path: PurePath, frame: pd.DataFrame) -> None:
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise CorpusError(f"{path} has two columns {repeated[0]!r}, expected each name once; rename one of them")


def _wordiness(texts: list[str]) -> tuple[int, int]:
    return sum(len(text.split()) for text in texts), sum(map(len, texts))
