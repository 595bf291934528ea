"""One file of labelled text → a frame of raw columns; nothing is interpreted yet except the file format."""

import csv
import io
import itertools
import json
import re
import warnings
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import CorpusError

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet", ".txt")


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
            return _read_parquet(path, label_column)
        text = decode_file(path)
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read ({error.strerror or error}), expected a readable file; check its permissions"
        ) from error
    if suffix == ".txt":
        return _read_text_label_lines(path, text, text_column, label_column), ()
    if suffix == ".jsonl":
        return _read_json_lines(path, text), ()
    return _read_delimited(path, text, "," if suffix == ".csv" else "\t"), ()


def decode_file(path: Path) -> str:
    """Return a text file as a string.

    Raises:
        CorpusError: If it is not UTF-8, or has a NUL byte; names line and byte.
    """
    payload = path.read_bytes()
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


def _read_delimited(path: Path, text: str, delimiter: str) -> pd.DataFrame:
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


def _read_json_lines(path: Path, text: str) -> pd.DataFrame:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(
                f"{path} line {number:,} is not JSON ({error.msg}), expected one object a line; mend or remove that"
                f" line"
            ) from error
        if not isinstance(row, dict):
            raise CorpusError(
                f"{path} line {number:,} is a JSON {type(row).__name__}, expected an object such as"
                f' {{"text": "…", "label": "…"}}; mend or remove that line'
            )
        _check_characters(path, number, row)
        rows.append(row)
    return pd.DataFrame(rows)


def _check_characters(path: Path, number: int, row: dict[str, object]) -> None:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            f"{path} line {number:,} holds half of a character (a lone surrogate such as \\ud83d), expected whole ones;"
            f" mend or remove that line"
        ) from error


def _read_text_label_lines(path: Path, text: str, text_column: str, label_column: str) -> pd.DataFrame:
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


def _read_parquet(path: Path, label_column: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise CorpusError(f"{path} is not a readable Parquet file ({error}); download or export it again") from error
    return table.to_pandas(), _hub_class_names(table.schema, label_column)


def _hub_class_names(schema: pa.Schema, label_column: str) -> tuple[str, ...]:
    """Return the ClassLabel names that `datasets` writes into a Parquet file's metadata."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return tuple(features[label_column]["names"])
    except (KeyError, TypeError, ValueError):
        return ()
