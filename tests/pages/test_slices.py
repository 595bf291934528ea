"""The Slices page: which slices it ranks, what it says of them, and the rows of the one that is open."""

from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from core.analysis.settings import AnalysisSettings, SliceSettings
from core.artifacts.schema import EXAMPLES, SLICES, TEXTS, ModelName, Stage
from core.artifacts.workspace import open_workspace
from scripts.parts.slices import slice_rows
from tests.fake_runs import write_fake_run
from tests.pages.opening import chart_specs, open_page, words

PAGE = "pages/slices.py"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1)) :smile:"
DIFFERING = "Where the two models differ most"


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def known(run_dir: Path, split: str = "test") -> pd.DataFrame:
    """Return label, cluster and whether each model is right on a split, read without the code under test."""
    rows = pd.read_parquet(run_dir / EXAMPLES.path).set_index("id")
    rows["cluster"] = pd.read_parquet(run_dir / "clusters.parquet").set_index("id")["cluster"]
    for model in ("logreg", "finetuned"):
        rows[model] = pd.read_parquet(run_dir / f"predictions/{model}.parquet").set_index("id")["pred"] == rows["label"]
    return rows[rows["split"] == split]


def search_slices(artifacts_dir: Path, **changes: object) -> Path:
    """Write a run whose slices were really searched for, words among them."""
    stages = [stage for stage in Stage if stage not in (Stage.SLICES, Stage.FIGURES)]
    run_dir = write_fake_run(artifacts_dir, stages=stages, **changes)
    with open_workspace(artifacts_dir, "fake") as workspace:
        slice_rows(workspace, AnalysisSettings(slices=SliceSettings(min_support=3)), 42)
        workspace.publish()
    return run_dir


def test_slices_have_the_counts_and_accuracy_of_their_rows(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir, n_rows=1200)
    rows = known(run_dir)
    at = open_page(PAGE)
    assert not at.exception
    table = at.dataframe[0].value.set_index("Slice")
    table.index = table.index.str.replace(r"cluster 1, (mostly|mixed) \w+", "cluster 1", regex=True)
    for name, chosen in {
        "true class: joy": rows["label"] == 1,
        "cluster 1": rows["cluster"] == 1,
        "true class: sadness and cluster 1": (rows["label"] == 0) & (rows["cluster"] == 1),
    }.items():
        inside, rest = rows["finetuned"][chosen], rows["finetuned"][~chosen]
        assert table.loc[name, ["Rows", "Wrong"]].tolist() == [len(inside), (~inside).sum()]
        assert table.loc[name, "Accuracy"] == pytest.approx(100 * inside.mean())
        assert table.loc[name, "Difference"] == pytest.approx(100 * (inside.mean() - rest.mean()))
        assert table.loc[name, "Explains"] == pytest.approx((~inside).sum() - len(inside) * (~rest).mean())
    assert table["At least"].is_monotonic_decreasing
    assert at.metric[0].value == f"{(~rows['finetuned']).sum()} of 120"
    assert "Rows of a slice" in words(at)
    at.session_state["slices_kinds"] = ["cluster"]
    at.run()
    (cluster,) = at.dataframe[0].value["Slice"]
    assert cluster.startswith("cluster 1")
    assert chart_specs(at)[0]["height"] == 26


def test_open_slice_shows_its_rows_wrong_ones_first(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir, n_rows=1200)
    rows = known(run_dir).query("label == 1")
    at = open_page(PAGE, true="joy", model="logreg")
    assert "Rows: true class: joy" in words(at)
    assert f"{(~rows['logreg']).sum()} of them wrong by Logistic regression" in words(at)
    expected = [*rows.index[~rows["logreg"]], *rows.index[rows["logreg"]]]
    assert at.dataframe[-1].value["id"].tolist() == expected[:10]


def test_where_the_models_differ(artifacts_dir):
    run_dir = write_fake_run(artifacts_dir, n_rows=1200)
    rows = known(run_dir, "validation")
    at = open_page(PAGE, slices_view=DIFFERING, split="validation")
    assert not at.exception
    table = at.dataframe[0].value
    assert table["Difference"].is_monotonic_decreasing
    joy = rows[rows["label"] == 1]
    gain = 100 * (joy["finetuned"].mean() - joy["logreg"].mean())
    assert table.set_index("Slice").loc["true class: joy", "Difference"] == pytest.approx(gain)
    assert f"{100 * rows['logreg'].mean():.1f}%" in words(at)
    assert "on these very rows" in words(at)


def test_words_need_the_texts(artifacts_dir):
    run_dir = search_slices(artifacts_dir, texts={i: f"zebra crossing {i}" for i in range(190, 240, 2)})
    at = open_page(PAGE)
    assert "word “zebra”" in set(at.dataframe[0].value["Slice"])
    (run_dir / TEXTS.path).unlink()
    st.cache_resource.clear()
    at = open_page(PAGE)
    assert not at.exception
    assert "a word (needs the texts)" in set(at.dataframe[0].value["Slice"])
    assert "rest on words of texts that are not on this machine" in words(at)
    assert "**a word" not in words(at)


def test_missing_and_damaged_slices(artifacts_dir):
    write_fake_run(artifacts_dir, "none", stages=[stage for stage in Stage if stage is not Stage.SLICES])
    at = open_page(PAGE, run="none")
    assert not at.exception
    assert [code.value for code in at.code] == [f"python -m scripts.analyze --run none --artifacts-dir {artifacts_dir}"]
    run_dir = write_fake_run(artifacts_dir, "damaged")
    (run_dir / SLICES).write_text("{}", encoding="utf-8")
    at = open_page(PAGE, run="damaged")
    assert not at.exception
    assert "slices.json" in words(at)


def test_without_predictions_the_page_names_the_step(artifacts_dir):
    without = (Stage.TRAIN_BASELINES, Stage.FINE_TUNE, Stage.METRICS, Stage.FIGURES, Stage.BEHAVIOUR)
    write_fake_run(artifacts_dir, models=(), stages=[stage for stage in Stage if stage not in without])
    at = open_page(PAGE)
    assert not at.exception
    assert "train_baselines" in words(at)


def test_one_model_has_no_differences(artifacts_dir):
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=[s for s in Stage if s is not Stage.FINE_TUNE])
    at = open_page(PAGE, slices_view=DIFFERING)
    assert not at.exception
    assert DIFFERING not in words(at)
    assert "Answers of Logistic regression" in words(at)


@pytest.mark.parametrize(("n_classes", "view"), [(2, ""), (77, DIFFERING)])
def test_few_and_many_classes_on_a_split_without_slices(artifacts_dir, n_classes, view):
    search_slices(artifacts_dir, classes=[f"class {k}" for k in range(n_classes)], n_rows=800)
    at = open_page(PAGE, slices_view=view, split="train")
    assert not at.exception
    assert at.dataframe[0].value["Slice"].str.startswith("true class: class").any()
    assert "whole test split" in words(at)


def test_hostile_values_are_letters(artifacts_dir):
    sources = [HOSTILE if i % 2 else "mail" for i in range(240)]
    search_slices(artifacts_dir, metadata={"<b>source</b>": sources}, classes=["<b>a</b>", "$c$", ":smile:"])
    at = open_page(PAGE, **{"meta_<b>source</b>": HOSTILE})
    assert not at.exception
    headings = [element.value for element in at.subheader]
    assert any(heading.startswith("Rows: ") and "\\<img" in heading for heading in headings)
    assert not any("<img" in element.value.replace("\\<", "") for element in [*at.markdown, *at.caption, *at.subheader])
