"""The Data page: full, with parts missing, with few and many classes, with names and texts that mean harm."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import TEXTS, ModelName, Stage
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.pages.opening import chart_specs, open_page, words

PAGE = "pages/data.py"
HOSTILE = ["<img src=x onerror=alert(1)>", "**bold** $x$ :smile:", "[a](javascript:alert(1))", "w" * 10_000, "=1+1"]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def headline(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def subheaders(at: AppTest) -> list[str]:
    return [subheader.value for subheader in at.subheader]


def chart_keys(at: AppTest) -> list[str]:
    """Return the names of the clickable charts, without the number that changes with the filter."""
    ids = [element.proto.id for element in at.get("vega_lite_chart")]
    return [id.rpartition("-chart_")[2].rpartition("_")[0] for id in ids]


def test_full_run_shows_every_part(artifacts_dir):
    write_fake_run(artifacts_dir, metadata={"channel": ["mail", "web", None] * 80, "age": range(240)})
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert headline(at) == {"Rows": "24", "Classes": "6", "Median words": "4", "Truncated": "0.0%"}
    assert "0 of 24 rows, cut after 128 tokens" in words(at)
    assert subheaders(at) == [
        "Before you trust the scores",
        "Classes per split",
        "Length of the texts",
        "Typical words",
        "Metadata",
        "Rows",
    ]
    words_charts = [f"words_{k}" for k in range(6)]
    assert chart_keys(at) == [
        "class_balance",
        "histogram_n_tokens",
        *words_charts,
        "values_meta_channel",
        "histogram_meta_age",
    ]
    assert len(at.dataframe[0].value) == 20


def test_every_chart_and_table_can_be_saved(artifacts_dir):
    write_fake_run(artifacts_dir, metadata={"channel": ["mail", "web"] * 120})
    labels = [button.proto.label for button in open_page(PAGE).get("download_button")]
    # classes, lengths, words, channel; words, channel, rows
    assert (labels.count("PNG"), labels.count("SVG"), labels.count("CSV")) == (4, 4, 3)


def test_headline_follows_the_filter(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, split="all", ids="0-2")
    assert headline(at) | {"Median words": ""} == {
        "Rows": "3",
        "Classes": "3",
        "Median words": "",
        "Truncated": "0.0%",
    }


def test_classes_are_counted_in_all_splits_whatever_class_is_chosen(artifacts_dir):
    write_fake_run(artifacts_dir)
    assert "Rows: train 192, validation 24, test 24." in words(open_page(PAGE, true="joy"))


def test_lengths_can_be_in_words(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE)
    at.button_group(key="length").set_value("Words").run()
    assert not at.exception
    assert chart_keys(at)[1] == "histogram_n_words"
    assert chart_keys(open_page(PAGE, length="Nonsense"))[1] == "histogram_n_tokens"


def test_histogram_ignores_its_own_range(artifacts_dir):
    write_fake_run(artifacts_dir, texts=dict.fromkeys(range(216, 226), "one two three"))
    at = open_page(PAGE, n_words="3..3", length="Words")
    assert headline(at)["Rows"] == "10"
    assert "24 rows, test split, 10 of them in the chosen range." in words(at)


def test_without_texts_one_command_brings_them(artifacts_dir):
    write_fake_run(artifacts_dir, source="hub", corpus_name="some/corpus", without=[TEXTS.path, CHECKPOINT])
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    command = f"python -m scripts.restore fake --dataset some/corpus --artifacts-dir {artifacts_dir}"
    assert [code.value for code in at.code] == [command]
    assert chart_keys(at) == ["class_balance", "histogram_n_tokens"]
    assert len(at.dataframe) == 1


def test_one_model_only(artifacts_dir):
    stages = [stage for stage in Stage if stage is not Stage.FINE_TUNE]
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=stages, metadata={"channel": ["mail"] * 240})
    at = open_page(PAGE)
    assert not at.exception
    assert "Accuracy: logistic regression on the test split" in words(at)


def test_only_the_corpus_is_prepared(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA], metadata={"channel": ["mail", "web"] * 120})
    at = open_page(PAGE)
    assert not at.exception
    assert not at.error
    assert headline(at)["Truncated"] == "–"
    assert f"python -m scripts.extract_features --run fake --artifacts-dir {artifacts_dir}" in words(at)
    assert chart_keys(at)[:2] == ["class_balance", "histogram_n_words"]
    assert "Accuracy" not in words(at)


@pytest.mark.parametrize("n_classes", [2, 77, 150])
def test_few_and_many_classes(n_classes, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=1600)
    at = open_page(PAGE, split="all")
    assert not at.exception
    shown = [key for key in chart_keys(at) if key.startswith("words")]
    assert len(shown) == min(n_classes, 6)
    domain = chart_specs(at)[0]["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert len(domain) == n_classes
    if n_classes > 8:
        at.multiselect(key="words_of_").set_value(["class_70", "class_1"]).run()
        assert [key for key in chart_keys(at) if key.startswith("words")] == ["words_70", "words_1"]
        at.multiselect(key="words_of_").set_value([]).run()
        assert not at.exception
        assert "No word is typical of the classes that are chosen." in words(at)


def test_class_absent_from_the_test_split(artifacts_dir):
    write_fake_run(artifacts_dir, absent_from_test=2)
    at = open_page(PAGE)
    assert not at.exception
    assert headline(at)["Classes"] == "5"
    assert [key for key in chart_keys(at) if key.startswith("words")] == [f"words_{k}" for k in (0, 1, 3, 4, 5)]
    assert "No word stands out." in words(at)


def test_nothing_left_shows_no_empty_charts(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, q="nowhere to be found")
    assert not at.exception
    assert "No row fits this filter" in words(at)
    assert (chart_keys(at), len(at.metric), len(at.dataframe)) == ([], 0, 0)


def test_rows_of_one_class_only_say_why_there_are_no_words(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE, split="all", ids="0")
    assert not at.exception
    assert "these rows are too few, or of one class only." in words(at)


def test_names_and_texts_from_a_corpus_are_never_markup(artifacts_dir):
    values = (HOSTILE * 48)[:240]
    write_fake_run(
        artifacts_dir,
        classes=HOSTILE,
        texts=dict(enumerate(values)),
        metadata={"<b>col</b>": values, "**note**": ["a"] * 240},
    )
    at = open_page(PAGE, split="all")
    assert not at.exception
    assert not at.error
    html = "".join(element.proto.body for element in at.get("html"))
    assert "<img" not in html
    markdown = [element.value for element in [*at.markdown, *at.caption]]
    assert "**\\<b\\>col\\</b\\>**" in markdown
    assert not any("<img" in text or "](javascript" in text or "**bold**" in text for text in markdown)
    assert max(len(text) for text in markdown) < 1000
    assert set(at.dataframe[0].value["Text"]) <= set(HOSTILE)


def test_specs_send_few_marks_however_many_rows(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=20_000, texts={i: "word " * (1 + i % 90) for i in range(20_000)})
    at = open_page(PAGE, split="all", length="Words")
    assert not at.exception
    sent = [len(dataset.data.data) for chart in at.get("vega_lite_chart") for dataset in chart.proto.datasets]
    assert 0 < max(sent) < 12_000
    assert max(len(json.dumps(spec)) for spec in chart_specs(at)) < 20_000


def test_sample_is_seeded_drawn_again_or_in_order(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(PAGE)
    first = at.dataframe[0].value["id"].tolist()
    assert "Shuffled with seed 0." in words(at)
    assert open_page(PAGE).dataframe[0].value["id"].tolist() == first
    assert first != sorted(first)
    at.button(key="draw_again").click().run()
    assert "Shuffled with seed 1." in words(at)
    assert at.dataframe[0].value["id"].tolist() != first
    at.button_group(key="row_order").set_value("as in the corpus").run()
    assert at.dataframe[0].value["id"].tolist() == list(range(216, 236))
    assert not [button for button in at.button if button.key == "draw_again"]


def test_overview_shows_the_same_classes(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(true="joy")
    assert not at.exception
    assert "Rows: train 192, validation 24, test 24." in words(at)
