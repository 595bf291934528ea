"""Overview and Models: intervals, the sentence on the difference, two models side by side, the rows that flipped."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.comparison import read_comparison
from core.artifacts.run import Run
from core.artifacts.schema import COMPARISON, TEXTS, ModelName, Split, Stage
from core.ui.verdict import interval_text, points
from tests.fake_runs import write_fake_run
from tests.pages.opening import ROOT, words


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory) -> Path:
    """Two runs on the same corpus, whose models were trained with other seeds, and one on another corpus."""
    folder = tmp_path_factory.mktemp("two")
    write_fake_run(folder, "first", n_rows=1200)
    shutil.copytree(folder / "first", folder / "second")
    write_fake_run(folder, "third", n_rows=1200, seed=1)
    return folder


@pytest.fixture
def shown(two_runs, monkeypatch) -> Run:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(two_runs))
    return Run.open(two_runs / "first")


@pytest.fixture
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    at.switch_page(f"pages/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def table_with(at: AppTest, column: str):
    return next(table.value for table in at.dataframe if column in table.value.columns)


def rows_of(at: AppTest) -> int:
    """Return how many rows of the chosen cell there are, as the page says."""
    line = next(line for line in words(at).splitlines() if " rows " in line and ":gray[· Fine-tuned" in line)
    return int(line.removeprefix("**").split()[0].replace(",", ""))


def test_overview_says_whether_fine_tuning_is_worth_it_and_how_sure_that_is(shown):
    at = opened("overview", run="first")
    assert not at.exception
    comparison = read_comparison(shown)
    pair = comparison.pair(ModelName.LOGREG, ModelName.FINETUNED, Split.TEST)
    low, high = (points(end, signed=False) for end in pair.accuracy.difference.interval)
    gain = points(pair.accuracy.difference.value, signed=False)
    said = f"Fine-tuning is better than the logistic regression by {gain} points of accuracy [{low}, {high}]"
    assert said in words(at)
    assert "chance alone would" in words(at)
    tuned = comparison.scores_of(ModelName.FINETUNED, Split.TEST)
    assert f"95% interval {interval_text(tuned.macro_f1)}" in words(at)
    assert table_with(at, "Accuracy, 95%")["Accuracy, 95%"][0] == interval_text(tuned.accuracy)
    links = [link.proto.label for link in at.get("page_link")]
    assert [f"{pair.n_fixed} rows fixed by fine-tuning", f"{pair.n_broken} rows broken by it"] == links[:2]


def test_train_split_warns_of_rows_that_were_learned(shown):
    shown_words = words(opened("overview", run="first", split="train"))
    assert "The fine-tuned model was fitted on these very rows, which flatters the score" in shown_words


def test_cells_show_their_rows(shown):
    pair = read_comparison(shown).pair(ModelName.LOGREG, ModelName.FINETUNED, Split.TEST)
    at = opened("models", run="first")
    assert not at.exception
    assert rows_of(at) == pair.n_broken
    for key, n_rows in (("fixed", pair.n_fixed), ("both_right", pair.n_both_right), ("both_wrong", pair.n_both_wrong)):
        at.button(key=f"flips_{key}").click().run()
        assert rows_of(at) == n_rows
    assert "Logistic regression wrong" in words(at)


def test_any_two_models_and_those_of_another_run_with_the_same_rows_can_be_chosen(shown):
    at = opened("models", run="first")
    labels = at.selectbox(key="champion").options
    assert labels == [
        *("Fine-tuned", "Logistic regression", "Most frequent class"),
        *("Fine-tuned · run second", "Logistic regression · run second", "Most frequent class · run second"),
    ]
    at.selectbox(key="champion").select("Fine-tuned · run second").run()
    assert not at.exception
    assert "Fine-tuned and fine-tuned · run second are right on the same rows" in words(at)
    assert "the same 120 rows for both" in words(at)
    at.selectbox(key="champion").select("Logistic regression · run second").run()
    here = read_comparison(shown).pair(ModelName.LOGREG, ModelName.FINETUNED, Split.TEST)
    table = table_with(at, "Difference, points")
    assert table["Difference, points"][0] == pytest.approx(100 * here.accuracy.difference.value)
    at.selectbox(key="champion").select("Fine-tuned").run()
    assert "Choose two different models." in words(at)


def test_rows_of_another_corpus_are_not_offered_and_filtered_rows_are_compared_anew(shown):
    at = opened("models", run="first", champion="Logistic regression · run second")
    at.selectbox(key="run").set_value("third").run()
    assert not at.exception
    assert at.selectbox(key="champion").options == ["Fine-tuned", "Logistic regression", "Most frequent class"]
    at = opened("models", run="first", q="about joy")
    joys = [line for line in words(at).splitlines() if "for both" in line]
    assert joys
    assert "the same 120 rows" not in joys[0]


def test_without_the_file_scores_are_estimated_on_the_spot_and_the_command_is_named(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[stage for stage in Stage if stage is not Stage.COMPARISON])
    at = opened("overview")
    assert not at.exception
    assert "95% interval" in words(at)
    assert "Intervals need a step that this run has not been through yet" in words(at)


def test_damaged_file_is_an_error_in_its_place_and_scores_stay(artifacts_dir):
    path = write_fake_run(artifacts_dir) / COMPARISON
    path.write_text(path.read_text().replace('"scores"', '"scorez"', 1))
    at = opened("models")
    assert not at.exception
    assert "comparison.json does not fit the schema" in words(at)
    assert [metric.label for metric in at.metric][:2] == ["Fine-tuned", "Logistic regression"]


def test_one_model_has_nothing_to_be_compared_with(artifacts_dir):
    stages = [stage for stage in Stage if stage is not Stage.FINE_TUNE]
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=stages)
    for page, said in (("overview", "95% interval"), ("models", "There is one model only")):
        at = opened(page)
        assert not at.exception
        assert said in words(at)


def test_shipped_run_with_names_from_a_corpus_shows_rows_by_id(artifacts_dir):
    names = ["<img src=x onerror=alert(1)>", "**bold**", "$x$", "[a](javascript:alert(1))"]
    write_fake_run(artifacts_dir, "a", n_rows=1200, classes=names, without=[TEXTS.path])
    at = opened("models")
    assert not at.exception
    assert rows_of(at) > 0
    assert "".join(element.proto.body for element in at.get("html")).count("<img") == 0
