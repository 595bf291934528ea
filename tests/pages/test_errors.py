"""The Errors page: which rows it shows, in which order, and what it says about the open one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import EMBEDDINGS, PROJECTION, TEXTS, ModelName, Stage
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.pages.opening import chart_specs, open_page, words

PAGE = "pages/errors.py"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1)) :smile:"


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def known(run_dir: Path) -> pd.DataFrame:
    """Return label, split, and each model's answer and probability of the label, read without the code under test."""
    frame = pd.read_parquet(run_dir / "examples.parquet").set_index("id")[["split", "label"]]
    for model in ModelName:
        path = run_dir / f"predictions/{model}.parquet"
        if path.exists():
            answers = pd.read_parquet(path).set_index("id")
            probs = answers.filter(like="prob_").to_numpy()
            frame[model.value] = answers["pred"]
            frame[f"{model}_p"] = probs[np.arange(len(frame)), frame["label"]]
    return frame


def ids_of(at: AppTest) -> list[int]:
    return rows_shown(at)["id"].tolist()


def rows_shown(at: AppTest) -> pd.DataFrame | None:
    """Return the table of rows; the one of tags has no ids."""
    return next((frame.value for frame in at.dataframe if "id" in frame.value.columns), None)


def row_in_address(at: AppTest) -> str:
    row = at.query_params["row"]
    return row[0] if isinstance(row, list) else row


def metrics_of(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def test_filter_that_names_no_answer_shows_the_mistakes_and_says_so(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=600)).query("split == 'test'")
    at = open_page(PAGE)
    wrong = rows[rows["finetuned"] != rows["label"]]
    assert not at.exception
    assert ids_of(at) == wrong.sort_values("finetuned_p", kind="stable").index.tolist()
    assert f"The **{len(wrong)} rows** of 60 that Fine-tuned gets wrong." in words(at)


def test_cell_of_the_matrix_shows_exactly_its_rows_right_ones_included(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=600)).query("split == 'test'")
    at = open_page(PAGE, true="joy", predicted="joy")
    hits = rows.query("label == 1 and finetuned == 1")
    assert sorted(ids_of(at)) == hits.index.tolist()
    assert f"Exactly the **{len(hits)} rows** of the filter." in words(at)


def test_right_ones_can_be_asked_for(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE)
    at.button(key="errors_show_right").click().run()
    assert at.query_params["outcome"] == ["correct", "wrong"]
    assert len(ids_of(at)) == 20
    assert "Exactly the **24 rows** of the filter." in words(at)


def test_numbers_are_those_of_the_split_whatever_the_filter_says_of_answers(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=600)).query("split == 'test'")
    before, after = (rows[name] == rows["label"] for name in ("logreg", "finetuned"))
    expected = {
        "Errors": f"{(~after).sum()}",
        "Error rate": f"{100 * (~after).mean():.1f}%",
        "Fixed": f"{(after & ~before).sum()}",
        "Broken": f"{(before & ~after).sum()}",
        "Both wrong": f"{(~before & ~after).sum()}",
        "Both right": f"{(before & after).sum()}",
    }
    assert metrics_of(open_page(PAGE)) == expected
    at = open_page(PAGE, true="joy", predicted="sadness")
    assert metrics_of(at) == expected
    assert "Basis: test split · 60 rows · held-out predictions" in words(at)


def test_numbers_and_rows_of_another_model(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=600)).query("split == 'test'")
    at = open_page(PAGE, model="logreg")
    assert metrics_of(at)["Errors"] == f"{(rows['logreg'] != rows['label']).sum()}"
    assert list(rows_shown(at))[:4] == ["Loss", "Text", "True class", "Logistic regression"]


def test_next_goes_down_the_ranking_and_turns_the_page(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=1200)).query("split == 'test'")
    wrong = rows[rows["logreg"] != rows["label"]].sort_values("logreg_p", kind="stable").index.tolist()
    assert len(wrong) > 21
    at = open_page(PAGE, model="logreg", row=str(wrong[19]))
    assert ids_of(at) == wrong[:20]
    assert f"**20** of {len(wrong)}" in words(at)
    at.button(key="errors_next").click().run()
    assert row_in_address(at) == str(wrong[20])
    assert ids_of(at)[0] == wrong[20]
    assert f"id {wrong[20]}, test split" in words(at)
    at.button(key="errors_previous").click().run()
    assert ids_of(at) == wrong[:20]


def test_turning_the_page_opens_its_first_row(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=1200)
    at = open_page(PAGE, model="logreg")
    at.number_input[0].set_value(2).run()
    assert "**21** of" in words(at)
    assert row_in_address(at) == str(ids_of(at)[0])


def test_open_row_stays_open_when_it_is_ranked_otherwise(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=600)).query("split == 'test'")
    wrong = rows[rows["finetuned"] != rows["label"]].index.tolist()
    at = open_page(PAGE, row=str(wrong[-1]))
    at.button_group(key="rank").set_value("margin").run()
    assert row_in_address(at) == str(wrong[-1])
    assert f"id {wrong[-1]}, test split" in words(at)


