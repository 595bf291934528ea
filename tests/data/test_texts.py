"""Texts without labels, from files and uploads."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.data.formats import Limits
from core.data.texts import column_texts, guess_text_column, read_text_file, read_uploaded_table, split_lines
from core.errors import CorpusError
from tests.data.files import write

LIMITS = Limits(n_rows=3, n_columns=4)


def parquet_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def test_lines_break_at_line_feeds_only():
    assert split_lines("one\r\ntwo\u2028still two\x0c\n") == ["one", "two\u2028still two\x0c", ""]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'id,body\n1,"one, ""two"""\n2,\n'),
        ("a.tsv", 'id\tbody\n1\t"one, ""two"""\n2\t\n'),
        ("a.jsonl", '{"id": 1, "body": "one, \\"two\\""}\n{"id": 2}\n'),
    ],
)
def test_column_of_a_file_and_of_an_upload_are_the_same_texts(tmp_path: Path, name: str, content: str):
    expected = ['one, "two"', ""]
    assert read_text_file(write(tmp_path / name, content), "body") == expected
    assert column_texts(read_uploaded_table(name, content.encode(), LIMITS), "body") == expected


def test_parquet_with_categories_and_gaps():
    table = pa.table({"kind": pa.array(["b", None, "a"]).dictionary_encode(), "n": [1, 2, 3]})
    frame = read_uploaded_table("a.parquet", parquet_bytes(table), LIMITS)
    assert column_texts(frame, "kind") == ["b", "", "a"]
    assert column_texts(frame, "n") == ["1", "2", "3"]


def test_lines_of_an_uploaded_text_file_keep_blank_ones_but_add_none():
    frame = read_uploaded_table("a.TXT", b"\xef\xbb\xbfone; two\r\n\r\nthree\n", LIMITS)
    assert list(frame.columns) == ["text"]
    assert column_texts(frame, "text") == ["one; two", "", "three"]


def test_text_file_on_disk_keeps_its_last_line_break_as_before(tmp_path: Path):
    assert read_text_file(write(tmp_path / "a.txt", "one\ntwo\n"), "text") == ["one", "two", ""]


@pytest.mark.parametrize(
    ("columns", "guessed"),
    [
        ({"id": ["1"], "Text ": ["short"], "body": ["a much longer text"]}, "Text "),
        ({"sha": ["a" * 64], "body": ["two words"], "label": ["joy"]}, "body"),
        ({"id": ["1"], "label": ["joy"]}, "label"),
        ({"first": ["a b"], "second": ["c d"]}, "first"),
    ],
)
def test_guess_of_the_text_column(columns: dict[str, list[str]], guessed: str):
    assert guess_text_column(pd.DataFrame(columns)) == guessed


def test_no_column_to_guess_from_is_refused():
    with pytest.raises(ValueError, match="no column"):
        guess_text_column(pd.DataFrame())


@pytest.mark.parametrize(
    ("name", "payload", "message"),
    [
        ("a.csv", b"", "a.csv is empty (0 bytes), expected texts"),
        ("a.csv", b"text\n", "a.csv has no rows, expected at least one text"),
        ("a.csv", b"text,text \n1,2\n", "a.csv has two columns 'text', expected each name once"),
        ("a.csv", b"text\ncaf\xe9\n", "a.csv is not UTF-8: byte 0xe9 at offset 8 in line 2"),
        ("a.csv", b"text\n\0\n", "a.csv has a NUL byte in line 2"),
        ("a.csv", b"text\n1\n2\n3\n4\n", "a.csv has 4 rows, expected at most 3; split it"),
        ("a.csv", b",,,,\n1,2,3,4,5\n", "a.csv has 5 columns, expected at most 4"),
        ("a.txt", b"1\n2\n3\n4\n", "a.txt has 4 rows, expected at most 3"),
        ("a.jsonl", b'{"a":1}\n' * 4, "a.jsonl has 4 rows, expected at most 3"),
        ("a.jsonl", b'{"a":1,"b":1,"c":1}\n{"d":1,"e":1}', "a.jsonl has 5 columns, expected at most 4"),
        ("a.jsonl", b"{}\n", "a.jsonl has no rows"),
        ("a.jsonl", b"[" * 100_000, "a.jsonl line 1 is not JSON"),
        ("a.jsonl", b'{"a": ' + b"1" * 5000 + b"}", "a.jsonl line 1 is not JSON"),
        ("a.parquet", b"PAR1 not really", "a.parquet is not a readable Parquet file"),
        ("a.xlsx", b"PK", "a.xlsx is a .xlsx, expected one of .csv, .tsv, .jsonl, .parquet, .txt; export it as CSV"),
        ("notes", b"x", "notes is a file without suffix"),
    ],
)
def test_upload_that_cannot_be_used_is_one_sentence(name: str, payload: bytes, message: str):
    with pytest.raises(CorpusError) as refused:
        read_uploaded_table(name, payload, LIMITS)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_size_of_a_parquet_file_is_known_before_its_rows_are_read(monkeypatch: pytest.MonkeyPatch):
    payload = parquet_bytes(pa.table({"text": ["x"] * 4}))
    monkeypatch.setattr(pq, "read_table", lambda *_: pytest.fail("the rows were read"))
    with pytest.raises(CorpusError, match="has 4 rows, expected at most 3"):
        read_uploaded_table("a.parquet", payload, LIMITS)


def test_parquet_strings_that_are_not_utf8_are_one_sentence():
    broken = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xe9")])
    with pytest.raises(CorpusError, match=r"a\.parquet is not a readable Parquet file"):
        read_uploaded_table("a.parquet", parquet_bytes(pa.table({"text": broken})), LIMITS)


def test_file_with_two_columns_of_one_name_is_refused(tmp_path: Path):
    with pytest.raises(CorpusError, match="has two columns 'text'"):
        read_text_file(write(tmp_path / "a.csv", "text,text \n1,2\n"), "text")


def test_rows_of_json_lines_may_differ_in_their_keys():
    rows = [{"text": "a", "n": 1}, {"text": None}]
    frame = read_uploaded_table("a.jsonl", "\n".join(map(json.dumps, rows)).encode(), LIMITS)
    assert column_texts(frame, "text") == ["a", ""]
