"""How it works: every step with the run's own figures, or with the command that makes it."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.worked_examples import explain_average_gap, work_through_class
from core.artifacts.manifest import EncoderInfo
from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FEATURES, METRICS, TEXTS, ModelName, Stage
from core.artifacts.workspace import open_workspace
from core.charts.palette import MODEL_COLOURS
from core.ui.how_it_works.corpus import corpus_steps, map_step
from core.ui.how_it_works.diagram import pipeline_boxes
from core.ui.how_it_works.measuring import class_facts, gap_sentences, measuring_steps
from core.ui.how_it_works.models import model_steps
from tests.analysis.test_worked_examples import SMALL, measured
from tests.fake_runs import CHECKPOINT, DIMENSION, write_fake_run
from tests.pages.test_pages import ROOT, words

STEPS = 9
PAGE = "pages/how_it_works.py"


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def open_page(**query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run().switch_page(PAGE).run()


def commands(at: AppTest) -> list[str]:
    return [code.value for code in at.code]


def write_features(artifacts_dir: Path, *, n_tokens: list[int], max_length: int, pooling: str) -> None:
    """Make the features of the run `fake` again, with given lengths."""
    with (
        open_workspace(artifacts_dir, "fake") as workspace,
        workspace.stage(Stage.EXTRACT_FEATURES, settings={}, inputs=[TEXTS.path], libraries=["numpy"]) as writer,
    ):
        writer.encoder = EncoderInfo(
            name="other", sha256="d4" * 32, pooling=pooling, dimension=DIMENSION, max_length=max_length
        )
        lengths = np.array(n_tokens)
        writer.table(
            FEATURES,
            pd.DataFrame({"id": np.arange(len(lengths)), "n_tokens": lengths, "truncated": lengths > max_length}),
        )
        with writer.path(EMBEDDINGS, n_rows=len(lengths)) as path, path.open("wb") as file:
            np.save(file, np.zeros((len(lengths), DIMENSION), dtype=np.float16))
    with open_workspace(artifacts_dir, "fake") as workspace:
        workspace.publish()


@pytest.mark.parametrize("n_classes", [2, 77])
def test_full_run_has_facts_for_every_step(n_classes, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=1600)
    at = open_page()
    assert not at.exception
    assert not at.error
    shown = words(at)
    assert "not been through" not in shown
    assert [f"badge[{number}]" in shown for number in range(1, STEPS + 1)] == [True] * STEPS
    assert f"{n_classes} classes" in shown


def test_every_step_states_what_this_run_records(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=2400)
    shown = words(open_page())
    for fact in (
        "2,400: train 1,920, validation 240, test 240",
        "2 repeated texts were dropped",
        "<dd>128 tokens</dd>",
        "0 of 2,400 texts (0.0%)",
        f"{DIMENSION} of them in this run",
        "BERT-like encoders call **[CLS]**",
        "up to 5 parts",
        "at most 3,000",
        "test, 240 rows, held-out",
        "train, 1,920 rows, out-of-fold",
        "train, 1,920 rows, in-sample",
        "<dt>Epochs</dt><dd>3</dd>",
        "<dt>Batch size</dt><dd>16</dd>",
        "<dt>Peak learning rate</dt><dd>0.0002</dd>",
        "87.5% at its best epoch",  # 0.97 - 0.7·e^(-3/1.5) after the third epoch
        "the 15 nearest neighbours",
        "Fine-tuned · test split · 240 rows · held-out predictions",
    ):
        assert fact in shown, fact


def test_steps_refer_to_each_other_by_their_numbers(artifacts_dir):
    run = Run.open(write_fake_run(artifacts_dir))
    steps = [*corpus_steps(run), *model_steps(run, None), map_step(run), *measuring_steps(None)]
    titles = {number: step.title for number, step in enumerate(steps, start=1)}
    meant = {
        2: "Texts become tokens",
        3: "Each text becomes a vector",
        7: "Confusion matrix",
        9: "One number for all classes",
    }
    said = " ".join([*(text for step in steps for text in step.text), *(step.shared or "" for step in steps)])
    referred = {int(number) for number in re.findall(r"step (\d)", said)} | {7}
    assert {number: titles[number] for number in referred} == meant


def test_truncated_texts_and_mean_pooling_are_those_of_the_run(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA], n_rows=200)
    write_features(artifacts_dir, n_tokens=[10] * 150 + [40] * 50, max_length=32, pooling="mean")
    at = open_page()
    assert not at.exception
    shown = words(at)
    assert "50 of 200 texts (25.0%)" in shown
    assert "<dt>Limit</dt><dd>32 tokens</dd>" in shown
    assert "<dt>Longest text</dt><dd>40 tokens</dd>" in shown
    assert "mean pooling" in shown
    assert "[CLS]" not in shown


def test_worked_class_shows_the_sums_of_its_counts():
    assert class_facts(work_through_class(measured(SMALL))) == [
        ("Found (TP)", "8 rows"),
        ("Missed (FN)", "2 rows"),
        ("Wrongly named so (FP)", "1 row"),
        ("Recall", "8 / (8 + 2) = 80.0%"),
        ("Precision", "8 / (8 + 1) = 88.9%"),
        ("F1", "2·8 / (2·8 + 1 + 2) = 84.2%"),
    ]


def test_difference_of_the_averages_is_told_in_words_and_names_stay_plain():
    small = measured(SMALL)
    gap = explain_average_gap(small)
    hostile = replace(gap, scores=gap.scores.model_copy(update={"name": "**a**"}))
    (sentence,) = gap_sentences(hostile, small)
    assert sentence == (
        "Weighted F1 is higher than macro F1. **\\*\\*a\\*\\*** accounts for the largest part: its F1 is 84.2%, above"
        " macro F1, and it has 10 rows. It counts for 55.6% of weighted F1 and for 33.3% of macro F1."
    )


def test_equal_averages_are_called_equal():
    even = measured([[4, 1], [1, 4]])
    assert "the same to one decimal" in gap_sentences(explain_average_gap(even), even)[0]


def test_only_the_corpus_is_prepared(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_page()
    assert not at.exception
    assert not at.error
    assert words(at).count("This run has not been through this step yet") == STEPS - 1
    for script in ("extract_features", "train_baselines", "fine_tune", "analyze"):
        assert f"python -m scripts.{script} --run fake --artifacts-dir {artifacts_dir}" in commands(at)
    boxes = pipeline_boxes(Run.open(artifacts_dir / "fake"), None)
    assert [name for name, box in boxes.items() if box.is_made] == ["corpus", "pages"]


def test_one_model_only(artifacts_dir):
    stages = [stage for stage in Stage if stage is not Stage.FINE_TUNE]
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=stages)
    at = open_page()
    assert not at.exception
    assert not at.error
    assert f"python -m scripts.fine_tune --run fake --artifacts-dir {artifacts_dir}" in commands(at)
    assert "Logistic regression · test split · 24 rows" in words(at)


def test_shipped_run_names_what_is_left_out_and_how_to_put_it_back(artifacts_dir):
    write_fake_run(artifacts_dir, source="hub", corpus_name="some/corpus", without=[TEXTS.path, EMBEDDINGS, CHECKPOINT])
    at = open_page()
    assert not at.exception
    assert not at.error
    restore = f"python -m scripts.restore fake --dataset some/corpus --artifacts-dir {artifacts_dir}"
    assert commands(at).count(restore) == 3
    assert words(at).count("is not on this machine") == 3


def test_run_that_was_not_measured_has_steps_without_scores(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[s for s in Stage if s not in (Stage.METRICS, Stage.FIGURES)])
    at = open_page()
    assert not at.exception
    assert not at.error
    assert words(at).count("Scores come with step 7") == 2


def test_class_absent_from_the_test_split(artifacts_dir):
    write_fake_run(artifacts_dir, absent_from_test=2)
    at = open_page()
    assert not at.exception
    assert not at.error


def test_damaged_metrics_are_one_sentence_and_the_rest_stays(artifacts_dir):
    root = write_fake_run(artifacts_dir)
    (root / METRICS).write_text("{}", encoding="utf-8")
    at = open_page()
    assert not at.exception
    assert len(at.error) == 1
    assert "240: train 192" in words(at)
    assert words(at).count("cannot be read; the message at the top") == 3


def test_damaged_features_leave_the_other_steps(artifacts_dir):
    root = write_fake_run(artifacts_dir)
    (root / FEATURES.path).write_bytes(b"half")
    at = open_page()
    assert not at.exception
    assert len(at.error) == 1
    assert "test, 24 rows, held-out" in words(at)


def test_names_from_a_corpus_are_never_markup(artifacts_dir):
    names = ["<b>x</b>", "**y** [z](http://evil.example)"]
    write_fake_run(artifacts_dir, classes=names, corpus_name="<script>alert(1)</script>", n_rows=600)
    at = open_page()
    assert not at.exception
    html = "".join(element.proto.body for element in at.get("html"))
    assert "<script" not in html
    assert "<b>x" not in html
    said = "".join(element.value for element in at.markdown)
    assert "](http" not in said
    assert "**y**" not in said


def test_diagram_has_the_accuracy_of_each_model_in_its_colour(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=2400)
    html = "".join(element.proto.body for element in open_page().get("html"))
    assert (
        f'style="border-left-color: {MODEL_COLOURS[ModelName.FINETUNED]}"><b>Fine-tuned</b><small>86.3% right' in html
    )


def test_links_lead_to_the_other_pages_only(artifacts_dir):
    write_fake_run(artifacts_dir)
    links = [element.proto.label for element in open_page().get("page_link")]
    assert {"Overview", "Models"} <= set(links)
    assert "How it works" not in links
