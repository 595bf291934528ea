"""The Data page on what to know of the corpus before its scores are trusted."""

from pathlib import Path

import pytest

from core.artifacts.run import Run
from core.artifacts.schema import CORPUS_WARNINGS, EXAMPLES, Stage
from tests.fake_runs import EMOTIONS, write_fake_run
from tests.pages.opening import open_page, words

DATA = "pages/data.py"


@pytest.fixture
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def test_warnings_are_listed_worst_first_and_their_rows_are_a_click_away(artifacts_dir):
    run = Run.open(write_fake_run(artifacts_dir))
    at = open_page(DATA, text="", true="fear")
    assert not at.exception
    said = words(at)
    in_order = ("One class is never tested.", "“surprise” is rare.", "Texts are equally long.", "There are no vectors.")
    assert sorted(in_order, key=said.index) == list(in_order)
    examples = run.read_table(EXAMPLES)
    n_rows = int(((examples["label"] == 5) & (examples["split"] == "train")).sum())
    (button,) = [button for button in at.button if button.label == f"Show {n_rows} rows"]
    button.click().run()
    assert at.query_params["split"] == "train"
    assert at.query_params["true"] == "surprise"
    assert at.metric[0].value == str(n_rows)


def test_names_of_classes_stand_as_they_are(artifacts_dir):
    hostile = [*EMOTIONS, "<img src=x onerror=alert(1)> **b** $x$ [l](javascript:alert(1))"]
    write_fake_run(artifacts_dir, classes=hostile)
    at = open_page(DATA)
    assert not at.exception
    (shown,) = [element.value for element in at.markdown if "is rare" in element.value]
    assert "\\<img" in shown
    assert "\\*\\*b\\*\\*" in shown
    assert "\\[l\\]\\(javascript" in shown


def test_without_the_file_the_page_says_how_to_make_it(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[stage for stage in Stage if stage is not Stage.WARNINGS])
    at = open_page(DATA)
    assert not at.exception
    assert "Checks of the corpus need a step" in words(at)
    assert at.metric[0].label == "Rows"


def test_file_about_other_classes_is_refused_and_the_page_goes_on(artifacts_dir):
    root = write_fake_run(artifacts_dir)
    text = (root / CORPUS_WARNINGS).read_text(encoding="utf-8")
    (root / CORPUS_WARNINGS).write_text(text.replace("sadness", "saddest"), encoding="utf-8")
    at = open_page(DATA)
    assert not at.exception
    assert f"{CORPUS_WARNINGS} is about other classes" in words(at)
    assert "Typical words" in words(at)