@pytest.mark.parametrize("row", ["99999999999999", "<img src=x>" * 50, "٣"])
def test_row_that_no_run_has_is_left_out_with_a_note(row, artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, row=row)
    assert not at.exception
    assert at.warning[0].value.startswith("There is no row")
    assert "row" not in at.query_params
    assert "**1** of" in words(at)


def test_row_outside_the_filter_is_left_out_with_a_note(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, row="0")
    assert "Row 0 is not among the rows below" in words(at)
    assert "row" not in at.query_params


def test_row_is_forgotten_when_the_filter_leaves_it_out_without_a_note(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600)
    at = open_page(PAGE)
    at.button(key="errors_next").click().run()
    assert "row" in at.query_params
    at.button_group(key="filter_split").set_value("validation").run()
    assert not at.warning
    assert "row" not in at.query_params


def test_row_of_one_run_is_not_looked_for_in_another(artifacts_dir):
    write_fake_run(artifacts_dir, "first", n_rows=600)
    write_fake_run(artifacts_dir, "second", n_rows=600)
    at = open_page(PAGE, run="first")
    at.button(key="errors_next").click().run()
    at.sidebar.selectbox(key="run").set_value("second").run()
    assert not at.exception
    assert not [warning for warning in at.warning if warning.icon == ":material/link_off:"]
    assert "**1** of" in words(at)


def test_no_mistake_is_good_news(artifacts_dir):
    rows = known(write_fake_run(artifacts_dir, n_rows=600)).query("split == 'test' and finetuned == label")
    text = f"text {rows.index[0]} "
    at = open_page(PAGE, q=text)
    assert not at.exception
    assert [success.value for success in at.success] == ["Fine-tuned gets none of these 1 row wrong."]
    assert rows_shown(at) is None


def test_empty_filter_leaves_numbers_only(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, true="joy", predicted="sadness", q="about anger")
    assert not at.exception
    assert rows_shown(at) is None
    at = open_page(PAGE, q="no text says this")
    assert not at.exception
    assert not at.metric


@pytest.mark.parametrize("n_classes", [2, 77])
def test_any_number_of_classes(n_classes, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=1600)
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert len(chart_specs(at)) == 3
    shown = chart_specs(at)[1]["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert len(shown) == min(8, n_classes)
    assert (f"The 8 likeliest of {n_classes} classes." in words(at)) == (n_classes > 8)


def test_class_that_the_split_does_not_have(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=600, absent_from_test=2)
    at = open_page(PAGE)
    assert not at.exception
    assert len(chart_specs(at)[0]["layer"][0]["encoding"]["y"]["scale"]["domain"]) == 6


def test_shipped_run_works_and_names_the_command(artifacts_dir):
    write_fake_run(artifacts_dir, without=[TEXTS.path, EMBEDDINGS, CHECKPOINT])
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert len(chart_specs(at)) == 3
    assert "Text" not in rows_shown(at)
    assert [code.value for code in at.code] == [f"python -m scripts.restore fake --artifacts-dir {artifacts_dir}"]


def test_run_without_a_map(artifacts_dir):
    write_fake_run(artifacts_dir, without=[PROJECTION.path])
    at = open_page(PAGE)
    assert not at.exception
    assert len(chart_specs(at)) == 2


def test_one_model_only(artifacts_dir):
    write_fake_run(
        artifacts_dir, models=[ModelName.LOGREG], stages=[stage for stage in Stage if stage is not Stage.FINE_TUNE]
    )
    at = open_page(PAGE)
    assert not at.exception
    assert list(metrics_of(at)) == ["Errors", "Error rate"]
    assert "that Logistic regression gets wrong" in words(at)


def test_only_the_corpus_is_prepared(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_page(PAGE)
    assert not at.exception
    assert [code.value for code in at.code] == [
        f"python -m scripts.train_baselines --run fake --artifacts-dir {artifacts_dir}"
    ]


def test_damaged_probabilities_are_an_error_in_their_place(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir)
    (run_dir / "predictions/finetuned.parquet").write_bytes(b"PAR1 no more")
    at = open_page(PAGE)
    assert not at.exception
    assert "finetuned.parquet" in words(at)
    assert "that Logistic regression gets wrong" in words(at)


def test_hostile_texts_and_names_are_letters(artifacts_dir):
    write_fake_run(artifacts_dir, texts=dict.fromkeys(range(240), HOSTILE), classes=["<b>a</b>", "$c$", ":smile:"])
    at = open_page(PAGE)
    assert not at.exception
    html = "".join(element.proto.body for element in at.get("html"))
    assert "&lt;img src=x onerror=alert(1)&gt; **bold** $x$ [a](javascript:alert(1)) :smile:" in html
    assert "<img" not in html
    assert "<b>a</b>" not in html
