"""The embedding map: full, with parts missing, empty, hostile."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import PROJECTION, TEXTS, ModelName, Stage
from core.ui.embedding_map import reads as map_reads
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.pages.opening import chart_specs, open_page, words

PAGE = "pages/embedding_map.py"
HOSTILE = ["<img src=x onerror=alert(1)>", "**bold** $x$ :smile:"]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def sent(at: AppTest) -> list[pd.DataFrame]:
    """Return the data of the map as the browser gets it, in the order of its layers."""
    (chart,) = at.get("vega_lite_chart")
    by_name = {d.name: pa.ipc.open_stream(d.data.data).read_all().to_pandas() for d in chart.proto.datasets}
    (spec,) = chart_specs(at)
    return [by_name[layer["data"]["name"]] for layer in spec["layer"]]


def rows_shown(at: AppTest) -> pd.DataFrame:
    """Return the table of rows; those of clusters and of the rectangle have no ids."""
    return next(frame.value for frame in at.dataframe if "id" in frame.value.columns)


def html_of(at: AppTest) -> str:
    return "".join(element.proto.body for element in at.get("html"))


@pytest.mark.parametrize("n_classes", [2, 150])
def test_full_run_shows_the_test_split_in_colour_and_the_rest_in_grey(n_classes, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=1600)
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    context, points, *_ = sent(at)
    assert sorted(points["id"]) == list(range(1440, 1600))
    assert 0 < len(context) <= 1440
    assert rows_shown(at)["id"].tolist() == list(range(1440, 1460))
    assert "In colour: 160 rows of the filter (test split) · grey: the shape of the other 1,440 rows." in words(at)


def test_legend_names_at_most_twelve_classes_with_their_rows(artifacts_dir):
    root = write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(77)], n_rows=1600)
    at = open_page(PAGE)
    frame = pd.read_parquet(root / "examples.parquet")
    counts = frame.loc[frame["split"] == "test", "label"].value_counts()
    assert html_of(at).count('title="class_') == 12
    assert f"and {len(counts) - 12} more" in html_of(at)
    most = counts.index[0]
    assert f'>class_{most}</span><span style="opacity:.65">{counts.iloc[0]}</span>' in html_of(at)


def test_rectangle_greys_no_point_and_filters_the_table(artifacts_dir):
    root = write_fake_run(artifacts_dir, n_rows=1200)
    at = open_page(PAGE, box="umap:-0.5,1,-1,0.5")
    places = pd.read_parquet(root / PROJECTION.path)
    inside = places[places["umap_x"].between(-0.5, 1) & places["umap_y"].between(-1, 0.5) & (places["id"] >= 1080)]
    _, points, halo, outline, *_ = sent(at)
    assert len(points) == 120
    assert outline.to_numpy().tolist() == [[-0.5, 1.0, -1.0, 0.5]]
    assert outline.equals(halo)
    assert f"**{len(inside):,}** of 1,200 rows" in words(at)
    assert rows_shown(at)["id"].tolist() == inside["id"].tolist()[:20]


def test_rectangle_is_compared_with_the_rest(artifacts_dir):
    root = write_fake_run(artifacts_dir, n_rows=1200)
    at = open_page(PAGE, box="umap:-0.5,1,-1,0.5", outcome="wrong")
    places = pd.read_parquet(root / PROJECTION.path).loc[1080:]
    inside = places["umap_x"].between(-0.5, 1) & places["umap_y"].between(-1, 0.5)
    label = pd.read_parquet(root / "examples.parquet")["label"].loc[1080:]
    right = label == pd.read_parquet(root / "predictions" / "finetuned.parquet")["pred"].loc[1080:]
    sentence = next(m.value for m in at.markdown if m.value.startswith("Fine-tuned: **"))
    assert f"{100 * right[inside].mean():.1f}% right" in sentence
    assert f"{inside.sum()} rows) inside" in sentence.replace("**", "")
    assert f"{(~inside).sum()} rows) outside" in sentence.replace("**", "")
    table = at.dataframe[0].value.set_index("True class")
    joy_inside = inside & (label == 1)
    assert table.loc["joy", "Rows inside"] == joy_inside.sum()
    assert table.loc["joy", "Found inside"] == pytest.approx(100 * right[joy_inside].mean())
    assert "Basis: test split" in words(at)


def test_rectangle_of_the_other_map_is_named_and_not_drawn(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, box="pca:-1,1,-1,1")
    assert "the rectangle of the filter lies on the PCA map" in words(at)
    assert len(sent(at)[2]) == 0
    at.button_group(key="map").set_value("PCA").run()
    assert len(sent(at)[2]) == 1
    at.button(key="map_clear").click().run()
    assert "box" not in at.query_params
    assert len(sent(at)[2]) == 0


def test_zoom_draws_the_rectangle_alone(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=1200)
    at = open_page(PAGE, box="umap:-1,1,-1,1", split="all")
    at.toggle(key="zoom").set_value(True).run()
    points = sent(at)[1]
    assert points["x"].between(-1.06, 1.06).all()
    assert points["y"].between(-1.06, 1.06).all()
    domain = chart_specs(at)[0]["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain == pytest.approx([-1.06, 1.06])
    assert "zoomed to the rectangle" in words(at)


def test_every_colouring_is_offered_and_works(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE)
    options = at.selectbox(key="colour").options
    assert options == [
        "true class",
        "outcome",
        "confidence",
        "change by fine-tuning",
        "prediction: fine-tuned",
        "prediction: logistic regression",
        "prediction: most frequent class",
        "split",
        "cluster",
        "words",
    ]
    for option in options:
        at.selectbox(key="colour").select(option).run()
        assert not at.exception
        assert len(sent(at)[1]) == 24


def test_link_names_map_colour_and_words(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, map="PCA", colour="outcome", find="text 239 ", front="true")
    assert ">correct</span>" in html_of(at)
    assert "shadow of many dimensions" in words(at)
    assert "**1 text found**" in words(at)
    assert "wrong" in sent(at)[1]


def test_link_with_a_colour_that_is_not_there_shows_the_true_class(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, colour="column: topic", map="TSNE")
    assert not at.exception
    assert at.selectbox(key="colour").value == "true class"


def test_mistakes_in_front_are_those_of_the_chosen_model(artifacts_dir):
    root = write_fake_run(artifacts_dir, n_rows=600)
    at = open_page(PAGE, model="logreg")
    at.toggle(key="front").set_value(True).run()
    points = sent(at)[1]
    label = pd.read_parquet(root / "examples.parquet")["label"].to_numpy()
    pred = pd.read_parquet(root / "predictions" / "logreg.parquet")["pred"].to_numpy()
    assert points["wrong"].tolist() == (label != pred)[points["id"]].tolist()
    assert points["wrong"].is_monotonic_increasing
    assert "faded: right answers of logistic regression" in words(at)


def test_found_texts_are_ringed_and_listed_and_the_filter_stays(artifacts_dir):
    root = write_fake_run(artifacts_dir, texts={3: "Needle <b>one</b>", 239: "a needle"})
    at = open_page(PAGE)
    at.text_input(key="find").input("NEEDLE").run()
    places = pd.read_parquet(root / PROJECTION.path).loc[[239, 3], ["umap_x", "umap_y"]]
    rings = sent(at)[-1]
    assert np.array_equal(rings.to_numpy(), places.to_numpy())
    assert "**2 texts found**, 1 of them in the filter; all ringed." in words(at)
    assert "<td>Needle &lt;b&gt;one&lt;/b&gt;</td><td>" in html_of(at)
    assert "**24** of 240 rows" in words(at)
    at.text_input(key="find").input("no such words").run()
    assert "No text of this run holds these words." in words(at)
    assert len(sent(at)[-1]) == 0


def test_tooltips_have_texts_only_where_few_rows_are_in_colour(artifacts_dir, monkeypatch):
    write_fake_run(artifacts_dir)
    monkeypatch.setattr(map_reads, "TEXTS_UP_TO", 100)
    assert "text" in sent(open_page(PAGE))[1]
    assert "text" not in sent(open_page(PAGE, split="all"))[1]


def test_many_rows_become_a_raster(artifacts_dir, monkeypatch):
    write_fake_run(artifacts_dir, n_rows=1200)
    monkeypatch.setattr(map_reads, "POINTS_UP_TO", 1000)
    at = open_page(PAGE, split="all", box="umap:0,1,0,1")
    _, cells, _, outline, *_ = sent(at)
    assert cells["n_rows"].sum() == 1200
    assert len(outline) == 1
    assert "one cell stands for many rows" in words(at)
    at.selectbox(key="colour").select("outcome").run()
    cells = sent(at)[1]
    rate = np.average(cells["colour"], weights=cells["n_rows"])
    label = pd.read_parquet(artifacts_dir / "fake" / "examples.parquet")["label"]
    pred = pd.read_parquet(artifacts_dir / "fake" / "predictions" / "finetuned.parquet")["pred"]
    assert rate == pytest.approx((label != pred).mean())
    assert ">error rate</span>" in html_of(at)
    for option in at.selectbox(key="colour").options:
        at.selectbox(key="colour").select(option).run()
        assert not at.exception


def test_shipped_run_works_without_texts_and_checkpoint(artifacts_dir):
    write_fake_run(artifacts_dir, source="hub", corpus_name="some/corpus", without=[TEXTS.path, CHECKPOINT])
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert at.text_input(key="find").disabled
    assert [code.value for code in at.code] == [
        f"python -m scripts.restore fake --dataset some/corpus --artifacts-dir {artifacts_dir}"
    ]
    assert len(sent(at)[1]) == 24


def test_one_model_only(artifacts_dir):
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=[s for s in Stage if s is not Stage.FINE_TUNE])
    at = open_page(PAGE, box="umap:-1,1,-1,1")
    assert not at.exception
    assert "change by fine-tuning" not in at.selectbox(key="colour").options
    assert "Logistic regression: **" in words(at)


def test_no_predictions_leave_map_and_counts(artifacts_dir):
    stages = [Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES, Stage.PROJECTION]
    write_fake_run(artifacts_dir, models=[], stages=stages)
    at = open_page(PAGE, box="umap:-1,1,-1,1")
    assert not at.exception
    assert at.toggle(key="front").disabled
    assert at.selectbox(key="colour").options == ["true class", "split", "words"]
    assert "This run has no predictions to measure." in words(at)
    assert at.dataframe[0].value.columns.tolist() == ["True class", "Rows inside", "Rows outside"]


def test_only_the_corpus_is_prepared(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert not at.get("vega_lite_chart")
    assert f"python -m scripts.analyze --run fake --artifacts-dir {artifacts_dir}" in [code.value for code in at.code]
    assert at.dataframe


def test_damaged_projection_is_one_sentence(artifacts_dir):
    root = write_fake_run(artifacts_dir)
    (root / PROJECTION.path).write_bytes(b"PAR1")
    at = open_page(PAGE)
    assert not at.exception
    assert len(at.error) == 1
    assert "projection.parquet" in at.error[0].value.replace("\\", "")
    assert not at.code
    assert at.dataframe


def test_missing_projection_names_the_command(artifacts_dir):
    write_fake_run(artifacts_dir, without=[PROJECTION.path])
    at = open_page(PAGE)
    assert not at.exception
    assert [code.value for code in at.code] == [f"python -m scripts.build --run fake --artifacts-dir {artifacts_dir}"]


def test_class_absent_from_the_test_split_is_not_in_the_legend(artifacts_dir):
    write_fake_run(artifacts_dir, absent_from_test=2)
    at = open_page(PAGE)
    assert not at.exception
    assert 'title="joy"' in html_of(at)
    assert 'title="love"' not in html_of(at)


def test_nothing_selected_keeps_the_map_in_grey(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, q="no such words")
    assert not at.exception
    context, points, *_ = sent(at)
    assert len(points) == 0
    assert len(context) > 200


def test_names_and_texts_are_shown_as_they_are(artifacts_dir):
    write_fake_run(artifacts_dir, classes=HOSTILE, texts={239: "<script>alert(1)</script>"})
    at = open_page(PAGE, find="script")
    assert not at.exception
    assert "<img" not in html_of(at)
    assert "<script" not in html_of(at)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html_of(at)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html_of(at)


def test_switching_the_run_keeps_the_page_whole(artifacts_dir):
    write_fake_run(artifacts_dir, "first")
    write_fake_run(
        artifacts_dir,
        "second",
        classes=["neg", "pos"],
        models=[],
        stages=[Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES, Stage.PROJECTION],
    )
    at = open_page(PAGE)
    at.selectbox(key="colour").select("confidence").run()
    at.selectbox(key="run").select("second").run()
    assert not at.exception
    assert 'title="neg"' in html_of(at)


def test_map_can_be_saved(artifacts_dir):
    write_fake_run(artifacts_dir)
    labels = [button.proto.label for button in open_page(PAGE).get("download_button")]
    assert sorted(labels) == ["CSV", "CSV", "PNG", "SVG"]
