"""Nearest training texts on Errors and Data quality, and the clusters of the map."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import CLUSTERS, EXAMPLES, NEIGHBORS, TEXTS, ModelName, Stage
from tests.fake_runs import write_fake_run
from tests.pages.opening import open_page, words
from tests.pages.test_filter import chips, n_selected

ERRORS, QUALITY, MAP = "pages/errors.py", "pages/data_quality.py", "pages/embedding_map.py"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1))"
# the nearest of row 239 in a run with 192 training rows are 48, 49 and 50
ROW, NEAREST = "239", (48, 49, 50)


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def open_row(row: str = ROW, page: str = ERRORS) -> AppTest:
    return open_page(page, ids=row, row=row, split="all", outcome=["correct", "wrong"])


def table_of_clusters(at: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in at.dataframe if "Cluster" in frame.value.columns)


def test_an_open_row_shows_its_nearest_training_texts(artifacts_dir):
    root = write_fake_run(artifacts_dir, texts={48: HOSTILE})
    label = pd.read_parquet(root / EXAMPLES.path)["label"]
    said = words(open_row())
    assert said.count("alert(1)") == said.count("&lt;img src=x onerror=alert(1)&gt; **bold**") + 1  # javascript:
    positions = [said.index(f"id {row}<") for row in NEAREST]
    assert positions == sorted(positions)
    assert all(similarity in said for similarity in ("90.0%", "80.0%", "70.0%"))
    assert said.count("another label") == sum(label[row] != label[239] for row in NEAREST)


def test_nearest_texts_with_other_labels_are_a_warning(artifacts_dir):
    root = write_fake_run(artifacts_dir, classes=["neg", "pos"])
    label = pd.read_parquet(root / EXAMPLES.path)["label"].tolist()
    agreeing = [sum(label[(row + 1 + j) % 192] == label[row] for j in range(3)) for row in range(240)]
    alone, joined = agreeing.index(0), agreeing.index(3)
    own, other = (["neg", "pos"][k] for k in (label[alone], 1 - label[alone]))
    (warning,) = open_row(str(alone)).warning
    assert f"3 of the 3 nearest training texts are labelled {other}, none {own} like this one." in warning.value
    at = open_row(str(joined))
    assert not at.warning
    assert "3 of the 3 nearest training texts are labelled" in words(at)


def test_a_neighbour_opens_with_one_click(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_row()
    at.button(key="nearest_49").click().run()
    assert not at.exception
    assert chips(at) == ["correct or wrong ✕", "id 49 ✕"]
    assert "id 49, train split" in words(at)


def test_data_quality_links_to_each_neighbour(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(QUALITY)
    assert not at.exception
    assert "Nearest training texts" in words(at)
    links = {link.proto.label: link.proto.query_string for link in at.get("page_link") if link.proto.label.isdigit()}
    assert len(links) == 3
    for row, link in links.items():
        assert link == f"run=fake&split=all&ids={row}&outcome=correct&outcome=wrong&row={row}"


@pytest.mark.parametrize("lost", [[], [TEXTS.path]])
def test_pages_hold_without_neighbours_clusters_or_texts(artifacts_dir, lost):
    stages = [stage for stage in Stage if lost or stage not in (Stage.NEIGHBORS, Stage.CLUSTERS, Stage.SLICES)]
    write_fake_run(artifacts_dir, stages=stages, models=[ModelName.LOGREG], without=lost)
    at, of_map = open_row(), open_page(MAP)
    assert not at.exception
    assert not of_map.exception
    if lost:
        assert "id 48<" in words(at)
        label = pd.read_parquet(artifacts_dir / "fake" / EXAMPLES.path)["label"]
        shares = label.groupby(label.index % 4).value_counts(normalize=True).unstack()
        names = {name.split(",")[0]: name for name in table_of_clusters(of_map)["Cluster"]}
        for k, most in shares.max(axis=1).items():
            assert names[f"cluster {k}"].endswith("mixed labels") == (most < 0.5)
    else:
        assert "This run does not know them yet." in words(at)
        assert "Clusters need a step that this run has not been through yet." in words(of_map)


@pytest.mark.parametrize("table", [NEIGHBORS, CLUSTERS])
def test_a_damaged_file_is_said_and_the_rest_is_there(artifacts_dir, table):
    root = write_fake_run(artifacts_dir)
    path = root / table.path
    path.write_bytes(path.read_bytes()[:-8] + b"nonsense")
    at, of_map = open_row(), open_page(MAP)
    assert not at.exception
    assert not of_map.exception
    assert any(table.path in error.value.replace("\\", "") for error in (*at.error, *of_map.error))
    assert "id 239, test split" in words(at)


@pytest.mark.parametrize("n_classes", [2, 77])
def test_clusters_are_counted_on_the_split(artifacts_dir, n_classes):
    classes = [f"class_{k}" for k in range(n_classes)]
    root = write_fake_run(artifacts_dir, classes=classes, n_rows=800)
    table = table_of_clusters(open_page(MAP))
    label = pd.read_parquet(root / EXAMPLES.path)["label"].to_numpy()
    pred = pd.read_parquet(root / "predictions/finetuned.parquet")["pred"].to_numpy()
    for line in table.to_dict("records"):
        k = int(line["Cluster"].split(":")[0].split(",")[0].removeprefix("cluster "))
        rows = [row for row in range(720, 800) if row % 4 == k]
        assert line["Rows"] == 20
        assert line["Wrong"] == sum(pred[row] != label[row] for row in rows)
        assert line["Accuracy"] == pytest.approx(100 - 5 * line["Wrong"])
    assert table["Wrong"].is_monotonic_decreasing


def test_names_of_clusters_are_their_typical_words(artifacts_dir):
    texts = {row: "the cat sat" if row % 4 == 2 else f"the dog {'ran' if row % 4 else 'slept'}" for row in range(240)}
    write_fake_run(artifacts_dir, texts=texts)
    at = open_page(MAP, cluster="2")
    names = set(table_of_clusters(at)["Cluster"])
    assert "cluster 2: cat, sat" in names
    assert any(name.startswith("cluster 0: slept") for name in names)
    assert n_selected(at) == "**6** of 240 rows"


def test_map_is_coloured_by_cluster(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(MAP, colour="cluster")
    assert not at.exception
    html = "".join(element.proto.body for element in at.get("html"))
    assert 'title="cluster 3">cluster 3</span><span style="opacity:.65">6</span>' in html
