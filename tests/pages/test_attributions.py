"""Which words: beside an error, computed beforehand, and in Try it, computed when asked."""

import re
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import ATTRIBUTIONS, LOGREG_HEAD, TEXTS, ModelName, Stage
from core.artifacts.workspace import open_workspace
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.live_runs import write_live_run
from tests.pages.opening import open_page, words
from tests.pages.test_errors import known

PAGE, TRY_IT = "pages/errors.py", "pages/try_it.py"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1))"
NOT_YET = [stage for stage in Stage if stage is not Stage.ATTRIBUTIONS]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def shaded(at: AppTest) -> list[str]:
    bodies = [element.proto.body for element in at.get("html")]
    return [body for body in bodies if 'class="word-scores"' in body]


def press(at: AppTest, label: str) -> AppTest:
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def test_words_of_an_error_are_shaded_for_the_predicted_then_for_the_true_class(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir, n_rows=600)
    rows = known(run_dir).query("split == 'test'")
    row = rows[rows["finetuned"] != rows["label"]].sort_values("finetuned_p").index[0]
    at = open_page(PAGE)
    assert not at.exception
    text = pd.read_parquet(run_dir / TEXTS.path)["text"][row]
    assert len(shaded(at)) == 2
    assert [re.sub("<[^>]+>", "", html) for html in shaded(at)] == [text, text]
    assert shaded(at)[0].count('title="−5.0 points"') == len(text.split()) - 1
    classes = ("sadness", "joy", "love", "anger", "fear", "surprise")
    assert f"Fine-tuned: which words speak for **{classes[rows.loc[row, 'finetuned']]}**" in words(at)
    assert "with the text; the words’ sum is off by +1.2 points." in words(at)
    at.segmented_control(key="errors_words_for").set_value("true class").run()
    assert words(at).count(f"which words speak for **{classes[rows.loc[row, 'label']]}**") == 2


def test_row_that_was_not_computed_is_taken_to_try_it(artifacts_dir):
    write_live_run(artifacts_dir)
    at = open_page(PAGE)
    assert "This run has no attributions yet." in words(at)
    press(at, "Ask the models now")
    assert not at.exception
    at.switch_page(TRY_IT).run()
    assert at.text_area(key="try_text").value.startswith("text 108 about")
    assert "Find the words behind the answers" in [button.label for button in at.button]


def test_run_without_attributions_or_models_only_says_so(artifacts_dir):
    write_fake_run(artifacts_dir, stages=NOT_YET, classes=["neg", "pos"], without=[CHECKPOINT, LOGREG_HEAD])
    at = open_page(PAGE)
    assert not at.exception
    assert "This run has no attributions yet." in words(at)
    assert "Ask the models now" not in [button.label for button in at.button]


def test_run_without_texts_says_nothing_of_words(artifacts_dir):
    write_fake_run(artifacts_dir, without=[TEXTS.path])
    at = open_page(PAGE)
    assert not at.exception
    assert "Which words?" not in words(at)


def test_hostile_text_of_a_run_with_one_model_and_many_classes(artifacts_dir):
    names = [f"<b>{k}</b>" for k in range(77)]
    write_fake_run(
        artifacts_dir,
        classes=names,
        n_rows=800,
        texts=dict.fromkeys(range(720, 800), HOSTILE),
        models=[ModelName.DUMMY, ModelName.LOGREG],
    )
    at = open_page(PAGE)
    assert not at.exception
    assert len(shaded(at)) == 1
    assert "<img" not in shaded(at)[0]
    assert "&lt;img" in shaded(at)[0]


def test_places_beyond_the_text_and_damaged_files_do_not_break_the_page(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir)
    with open_workspace(artifacts_dir, "fake") as workspace:
        table = workspace.run.read_table(ATTRIBUTIONS).assign(start=lambda t: t["start"] + 9_000, end=2_000_000)
        with workspace.stage(Stage.ATTRIBUTIONS, settings={"foreign": True}, inputs=[], libraries=[]) as writer:
            writer.table(ATTRIBUTIONS, table)
        workspace.publish()
    at = open_page(PAGE)
    assert not at.exception
    assert (shaded(at), "Not computed for this row." in words(at)) == ([], True)
    (run_dir / ATTRIBUTIONS.path).write_bytes(b"PAR1")
    st.cache_resource.clear()
    at = open_page(PAGE)
    assert not at.exception
    assert f"{ATTRIBUTIONS.path} has 4 bytes" in words(at)
    assert len(at.metric) > 4


def test_words_of_a_typed_text_are_found_when_asked_for_and_again_for_another_class(artifacts_dir):
    write_live_run(artifacts_dir)
    at = open_page(TRY_IT)
    at.text_area(key="try_text").set_value(HOSTILE)
    press(at, "Classify")
    assert not shaded(at)
    press(at, "Find the words behind the answers")
    assert not at.exception
    both = shaded(at)
    # read up to the 16th token, so the pale end is there for both
    assert [re.sub("<[^>]+>", "", html) for html in both] == [HOSTILE.replace("<", "&lt;").replace(">", "&gt;")] * 2
    assert all("not read by the model" in html for html in both)
    at.selectbox(key="try_words_class").set_value(3).run()
    assert words(at).count("which words speak for **anger**") == 2
    assert shaded(at) != both
    at.text_area(key="try_text").set_value("!")
    press(at, "Classify")
    assert not at.exception
    assert not shaded(at)


def test_logistic_regression_alone_is_asked_alone(artifacts_dir):
    write_live_run(artifacts_dir, classes=["<b>*neg*</b>", "pos"], without=[CHECKPOINT])
    at = open_page(TRY_IT)
    at.text_area(key="try_text").set_value("so glad")
    press(at, "Classify")
    press(at, "Find the words behind the answers")
    assert not at.exception
    assert len(shaded(at)) == 1
