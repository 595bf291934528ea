import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.data.formats import read_file
from core.errors import CorpusError
from tests.data.files import write

ROWS = {"text": ["I won", "a; b, c\nd", "NA"], "label": ["joy", "fear", "null"]}


def read(path: Path) -> pd.DataFrame:
    return read_file(path, text_column="text", label_column="label")[0]


def write_parquet(path: Path) -> None:
    pq.write_table(pa.table(ROWS), path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'text,label\nI won,joy\n"a; b, c\nd",fear\nNA,null\n'),
        ("a.CSV", 'text,label\nI won,joy\n"a; b, c\nd",fear\nNA,null\n'),
        ("a.tsv", 'text\tlabel\nI won\tjoy\n"a; b, c\nd"\tfear\nNA\tnull\n'),
        ("bom.csv", '\ufefftext,label\nI won,joy\n"a; b, c\nd",fear\nNA,null\n'),
        ("blank lines.csv", 'text,label\n\nI won,joy\n"a; b, c\nd",fear\n\nNA,null\n\n'),
        ("spaced header.csv", ' text , label\nI won,joy\n"a; b, c\nd",fear\nNA,null\n'),
        ("a.jsonl", "\n".join(json.dumps({"text": t, "label": k}) for t, k in zip(*ROWS.values(), strict=True))),
        ("a.parquet", write_parquet),
    ],
)  # fmt: skip
def test_every_format_gives_the_same_rows(tmp_path: Path, name: str, content: str | Callable[[Path], None]) -> None:
    path = tmp_path / name
    content(path) if callable(content) else write(path, content)
    assert read(path).to_dict("list") == ROWS


def test_windows_line_ends_are_no_part_of_a_value(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "text,label\r\nI won,joy\r\n")).to_dict("list") == {
        "text": ["I won"],
        "label": ["joy"],
    }
    assert read(write(tmp_path / "a.txt", "I won;joy\r\n\r\n")).to_dict("list") == {"text": ["I won"], "label": ["joy"]}
    lines = '{"text": "I won", "label": "joy"}\r\n'
    assert read(write(tmp_path / "a.jsonl", lines)).to_dict("list") == {"text": ["I won"], "label": ["joy"]}


def test_txt_lines_are_split_at_the_last_semicolon(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "\ufeffhome; alone; at last; joy\n\n;fear\nno label;\n")
    frame, classes = read_file(path, text_column="body", label_column="stars")
    assert frame.to_dict("list") == {"body": ["home; alone; at last", "", "no label"], "stars": ["joy", "fear", ""]}
    assert classes == ()


def test_other_line_separators_stay_in_the_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "one\u2028two\x85three;joy\n")
    assert read(path)["text"].tolist() == ["one\u2028two\x85three"]


@pytest.mark.parametrize("text", ["NA", "null", "nan", "None", "N/A", "-inf", "007", "1e3", "True", ""])
def test_delimited_values_stay_the_strings_that_they_are(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path / "a.csv", f"text,label\n{text},{text}\n")).to_dict("list") == {
        "text": [text],
        "label": [text],
    }


def test_missing_last_field_is_an_empty_string(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "text,label\nI won\nI lost,sad\n"))["label"].tolist() == ["", "sad"]


def test_class_names_of_a_hub_parquet_file_are_found(tmp_path: Path) -> None:
    features = {"text": {"dtype": "string"}, "label": {"names": ["sadness", "joy"], "_type": "ClassLabel"}}
    table = pa.table({"text": ["a", "b"], "label": [1, 0]})
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(table.replace_schema_metadata(metadata), tmp_path / "a.parquet")
    frame, classes = read_file(tmp_path / "a.parquet", text_column="text", label_column="label")
    assert classes == ("sadness", "joy")
    assert frame["label"].tolist() == [1, 0]


