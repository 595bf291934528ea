import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.scripts.command import call, call_ok, error_line

pytestmark = pytest.mark.slow

TEXTS = ["sunshine and a party", "they shouted, unfair!", "quiet and still"]


@pytest.fixture
def of_run(built: Path) -> tuple[object, ...]:
    return ("--run", "tiny", "--artifacts-dir", built)


def answers(printed: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in printed.rstrip("\n").split("\n")]


def as_options(texts: list[str]) -> list[str]:
    return [part for text in texts for part in ("--text", text)]


def test_each_text_gets_a_line_with_class_percent_and_text(of_run: tuple[object, ...]):
    lines = call_ok("predict", *of_run, *as_options(TEXTS)).splitlines()
    assert len(lines) == 3
    for line, text in zip(lines, TEXTS, strict=True):
        label, percent, shown = line.split(maxsplit=2)
        assert label in ("calm", "cross", "merry")
        assert 100 / 3 <= float(percent.removesuffix("%")) <= 100
        assert shown == text


def test_json_has_one_object_per_text_with_every_probability(of_run: tuple[object, ...]):
    rows = answers(call_ok("predict", *of_run, *as_options(TEXTS), "--json"))
    assert [row["text"] for row in rows] == TEXTS
    for row in rows:
        probs = {name: row[f"prob_{name}"] for name in ("calm", "cross", "merry")}
        assert sum(probs.values()) == pytest.approx(1, abs=2e-4)
        assert row["prediction"] == max(probs, key=probs.get)
        assert row["probability"] == max(probs.values())
        assert row["truncated"] is False


def test_probabilities_have_four_decimals(of_run: tuple[object, ...]):
    printed = call_ok("predict", *of_run, *as_options(TEXTS), "--json")
    shown = re.findall(r'"prob\w*":([0-9.e-]+)', printed)
    assert len(shown) == len(TEXTS) * 4
    assert [value for value in shown if len(value.partition(".")[2]) > 4] == []


def test_csv_reads_back(of_run: tuple[object, ...]):
    rows = list(csv.DictReader(io.StringIO(call_ok("predict", *of_run, *as_options(TEXTS), "--csv"))))
    assert [row["text"] for row in rows] == TEXTS
    assert list(rows[0])[:5] == ["row", "text", "prediction", "probability", "truncated"]
    assert list(rows[0])[5:] == ["prob_calm", "prob_cross", "prob_merry"]


def test_text_file_standard_input_and_csv_column_give_the_same_answers(of_run: tuple[object, ...], tmp_path: Path):
    expected = call_ok("predict", *of_run, *as_options(TEXTS), "--json")
    (tmp_path / "lines.txt").write_text("\n".join(TEXTS) + "\n\n", encoding="utf-8")
    assert call_ok("predict", *of_run, "--file", tmp_path / "lines.txt", "--json") == expected
    with (tmp_path / "table.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "body"], *enumerate(TEXTS)])
    assert call_ok("predict", *of_run, "--file", tmp_path / "table.csv", "--text-column", "body", "--json") == expected
    assert call_ok("predict", *of_run, "--json", stdin="\r\n".join(TEXTS).encode()) == expected


def test_line_with_an_unusual_break_is_one_text(of_run: tuple[object, ...]):
    printed = call_ok("predict", *of_run, "--json", stdin="a party\u2028at home\n".encode())
    assert [row["text"] for row in answers(printed)] == ["a party\u2028at home"]


def test_row_without_a_text_is_left_out_and_the_others_keep_their_number(of_run: tuple[object, ...], tmp_path: Path):
    rows = [{"text": None}, {"text": "  "}, {"text": "a party"}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    printed = call_ok("predict", *of_run, "--file", tmp_path / "rows.jsonl", "--json")
    assert [(row["row"], row["text"]) for row in answers(printed)] == [(3, "a party")]


def test_cut_text_says_so(of_run: tuple[object, ...]):
    assert call_ok("predict", *of_run, "--text", "the day was quiet " * 20).endswith("(only its beginning was read)\n")


def test_logreg_answers_with_the_stored_probabilities(of_run: tuple[object, ...], built: Path, tiny_distilbert: Path):
    import pandas as pd

    texts = pd.read_parquet(built / "tiny" / "texts.parquet")["text"][-5:].tolist()  # the split test comes last
    stored = pd.read_parquet(built / "tiny" / "predictions" / "logreg.parquet")[-5:]
    options = (*of_run, "--model", "logreg", "--model_ckpt", tiny_distilbert)
    rows = answers(call_ok("predict", *options, *as_options(texts), "--json"))
    for k, name in enumerate(("calm", "cross", "merry")):
        assert [row[f"prob_{name}"] for row in rows] == pytest.approx(stored[f"prob_{k}"].tolist(), abs=2e-3)


def test_checkpoint_folder_answers_like_its_run_cut_included(of_run: tuple[object, ...], built: Path):
    texts = as_options([*TEXTS, "the day was quiet " * 20])
    folder = built / "tiny" / "models" / "finetuned"
    printed = call_ok("predict", "--model_dir", folder, *texts, "--json")
    assert printed == call_ok("predict", *of_run, *texts, "--json")
    assert [row["truncated"] for row in answers(printed)] == [False, False, False, True]


def test_finetuned_answers_with_the_stored_probabilities(of_run: tuple[object, ...], built: Path):
    import pandas as pd

    texts = pd.read_parquet(built / "tiny" / "texts.parquet")["text"][:20].tolist()
    stored = pd.read_parquet(built / "tiny" / "predictions" / "finetuned.parquet")[:20]
    rows = answers(call_ok("predict", *of_run, *as_options(texts), "--json"))
    assert [row["prob_calm"] for row in rows] == pytest.approx(stored["prob_0"].tolist(), abs=2e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), 'no text given, expected at least one; give it with --text "…", --file PATH or standard input'),
        (("--text", "   "), "no text given"),
        (("--text", "party", "--json", "--csv"), "both --json and --csv given"),
        (("--text", "party \udcff"), "is not UTF-8, expected whole characters"),
        (("--file", "nowhere.txt"), "nowhere.txt cannot be read (No such file or directory)"),
        (("--file", "nowhere.csv"), "no such file: nowhere.csv"),
        (("--text", "party", "--run", "nowhere"), "nowhere/manifest.json not found"),
        (("--text", "party", "--model_dir", "nowhere"), "no checkpoint folder at nowhere"),
    ],
)
def test_what_cannot_be_answered_is_refused(built: Path, arguments: tuple[str, ...], message: str):
    assert message in error_line(call("predict", "--run", "tiny", "--artifacts-dir", built, *arguments))


def test_input_that_is_not_utf8_is_refused(of_run: tuple[object, ...]):
    message = error_line(call("predict", *of_run, stdin=b"caf\xe9\n"))
    assert message.startswith("standard input is not UTF-8 (byte 0xe9 at offset 3), expected text; convert it")


def test_file_without_the_column_names_those_it_has(of_run: tuple[object, ...], tiny_corpus: Path):
    message = error_line(call("predict", *of_run, "--file", tiny_corpus, "--text-column", "body"))
    assert message.endswith("has no column 'body' (found: text, label, channel); use --text-column")
