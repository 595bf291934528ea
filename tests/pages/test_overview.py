"""The Overview: headline, where to look first, how the run was made, what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.artifacts.schema import EMBEDDINGS, TEXTS
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.pages.opening import ROOT, open_page, words


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def test_overview_states_numbers_of_both_models_and_their_basis(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=2400)
    at = open_page()
    assert [metric.label for metric in at.metric] == ["Fine-tuned", "Logistic regression"] * 2
    assert all(metric.delta == "" for metric in at.metric)
    assert "Basis: test split, 240 rows, held-out predictions" in words(at)
    scores = next(table.value for table in at.dataframe if "Model" in table.value)
    assert scores["Model"].tolist() == ["Fine-tuned", "Logistic regression", "Most frequent class"] * 3
    assert at.metric[0].value == "86.3%"
    assert scores["Accuracy"][0] == 86.25


def test_headline_does_not_wait_for_charts_to_be_imported(artifacts_dir):
    write_fake_run(artifacts_dir)
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "sys.modules['altair'] = None\n"
        "at = AppTest.from_file('Home.py', default_timeout=60).run()\n"
        "print([metric.label for metric in at.metric], [error.message for error in at.exception])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    headline = ["Fine-tuned", "Logistic regression"] * 2
    assert done.stdout.splitlines()[-1] == f"{headline} {['import of altair halted; None in sys.modules']}"


def test_overview_of_the_train_split_says_which_predictions_are_in_sample(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page()
    at.button_group(key="filter_split").set_value("train").run()
    assert not at.exception
    assert "Fine-tuned: in-sample predictions" in words(at)
    assert "Logistic regression: out-of-fold predictions" in words(at)


def test_overview_says_how_the_run_was_made(artifacts_dir):
    write_fake_run(artifacts_dir)
    shown = words(open_page())
    for fact in (
        "all-MiniLM-L6-v2",
        "vector of the [CLS] token",
        "4 dimensions",
        "bfloat16",
        "CC0-1.0",
        "240: train 192",
    ):
        assert fact in shown
    assert "learning rate 0.0002" in shown
    assert "2 repeated texts were dropped" in shown


def test_complete_run_misses_nothing(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page()
    assert not at.code
    assert "Everything that belongs to this run is on this machine" in words(at)


def test_shipped_run_works_and_names_the_one_command(artifacts_dir):
    write_fake_run(artifacts_dir, source="hub", corpus_name="some/corpus", without=[TEXTS.path, EMBEDDINGS, CHECKPOINT])
    at = open_page()
    assert not at.exception
    assert not at.error
    assert len(at.metric) == 4
    command = f"python -m scripts.restore fake --dataset some/corpus --artifacts-dir {artifacts_dir}"
    assert [code.value for code in at.code] == [command]


def test_names_from_a_corpus_are_never_markup(artifacts_dir):
    write_fake_run(artifacts_dir, classes=["<b>x</b>", "**y**"], corpus_name="<script>alert(1)</script>", n_rows=600)
    at = open_page()
    html = "".join(element.proto.body for element in at.get("html"))
    assert "&lt;b&gt;x&lt;/b&gt;, **y**" in html
    assert "<script" not in html
    assert "\\<script\\>" in at.sidebar.caption[0].value
