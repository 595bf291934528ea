"""The Behaviour page, from Home.py on: rates, changed texts, what is missing."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts.run import Run
from core.artifacts.schema import BEHAVIOUR, TEXTS, Edit, Stage
from core.charts.labels import EDIT_LABELS
from tests.fake_runs import write_fake_run
from tests.pages.opening import chart_specs, open_page, words

PAGE = "pages/behaviour.py"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1)) :smile:"
TYPO = EDIT_LABELS[Edit.SWAPPED_LETTERS]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def test_headline_counts_texts_that_an_edit_without_doubt_changes(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600)
    at = open_page(PAGE)
    assert not at.exception
    said = words(at)
    assert [metric.value for metric in at.metric] == ["25.0%", "25.0%"]  # of 60, every fourth; capitals do not count
    assert "95% interval 15.8% – 37.2%" in said
    assert "15 of 60 texts" in said
    assert (
        "Only Logistic regression changes its answer on **0 texts**, only Fine-tuned on **0 texts** (p = 1.000)."
        in said
    )
    assert "60 edited texts of the test split under this filter, 3 kinds of edits" in said
    assert len(chart_specs(at)) == 2


def test_changed_texts_of_the_edit_that_changes_most_are_shown_marked(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600, texts={540: f"{HOSTILE} wonderful"})
    at = open_page(PAGE, ids="540")
    said = words(at)
    assert at.selectbox(key="edit").value == Edit.SWAPPED_LETTERS
    assert said.count("<mark") == 2
    said = re.sub("</?mark[^>]*>", "", said)
    assert "&lt;img src=x onerror=alert(1)&gt; **bold** $x$ [a](javascript:alert(1)) :smile: " in said
    assert "<img" not in said
    assert "1 answer under this filter changed" in said
    assert "80.0%" in said
    assert "70.0%" in said


def test_rates_stay_when_the_filter_asks_for_a_class_and_texts_follow(artifacts_dir):
    folder = write_fake_run(artifacts_dir, n_rows=600)
    label = pd.read_parquet(folder / "examples.parquet")["label"].to_numpy()
    n_joy = int((label[np.arange(540, 600, 4)] == 1).sum())
    at = open_page(PAGE, true="joy")
    assert [metric.value for metric in at.metric] == ["25.0%", "25.0%"]
    assert f"{n_joy} answer{'s' if n_joy > 1 else ''} under this filter changed" in words(at)


def test_another_edit_is_chosen_by_address_and_widget(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600)
    at = open_page(PAGE)
    at.selectbox(key="edit").select(Edit.UPPER_CASE).run()
    assert "1 answer under this filter changed" in words(at)
    at.selectbox(key="edit").select(Edit.LOWER_CASE).run()
    assert any("No answer to a text under this filter changed" in element.value for element in at.success)


def test_without_texts_rates_and_ids_are_shown(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600, without=[TEXTS.path])
    at = open_page(PAGE)
    assert not at.exception
    assert "25.0%" in [metric.value for metric in at.metric]
    assert "Row 540; its text is not on this machine." in words(at)


def test_other_split_says_where_the_tested_texts_are_and_leads_there(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600)
    at = open_page(PAGE, split="train")
    assert "No text under this filter was edited; 60 texts of the test split were." in words(at)
    next(button for button in at.button if button.label == "Look at the test split").click().run()
    assert len(at.metric) == 2


def test_run_without_the_tests_names_the_command_and_damaged_ones_the_remedy(artifacts_dir):
    folder = write_fake_run(artifacts_dir, stages=[stage for stage in Stage if stage is not Stage.BEHAVIOUR])
    at = open_page(PAGE)
    assert "Behavioural tests need a step" in words(at)
    assert any("scripts.analyze" in code.value for code in at.code)
    folder = write_fake_run(artifacts_dir, "damaged")
    (folder / BEHAVIOUR.path).write_bytes(b"x" * Run.open(folder).record(BEHAVIOUR.path).bytes)
    at = open_page(PAGE, run="damaged")
    assert not at.exception
    assert "behaviour.parquet cannot be read" in words(at)


def test_texts_edited_by_other_rules_are_not_shown(artifacts_dir, monkeypatch):
    write_fake_run(artifacts_dir, n_rows=600)
    monkeypatch.setattr("core.ui.behaviour.reads.RULES", 2)
    said = words(open_page(PAGE))
    assert "The edited texts cannot be shown" in said
    assert "<mark" not in said
