"""The Models page on the confidence of the models: verdicts, scores, both sides of a threshold, links to rows."""

from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.row_filter import select_rows
from core.analysis.rows import read_rows
from core.artifacts.run import Run
from core.artifacts.schema import CALIBRATION, EXAMPLES, ModelName, Stage, predictions_table
from core.charts.labels import MODEL_LABELS
from core.ui.filter.link import decode_filter
from core.ui.models.confidence_links import confidence_range
from tests.fake_runs import write_fake_run
from tests.pages.opening import ROOT, words

SCORES = ["Mean confidence", "Accuracy", "ECE", "ECE, equal rows", "Brier", "Log loss"]


@pytest.fixture(scope="module")
def whole_dir(tmp_path_factory) -> Path:
    """A folder with the one run that most tests read: 120 test rows; the models give 80% to each of their answers."""
    folder = tmp_path_factory.mktemp("whole")
    write_fake_run(folder, n_rows=1200)
    return folder


@pytest.fixture
def whole(whole_dir, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(whole_dir))
    return whole_dir / "fake"


@pytest.fixture
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def open_models(**query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    at.switch_page("pages/models.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def scores_of(at: AppTest) -> pd.DataFrame:
    return next(table.value for table in at.dataframe if "Probabilities" in table.value.columns)


def sides_of(at: AppTest) -> dict[str, str]:
    found = [metric for metric in at.metric if metric.label in ("Texts", "Right among them", "Mistakes caught")]
    names = ("kept", "kept right", "left", "caught")
    return dict(zip(names, (metric.value for metric in found), strict=True))


def n_right(root: Path, model: ModelName, split: str = "test") -> int:
    run = Run.open(root)
    examples, predictions = run.read_table(EXAMPLES), run.read_table(predictions_table(model), ["pred"])
    return int(((examples["label"] == predictions["pred"]) & (examples["split"] == split)).sum())


def test_scores_of_both_models_with_and_without_temperature(whole):
    at = open_models()
    assert not at.exception
    table = scores_of(at)
    accuracy = n_right(whole, ModelName.FINETUNED) / 120
    assert table["Model"].tolist() == ["Fine-tuned"] * 2 + ["Logistic regression"] * 2
    assert (
        table["Probabilities"].str.replace(r"[\d.]+", "T", regex=True).tolist()
        == [
            "as they are",
            "with temperature T",
        ]
        * 2
    )
    assert table.iloc[0][["Mean confidence", "Accuracy"]].tolist() == pytest.approx([80, 100 * accuracy])
    assert table.iloc[0]["ECE"] == pytest.approx(abs(100 * accuracy - 80), abs=1e-4)  # all rows are in one bin
    said = words(at)
    assert "Basis: test split, 120 rows, held-out predictions." in said
    assert "Temperatures are fitted on all 120 rows of the validation split." in said
    assert f"says 80.0% on average and is right in {100 * accuracy:.1f}%: too humble" in words(at)


def test_live_scores_of_a_whole_split_are_those_of_the_file(whole):
    stored = {found["model"]: found for found in pd.read_json(whole / CALIBRATION)["models"]}
    table = scores_of(open_models(split="validation"))
    for line, model in ((0, "finetuned"), (2, "logreg")):
        (found,) = [split for split in stored[model]["splits"] if split["split"] == "validation"]
        shown = table.iloc[line][["ECE", "Brier", "Log loss"]].tolist()
        assert shown == pytest.approx(
            [100 * found["before"]["ece"], found["before"]["brier"], found["before"]["log_loss"]]
        )
        tempered = table.iloc[line + 1][["Brier", "Log loss"]].tolist()
        assert tempered == pytest.approx([found["after"]["brier"], found["after"]["log_loss"]])


def test_origins_that_differ_are_told_apart(whole):
    said = words(open_models(split="train"))
    assert "Logistic regression: out-of-fold predictions, Fine-tuned: in-sample predictions" in said


def test_both_sides_of_the_threshold_follow_the_slider_and_the_address(whole):
    right = n_right(whole, ModelName.FINETUNED)
    at = open_models()
    assert sides_of(at) == {"kept": "120", "kept right": f"{100 * right / 120:.1f}%", "left": "0", "caught": "0"}
    at.slider(key="threshold").set_value(81).run()
    assert sides_of(at) == {"kept": "0", "kept right": "–", "left": "120", "caught": str(120 - right)}
    other = open_models(threshold="81", model="logreg")
    assert sides_of(other)["caught"] == str(120 - n_right(whole, ModelName.LOGREG))
    assert not other.exception


def test_link_opens_just_the_rows_of_its_side(whole):
    at = open_models(threshold="81", model="logreg")
    (link,) = [link for link in at.get("page_link") if link.proto.label == "Read these 120 rows"]
    rows = read_rows(Run.open(whole))
    wanted, notes = decode_filter(parse_qs(link.proto.query_string), rows, None)
    assert not notes
    assert select_rows(rows, wanted).sum() == 120
    assert wanted.range_of("confidence") == confidence_range(None, 0.81)


def test_ranges_of_bins_and_thresholds_part_the_confidences_where_they_should():
    for edge in [*np.linspace(0, 1, 16)[1:-1], *np.arange(1, 100) / 100]:
        nearest = np.float32(edge)
        around = [np.nextafter(nearest, np.float32(0)), nearest, np.nextafter(nearest, np.float32(1))]
        for confidence in map(float, around):
            assert (confidence >= edge) == (confidence >= confidence_range(edge, None).low)
            assert (confidence < edge) == (confidence <= confidence_range(None, edge).high)


def test_choosing_a_bin_keeps_the_scores_and_offers_its_rows(whole):
    scores, chosen = scores_of(open_models()), confidence_range(12 / 15, 13 / 15)
    at = open_models(confidence=f"{chosen.low}..{chosen.high}")
    assert scores_of(at).equals(scores)
    assert [link.proto.label for link in at.get("page_link")].count("Read these 120 rows") == 2  # of bin, and above 80%


def test_without_the_file_all_but_the_temperature_is_there(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[stage for stage in Stage if stage is not Stage.CALIBRATION])
    at = open_models()
    assert not at.exception
    assert scores_of(at)["Probabilities"].tolist() == ["as they are"] * 2
    assert "Temperatures need a step" in words(at)
    assert any("scripts.analyze" in code.value for code in at.code)


def test_damaged_file_is_named_and_the_rest_is_there(artifacts_dir):
    root = write_fake_run(artifacts_dir)
    text = (root / CALIBRATION).read_text(encoding="utf-8")
    (root / CALIBRATION).write_text(text.replace('"ece":', '"eee":'), encoding="utf-8")
    at = open_models()
    assert not at.exception
    assert f"{CALIBRATION} does not fit the schema" in words(at)
    assert len(scores_of(at)) == 2


def test_without_a_validation_split_there_is_no_temperature(artifacts_dir):
    write_fake_run(artifacts_dir, splits=("train", "test"))
    at = open_models()
    assert not at.exception
    assert "There is no validation split" in words(at)
    assert scores_of(at)["Probabilities"].tolist() == ["as they are"] * 2


def test_model_that_is_equally_sure_of_everything_has_nothing_to_trust(artifacts_dir):
    write_fake_run(artifacts_dir, models=[ModelName.DUMMY])
    at = open_models()
    assert not at.exception
    assert "no model whose confidence changes from row to row" in words(at)


@pytest.mark.parametrize("n_classes", [2, 77])
def test_one_model_and_any_number_of_classes_without_texts(n_classes, artifacts_dir):
    write_fake_run(
        artifacts_dir,
        classes=[f"c{k}" for k in range(n_classes)],
        n_rows=20 * n_classes + 200,
        models=[ModelName.LOGREG],
        absent_from_test=0,
        without=["texts.parquet"],
    )
    at = open_models(model="logreg")
    assert not at.exception
    assert set(scores_of(at)["Model"]) == {MODEL_LABELS[ModelName.LOGREG]}
    assert scores_of(at)[SCORES].notna().all(axis=None)
