"""The Data quality page: what was found, the scores without it, and the rows one by one."""

from pathlib import Path

import pandas as pd
import pytest

from core.artifacts.schema import ISSUES, TEXTS, Issue, ModelName, Stage
from tests.fake_runs import write_fake_run
from tests.pages.opening import open_page, words

PAGE = "pages/data_quality.py"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1)) :smile:"
NO_MODELS = (Stage.TRAIN_BASELINES, Stage.FINE_TUNE, Stage.METRICS, Stage.FIGURES, Stage.BEHAVIOUR)


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def known(run_dir: Path, model: str = "finetuned") -> pd.DataFrame:
    """Return split, label and whether a model is right, read without the code under test."""
    rows = pd.read_parquet(run_dir / "examples.parquet").set_index("id")
    answers = pd.read_parquet(run_dir / f"predictions/{model}.parquet").set_index("id")
    return rows.assign(right=answers["pred"] == rows["label"])


def ids_with(run_dir: Path, *issues: str) -> set[int]:
    table = pd.read_parquet(run_dir / ISSUES.path)
    return set(table["id"][table["issue"].isin(issues)])


def test_counts_per_issue_and_split(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE)
    assert not at.exception
    found = at.dataframe[0].value
    assert found["All splits"].tolist() == [2] * len(Issue)
    assert found["Train"].tolist() == found["Test"].tolist() == [1] * len(Issue)
    assert found["Validation"].tolist() == [0] * len(Issue)


def test_scores_without_leaked_rows_beside_the_official_ones(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir)
    rows = known(run_dir).query("split == 'test'")
    at = open_page(PAGE)
    scores = at.dataframe[1].value.set_index("Without")
    kept = rows.drop(index=list(ids_with(run_dir, "leaked")), errors="ignore")
    assert scores.loc["nothing (official)", "Accuracy"] == pytest.approx(100 * rows["right"].mean())
    assert scores.loc["leaked rows", "Rows"] == len(kept) == 23
    assert scores.loc["leaked rows", "Accuracy"] == pytest.approx(100 * kept["right"].mean())
    gain = 100 * (kept["right"].mean() - rows["right"].mean())
    assert scores.loc["leaked rows", "± acc."] == pytest.approx(gain, abs=0.051)
    assert scores.loc["duplicates", "Rows"] == 22
    assert scores.loc["all of these", "Rows"] == 19


def test_scores_stay_official_when_the_filter_leaves_rows_out(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir)
    at = open_page(PAGE, without="leaked")
    assert "**23** of 240 rows" in words(at)
    assert at.dataframe[1].value["Accuracy"].iloc[0] == pytest.approx(
        100 * known(run_dir).query("split == 'test'")["right"].mean()
    )


def test_queue_shows_the_suspected_row_of_the_filter_with_both_labels(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir)
    rows = known(run_dir)
    at = open_page(PAGE, split="train")
    queue = at.dataframe[-1].value
    assert queue["id"].tolist() == [0]
    assert queue["Doubt"].tolist() == pytest.approx([90])
    assert [queue["Label"].iloc[0], queue["Suggested"].iloc[0]] == ["sadness", "joy"]
    agreement = 100 * known(run_dir, "logreg").query("split == 'train'")["right"].mean()
    assert f"Train: judged by Logistic regression (out-of-fold predictions, agrees with {agreement:.1f}%" in words(at)
    assert "Fine-tuned (" not in words(at)
    assert rows["label"][0] == 0


def test_leaked_row_stands_beside_the_row_that_it_repeats(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, tag="leaked")
    queue = at.dataframe[-1].value
    assert queue["id"].tolist() == [236]
    assert queue["id there"].tolist() == [8]
    assert queue["Split there"].tolist() == ["train"]
    assert ">236<" in words(at)
    assert ">8<" in words(at)


@pytest.mark.parametrize("issue", ["suspected_label", "leaked", "odd_text"])
def test_issues_without_texts(artifacts_dir, issue):
    write_fake_run(artifacts_dir, without=[TEXTS.path])
    at = open_page(PAGE, tag=issue)
    assert not at.exception
    assert len(at.dataframe[-1].value) == 1
    assert "The texts of this run are not on this machine" in words(at)


def test_missing_issues_name_the_command(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[stage for stage in Stage if stage is not Stage.ISSUES])
    at = open_page(PAGE)
    assert not at.exception
    assert [code.value for code in at.code] == [f"python -m scripts.analyze --run fake --artifacts-dir {artifacts_dir}"]


def test_damaged_issues_are_an_error_in_their_place(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir)
    (run_dir / ISSUES.path).write_bytes(b"PAR1 no more")
    at = open_page(PAGE)
    assert not at.exception
    assert "issues.parquet" in words(at)


def test_without_predictions_rows_are_shown_and_no_score(artifacts_dir):
    write_fake_run(artifacts_dir, models=(), stages=[stage for stage in Stage if stage not in NO_MODELS])
    at = open_page(PAGE, split="train")
    assert not at.exception
    assert len(at.dataframe) == 2
    assert "Train: labels cannot be judged without predictions." in words(at)


def test_what_could_not_be_looked_for_has_no_count(artifacts_dir):
    """The issues of a fake run were made without predictions and neighbours."""
    write_fake_run(artifacts_dir)
    found = open_page(PAGE, n_words="900..").dataframe[0].value.set_index("Issue")["All splits"]
    assert found[found.isna()].index.tolist() == ["suspected label error", "near duplicate", "outlier"]
    assert found.dropna().tolist() == [0] * 4


def test_models_that_have_seen_the_labels_do_not_judge_them(artifacts_dir):
    write_fake_run(artifacts_dir, models=[ModelName.FINETUNED])
    at = open_page(PAGE, split="train")
    assert not at.exception
    assert "Train: labels cannot be judged, since every model here has seen them." in words(at)


@pytest.mark.parametrize("n_classes", [2, 77])
def test_few_and_many_classes(artifacts_dir, n_classes):
    write_fake_run(artifacts_dir, classes=[f"class {k}" for k in range(n_classes)], n_rows=800)
    at = open_page(PAGE)
    assert not at.exception
    assert at.dataframe[-1].value["Label"].str.startswith("class ").all()


def test_empty_selection_shows_no_queue(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, n_words="900..")
    assert not at.exception
    assert len(at.dataframe) == 1


def test_hostile_texts_and_names_are_letters(artifacts_dir):
    write_fake_run(artifacts_dir, texts=dict.fromkeys(range(240), HOSTILE), classes=["<b>a</b>", "$c$", ":smile:"])
    at = open_page(PAGE, tag="conflicting_labels")
    assert not at.exception
    html = "".join(element.proto.body for element in at.get("html"))
    assert "&lt;img src=x onerror=alert(1)&gt; **bold** $x$" in html
    assert "<img" not in html
    assert "<b>a</b>" not in html
