"""One file of labelled text → a frame of raw columns; nothing is interpreted yet except the file format."""

import csv
import io
import itertools
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePath

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import CorpusError

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet", ".txt")
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a table may be that somebody uploads, checked before memory is spent on it wherever that can be."""

    n_rows: int
    n_columns: int = 500

    def check(self, path: PurePath, *, n_rows: int, n_columns: int) -> None:
        """Refuse a larger table.

        Raises:
            CorpusError: If it has too many rows or columns.
        """
        if n_rows > self.n_rows:
            raise CorpusError(
                f"{path} has {n_rows:,} rows, expected at most {self.n_rows:,}; split it, or give it to python -m"
                f" scripts.predict --file, which takes any number"
            )
        if n_columns > self.n_columns:
            raise CorpusError(
                f"{path} has {n_columns:,} columns, expected at most {self.n_columns:,}; keep the one with the texts"
            )


def read_file(path: Path, *, text_column: str, label_column: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read one file.

    Args:
        path: A .csv, .tsv, .jsonl, .parquet, or .txt (text;label, split on the last semicolon) file.
        text_column: Name given to the text of a .txt file.
        label_column: Name given to the label of a .txt file.

    Returns:
        The columns as they are (delimited files: all strings, an empty field is an empty string), and the class names
        that a Parquet file from the hub carries for `label_column` (else empty).

    Raises:
        CorpusError: If the file is missing, empty, of an unknown kind, or not readable.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(
            f"{path} is a {suffix or 'file without suffix'}, expected one of {', '.join(SUFFIXES)}; convert it, or"
            f" export it as CSV"
        )
    if not path.exists():
        raise CorpusError(f"no such file: {path}; expected a corpus, so check the path given with --dataset")
    if path.stat().st_size == 0:
        raise CorpusError(f"{path} is empty (0 bytes), expected labelled texts; check the file given with --dataset")
    try:
        if suffix == ".parquet":
            return _read_parquet(path, path, label_column)
        text = decode(path, path.read_bytes())
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read ({error.strerror or error}), expected a readable file; check its permissions"
        ) from error
    if suffix == ".txt":
        return _read_text_label_lines(path, text, text_column, label_column), ()
    return _read_columns(path, text), ()


def read_bytes(path: PurePath, payload: bytes, limits: Limits) -> pd.DataFrame:
    """Return the columns of a .csv, .tsv, .jsonl or .parquet file that is in memory, as `read_file` does.

    Args:
        path: What the file is called; its ending says what it is.
        payload: What is in it.
        limits: How large the table may be.

    Raises:
        CorpusError: If it is not readable, or too large.
    """
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, io.BytesIO(payload), "", limits)[0]
    frame = _read_columns(path, decode(path, payload), limits)
    limits.check(path, n_rows=len(frame), n_columns=len(frame.columns))
    return frame


def decode(path: PurePath, payload: bytes) -> str:
    """Return the content of a text file as a string.

    Raises:
        CorpusError: If it is not UTF-8, or has a NUL byte; names line and byte.
    """
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = payload.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{path} is not UTF-8: byte 0x{payload[error.start]:02x} at offset {error.start:,} in line {line:,};"
            f" convert it, for example with: iconv -f WINDOWS-1252 -t UTF-8"
        ) from error
    position = text.find("\0")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        raise CorpusError(
            f"{path} has a NUL byte in line {line:,}, expected text; remove it, for example with: tr -d '\\000'"
        )
    return text


def _read_columns(path: PurePath, text: str, limits: Limits | None = None) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        rows = _read_json_lines(path, text)
        if limits is not None:
            limits.check(path, n_rows=len(rows), n_columns=len(set().union(*rows)))
        return pd.DataFrame(rows)
    if limits is not None:
        header = text.partition("\n")[0]
        limits.check(path, n_rows=0, n_columns=header.count(_DELIMITERS[suffix]) + 1)
    return _read_delimited(path, text, _DELIMITERS[suffix])


def _read_delimited(path: PurePath, text: str, delimiter: str) -> pd.DataFrame:
    remedy = "quote fields that hold the delimiter, a quote or a line break"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # without index_col=False, one field too many in the first row would shift every column by one
            frame = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, na_filter=False, index_col=False)
    except pd.errors.ParserWarning as error:
        raise CorpusError(f"{path} has more fields in its first row than in its header; {remedy}") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise CorpusError(f"{path} is not readable ({_reason(error, text, delimiter)}); {remedy}") from error
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame


def _reason(error: ValueError, text: str, delimiter: str) -> str:
    """Return what pandas found wrong, with the line in the file where it counts records."""
    reason = " ".join(str(error).split()).removeprefix("Error tokenizing data. C error: ")
    too_many = re.fullmatch(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    unclosed = re.fullmatch(r"EOF inside string starting at row (\d+)", reason)
    if too_many:
        line = _line_of_record(text, delimiter, int(too_many[2]))
        return f"line {line:,} has {too_many[3]} fields, the header {too_many[1]}"
    if unclosed:
        return (
            f"the quote that opens in line {_line_of_record(text, delimiter, int(unclosed[1]) + 1):,} is never closed"
        )
    return reason


def _line_of_record(text: str, delimiter: str, n_record: int) -> int:
    """Return the line on which a record starts, both counted from one; a quoted line break makes them differ."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for _ in itertools.islice(reader, n_record - 1):
        pass
    return reader.line_num + 1


def _read_json_lines(path: PurePath, text: str) -> list[dict[str, object]]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else error
            raise CorpusError(
                f"{path} line {number:,} is not JSON ({reason}), expected one object a line; mend or remove that line"
            ) from error
        if not isinstance(row, dict):
            raise CorpusError(
                f"{path} line {number:,} is a JSON {type(row).__name__}, expected an object such as"
                f' {{"text": "…", "label": "…"}}; mend or remove that line'
            )
        _check_characters(path, number, row)
        rows.append(row)
    return rows


def _check_characters(path: PurePath, number: int, row: dict[str, object]) -> None:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            f"{path} line {number:,} holds half of a character (a lone surrogate such as \\ud83d), expected whole ones;"
            f" mend or remove that line"
        ) from error


def _read_text_label_lines(path: PurePath, text: str, text_column: str, label_column: str) -> pd.DataFrame:
    texts, labels = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        body, semicolon, label = line.rstrip("\r").rpartition(";")
        if not semicolon:
            raise CorpusError(
                f"{path} line {number:,} has no semicolon, expected text;label; add the label, or use .csv instead"
            )
        texts.append(body)
        labels.append(label.strip())
    return pd.DataFrame({text_column: texts, label_column: labels}, dtype=str)


def _read_parquet(
    path: PurePath, source: Path | io.BytesIO, label_column: str, limits: Limits | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    try:
        if limits is not None:
            size = pq.read_metadata(source)
            limits.check(path, n_rows=size.num_rows, n_columns=size.num_columns)
        table = pq.read_table(source)
        table.validate(full=True)  # strings that are not UTF-8 would fail only when somebody looks at them
        frame = table.to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise CorpusError(f"{path} is not a readable Parquet file ({error}); download or export it again") from error
    return frame, _hub_class_names(table.schema, label_column)


def _hub_class_names(schema: pa.Schema, label_column: str) -> tuple[str, ...]:
    """Return the ClassLabel names that `datasets` writes into a Parquet file's metadata."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return tuple(features[label_column]["names"])
    except (KeyError, TypeError, ValueError):
        return ()