@pytest.mark.parametrize(
    "metadata", [None, {"huggingface": "{"}, {"huggingface": '{"info": {"features": {"label": {}}}}'}]
)
def test_parquet_without_class_names_has_none(tmp_path: Path, metadata: dict[str, str] | None) -> None:
    pq.write_table(pa.table({"text": ["a"], "label": [1]}).replace_schema_metadata(metadata), tmp_path / "a.parquet")
    assert read_file(tmp_path / "a.parquet", text_column="text", label_column="label")[1] == ()


def test_text_of_a_megabyte_is_read(tmp_path: Path) -> None:
    text = "a long story " * 80_000
    for name, content in (("a.csv", f"text,label\n{text},joy\n"), ("a.txt", f"{text};joy")):
        assert read(write(tmp_path / name, content))["text"].tolist() == [text]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.docx", b"PK", "is a .docx, expected one of .csv, .tsv, .jsonl, .parquet, .txt; convert it, or export it"),
        ("a", b"text", "is a file without suffix, expected one of .csv, .tsv, .jsonl, .parquet, .txt; convert it"),
        ("a.csv", b"", "is empty (0 bytes), expected labelled texts; check the file given with --dataset"),
        ("a.csv", b"\n\n", "is not readable (No columns to parse from file); quote fields"),
        ("a.csv", b"text,label\na,b\nc,d,e\n", "is not readable (line 3 has 3 fields, the header 2); quote fields"),
        ("a.csv", b'text,label\n"a\nb\nc",x\n\nd,e,f\n', "is not readable (line 6 has 3 fields, the header 2); quote"),
        ("a.csv", b"text,label\na,b,c\nd,e,f\n", "has more fields in its first row than in its header; quote fields"),
        ("a.csv", b"text,label\na,b,\nd,e,\n", "has more fields in its first row than in its header; quote fields"),
        ("a.csv", b'text,label\n"a\nb",x\n"never closed,y\nd,e\n', "(the quote that opens in line 4 is never"),
        ("a.tsv", b"text\tlabel\na\tb\nc\td\te\n", "is not readable (line 3 has 3 fields, the header 2); quote fields"),
        ("a.csv", b"text,label\na,b\ncaf\xe9,d\n", "is not UTF-8: byte 0xe9 at offset 18 in line 3; convert it, for"),
        ("a.txt", b"\xff\xfea\x00;\x00", "is not UTF-8: byte 0xff at offset 0 in line 1; convert it, for example"),
        ("a.csv", b"text,label\na\0b,c\n", "has a NUL byte in line 2, expected text; remove it, for example with: tr"),
        ("a.txt", b"one;joy\n\nno label here\n", "line 3 has no semicolon, expected text;label; add the label, or"),
        ("a.jsonl", b'{"text": "a"}\n\n{"text": }\n', "line 3 is not JSON (Expecting value), expected one object a"),
        ("a.jsonl", b'{"text": "a"}\n["a", "joy"]\n', "line 2 is a JSON list, expected an object such as {\"text\""),
        ("a.jsonl", b'{"text": "\\ud83d"}\n', "line 1 holds half of a character (a lone surrogate such as \\ud83d),"),
        ("a.parquet", b"PAR1", "is not a readable Parquet file ("),
        ("a.parquet", b"text,label\na,b\n", "is not a readable Parquet file ("),
    ],
)  # fmt: skip
def test_unreadable_file_says_what_where_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(CorpusError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_malformed_csv_with_a_huge_field_still_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"text,label\n{'a' * 300_000},b\nc,d,e\n")
    with pytest.raises(CorpusError, match="line 3 has 3 fields, the header 2"):
        read(path)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        CorpusError, match=f"^no such file: {re.escape(str(tmp_path / 'a.csv'))}; expected a corpus, so"
    ):
        read(tmp_path / "a.csv")


def test_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    path = write(tmp_path / "a.csv", "text,label\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(
        CorpusError, match=r"a\.csv cannot be read \(Permission denied\), expected a readable file; check"
    ):
        read(path)
