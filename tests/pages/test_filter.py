"""The filter on top of the pages: from the address, by hand, across pages and runs."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import TEXTS, ModelName, Stage
from tests.fake_runs import write_fake_run
from tests.pages.opening import open_page, words

FILTERED = ["pages/overview.py", "pages/data.py", "pages/embedding_map.py", "pages/models.py", "pages/errors.py"]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def chips(at: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in at.button if (button.key or "").startswith("filter_chip")]


def n_selected(at: AppTest) -> str:
    return next(text.value for text in at.markdown if " of " in text.value and text.value.endswith("rows"))


@pytest.mark.parametrize("page", FILTERED)
def test_every_page_takes_the_filter_from_the_address(page, artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(page, true="joy", n_words="3..4", split="train")
    assert not at.exception
    assert chips(at) == ["true class: joy ✕", "words 3 to 4 ✕"]
    assert at.button_group(key="filter_split").value == "train"


@pytest.mark.parametrize("page", FILTERED)
def test_hostile_address_is_noted_and_left_out(page, artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(page, true="<img src=x onerror=alert(1)>", ids="0-99999999", box="umap:a,b", n_words="nan..1")
    assert not at.exception
    assert chips(at) == []
    warning = at.warning[0]  # a row that is open may have one of its own
    assert "\\<img src\\=x onerror\\=alert\\(1\\)\\>" in warning.value
    notes = warning.value.replace("\\", "").split("  \n")
    assert len(notes) == 4
    assert "This run has no class “<img src=x onerror=alert(1)>”; the filter goes without." in notes
    assert n_selected(at) == "**24** of 240 rows"


def test_many_notes_are_cut_short(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py", **{f"meta_{k}": "x" for k in range(300)})
    notes = at.warning[0].value.replace("\\", "").split("  \n")
    assert len(notes) == 6
    assert notes[-1] == "And 295 more parts of the filter."


@pytest.mark.parametrize("page", FILTERED)
def test_a_run_without_a_test_split_begins_with_the_validation_split(page, artifacts_dir):
    root = write_fake_run(artifacts_dir, splits=("train", "validation"))
    assert root.exists()
    at = open_page(page)
    assert not at.exception
    assert not at.error
    assert at.button_group(key="filter_split").value == "validation"
    assert n_selected(at) == "**24** of 240 rows"
    at.button_group(key="filter_split").set_value("all").run()
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("page", FILTERED)
def test_nothing_left_says_what_to_relax(page, artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(page, true="joy", q="about anger")
    assert not at.exception
    assert "No row fits this filter. Take a part of it away:" in words(at)
    relax = {b.key: b.label.replace("\\", "") for b in at.button if (b.key or "").startswith("filter_relax")}
    n_anger = sum("about anger" in text for text in texts_of(artifacts_dir, "test"))
    assert f"without true class: joy: {n_anger} row{'s' if n_anger > 1 else ''}" in relax.values()
    key = next(key for key, label in relax.items() if "true class" in label)
    at.button(key=key).click().run()
    assert not at.exception
    assert n_selected(at) == f"**{n_anger}** of 240 rows"


def test_chips_are_taken_away_one_by_one_and_undone(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py", true="joy", outcome="wrong", split="all")
    assert chips(at) == ["true class: joy ✕", "wrong ✕"]
    before = n_selected(at)
    at.button(key="filter_chip_0").click().run()
    assert chips(at) == ["wrong ✕"]
    assert at.query_params == {"run": "fake", "outcome": "wrong", "split": "all"}
    at.button(key="filter_undo").click().run()
    assert chips(at) == ["true class: joy ✕", "wrong ✕"]
    assert n_selected(at) == before
    at.button(key="filter_clear").click().run()
    assert chips(at) == []
    assert n_selected(at) == "**240** of 240 rows"


def test_form_changes_the_filter(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py")
    assert at.button(key="filter_undo").disabled
    at.multiselect(key="filter_true_class").set_value(["anger"]).run()
    at.selectbox(key="filter_model").set_value(ModelName.LOGREG).run()
    at.text_input(key="filter_text").set_value("text 2").run()
    at.slider(key="filter_range_confidence").set_range(0.5, 1.0).run()
    assert not at.exception
    assert chips(at) == ["true class: anger ✕", "text has “text 2” ✕", "confidence ≥ 50% ✕"]
    assert at.query_params == {
        "run": "fake",
        "true": "anger",
        "model": "logreg",
        "q": "text 2",
        "confidence": "0.5..",
    }


def test_filter_stays_on_the_next_page(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py", predicted="fear")
    at.switch_page("pages/models.py").run()
    assert not at.exception
    assert chips(at) == ["predicted: fear ✕"]


def test_another_run_keeps_what_fits_and_says_what_does_not(artifacts_dir):
    write_fake_run(artifacts_dir, "first")
    write_fake_run(artifacts_dir, "second", classes=["joy", "rage"])
    at = open_page("pages/errors.py", run="first", true="joy", predicted="fear", ids="230")
    at.selectbox(key="run").select("second").run()
    assert not at.exception
    assert chips(at) == ["true class: joy ✕"]
    assert [warning.value.replace("\\", "") for warning in at.warning] == [
        "This run has no class “fear”; the filter goes without."
    ]


def test_selections_are_empty_after_a_change_of_the_run_or_of_what_is_in_it(artifacts_dir):
    write_fake_run(artifacts_dir, "first")
    write_fake_run(artifacts_dir, "second")
    at = open_page("pages/data.py", run="first", split="all")

    def turn_to_page_2() -> str:
        (turner,) = (box for box in at.number_input if box.key.startswith("page_"))
        turner.set_value(2).run()
        return turner.key

    first = turn_to_page_2()
    assert [box.value for box in at.number_input if box.key == first] == [2]
    at.selectbox(key="run").select("second").run()
    assert [box.value for box in at.number_input if box.key.startswith("page_")] == [1]
    turn_to_page_2()
    write_fake_run(artifacts_dir, "second", texts={0: "another text"}, seed=1)
    at.run()
    assert not at.exception
    assert [box.value for box in at.number_input if box.key.startswith("page_")] == [1]


def test_another_run_begins_on_its_first_page_of_rows(artifacts_dir):
    """Keyed tables keep page and selection when their rows change, so another run needs other keys."""
    write_fake_run(artifacts_dir, "first", n_rows=600)
    write_fake_run(artifacts_dir, "second", n_rows=600, seed=1)
    at = open_page("pages/data.py", run="first")
    page = next(box for box in at.number_input if box.label.startswith("Page of"))
    page.set_value(2).run()
    assert next(box.value for box in at.number_input if box.label.startswith("Page of")) == 2
    at.selectbox(key="run").select("second").run()
    assert next(box.value for box in at.number_input if box.label.startswith("Page of")) == 1


def test_a_run_without_texts_cannot_be_searched(artifacts_dir):
    write_fake_run(artifacts_dir, without=[TEXTS.path])
    at = open_page("pages/errors.py", q="joy")
    assert at.text_input(key="filter_text").disabled
    assert "cannot be searched" in at.warning[0].value


def test_one_model_leaves_no_model_to_choose_and_no_comparison(artifacts_dir):
    stages = [stage for stage in Stage if stage is not Stage.FINE_TUNE]
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=stages)
    at = open_page("pages/errors.py", outcome="fixed")
    assert "filter_model" not in [box.key for box in at.selectbox]
    assert at.multiselect(key="filter_outcomes").options == ["correct", "wrong"]
    assert "no baseline beside a fine-tuned model" in words(at)


def test_damaged_predictions_leave_the_rest_of_the_page(artifacts_dir):
    root = write_fake_run(artifacts_dir)
    path = root / "predictions" / "finetuned.parquet"
    path.write_bytes(b"x" * path.stat().st_size)
    at = open_page("pages/errors.py")
    assert not at.exception
    assert any("finetuned.parquet cannot be read as Parquet" in error.value.replace("\\", "") for error in at.error)
    assert at.dataframe


def texts_of(artifacts_dir: Path, split: str) -> list[str]:
    import pandas as pd

    examples = pd.read_parquet(artifacts_dir / "fake" / "examples.parquet")
    texts = pd.read_parquet(artifacts_dir / "fake" / "texts.parquet")["text"]
    return texts[examples["split"] == split].tolist()
