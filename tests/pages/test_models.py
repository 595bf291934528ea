"""The Models page: matrices, their difference, confused pairs, scores per class, the rows that are chosen."""

from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, TEXTS, ModelName, Stage, predictions_table
from core.charts.matrix import CHOSEN
from tests.fake_runs import CHECKPOINT, EMOTIONS, write_fake_run
from tests.pages.opening import ROOT, chart_specs, words

NO_FINE_TUNING = [stage for stage in Stage if stage is not Stage.FINE_TUNE]


@pytest.fixture(scope="module")
def whole_dir(tmp_path_factory) -> Path:
    """A folder with the one run that most tests read: six classes, 120 test rows."""
    folder = tmp_path_factory.mktemp("whole")
    write_fake_run(folder, n_rows=1200)
    return folder


@pytest.fixture
def whole(whole_dir, monkeypatch) -> Path:
    """Show the whole run."""
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(whole_dir))
    return whole_dir / "fake"


@pytest.fixture
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def open_models(**query: str) -> AppTest:
    """Open the page at an address, as a link does."""
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    at.switch_page("pages/models.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def data_of(at: AppTest, chart: int, name: str) -> list[dict]:
    """Return named data of a chart as the browser gets them."""
    for dataset in at.get("vega_lite_chart")[chart].proto.datasets:
        if dataset.name == name:
            return pa.ipc.open_stream(dataset.data.data).read_pandas().to_dict("records")
    raise AssertionError(f"chart {chart} has no data {name}")


def cells_of(at: AppTest, chart: int) -> dict[tuple[int, int], dict]:
    spec = chart_specs(at)[chart]
    return {(row["i"], row["j"]): row for row in data_of(at, chart, spec["layer"][0]["data"]["name"])}


def table_with(at: AppTest, column: object):
    return next(table.value for table in at.dataframe if column in table.value.columns)


def has_chosen_rows(at: AppTest) -> bool:
    return any(button.key == "clear_chosen" for button in at.button)


def confusion_of(root: Path, model: ModelName) -> np.ndarray:
    """Count true and predicted classes of the test split from the files of a run."""
    run = Run.open(root)
    examples, predictions = run.read_table(EXAMPLES), run.read_table(predictions_table(model), ["pred"])
    counts = np.zeros((6, 6), dtype=int)
    for split, label, pred in zip(examples["split"], examples["label"], predictions["pred"], strict=True):
        counts[label, pred] += split == "test"
    return counts


@pytest.mark.parametrize(
    ("n_classes", "matrix"), [(2, None), (2, "difference"), (18, None), (19, None), (77, "difference"), (150, None)]
)
def test_any_number_of_classes(n_classes, matrix, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=10 * n_classes + 600)
    at = open_models(**({"matrix": matrix} if matrix else {}))
    assert not at.exception
    assert not at.error
    n_matrices = 1 if matrix or n_classes > 18 else 2
    assert len(chart_specs(at)) == n_matrices + 7


def test_headline_states_both_models_and_their_basis(whole):
    at = open_models()
    assert [metric.label for metric in at.metric][:4] == ["Fine-tuned", "Logistic regression"] * 2
    assert "Basis: test split, 120 rows, held-out predictions" in words(at)
    assert "whatever class, outcome or confidence is chosen" not in words(at)


def test_matrices_hold_the_counts_of_each_model(whole):
    at = open_models()
    for chart, model in enumerate((ModelName.LOGREG, ModelName.FINETUNED)):
        counts, cells = confusion_of(whole, model), cells_of(at, chart)
        assert all(cells[i, j]["rows"] == counts[i, j] for i in range(6) for j in range(6))
        assert [cells[k, -1]["rows"] for k in range(6)] == counts.sum(axis=1).tolist()
        assert [cells[-1, k]["rows"] for k in range(6)] == counts.sum(axis=0).tolist()


def test_difference_is_the_fine_tuned_matrix_minus_the_baselines(whole):
    at = open_models(matrix="difference")
    change = confusion_of(whole, ModelName.FINETUNED) - confusion_of(whole, ModelName.LOGREG)
    cells = cells_of(at, 0)
    assert all(cells[i, j]["change"] == change[i, j] for i in range(6) for j in range(6))
    assert "Fine-tuned minus logistic regression" in words(at)


def test_scores_stay_those_of_all_rows_when_a_cell_is_chosen(whole):
    at = open_models(model="logreg", true="joy", predicted="love", confidence="0.1..1")
    assert not at.exception
    counts = confusion_of(whole, ModelName.LOGREG)
    assert cells_of(at, 0)[1, 2]["rows"] == counts[1, 2] > 0
    assert "Scores are of all 120 rows of the selection, whatever class, outcome or confidence is chosen" in words(at)
    rows = table_with(at, "Words")
    assert len(rows) == min(8, counts[1, 2])
    assert set(rows["True class"]) == {"joy"}
    assert set(rows["Logistic regression"]) == {"love"}
    assert f"**{counts[1, 2]} rows**: true class: joy · predicted: love" in words(at)
    assert "answers of Logistic regression" in words(at)


def test_chosen_cell_is_outlined_and_dashed_where_it_is_another_models(whole):
    at = open_models(model="logreg", true="joy", predicted="love")
    cell = {"top": "joy", "bottom": "joy", "left": "love", "right": "love"}
    assert data_of(at, 0, CHOSEN) == [cell | {"other": False}]
    assert data_of(at, 1, CHOSEN) == [cell | {"other": True}]
    assert [band["class"].split()[0] for band in data_of(at, 2, "chosen")] == ["joy"]


def test_chosen_class_is_a_row_of_both_matrices(whole):
    at = open_models(true="joy", order="as in the corpus")
    row = {"top": "joy", "bottom": "joy", "left": "sadness", "right": " all", "other": False}
    assert data_of(at, 0, CHOSEN) == data_of(at, 1, CHOSEN) == [row]


def test_nothing_chosen_says_what_a_click_does(whole):
    at = open_models()
    assert "Click a cell or a grey sum to see its rows here" in words(at)
    assert not has_chosen_rows(at)
    assert data_of(at, 0, CHOSEN) == []


def test_clear_lets_go_of_the_cell_and_keeps_the_rest(whole):
    at = open_models(model="logreg", true="joy", outcome="wrong", n_words="1..9")
    at.button(key="clear_chosen").click().run()
    assert not at.exception
    assert not has_chosen_rows(at)
    assert "true" not in at.query_params
    assert (at.query_params["model"], at.query_params["n_words"]) == ("logreg", "1..9")


def test_link_to_errors_names_run_and_filter(whole):
    at = open_models(model="logreg", true="joy", predicted="love")
    (link,) = [link.proto for link in at.get("page_link") if link.proto.label == "Open in Errors"]
    assert parse_qs(link.query_string) == {
        "run": ["fake"], "model": ["logreg"], "true": ["joy"], "predicted": ["love"],
    }  # fmt: skip


def test_all_splits_are_measured_on_one(whole):
    at = open_models(split="all")
    assert "Scores are of one split: test, 120 rows." in words(at)
    assert sum(cell["rows"] for (i, j), cell in cells_of(at, 0).items() if i >= 0 and j >= 0) == 120


def test_scores_follow_the_parts_of_the_filter_that_are_not_answers(whole):
    at = open_models(q="about joy")
    cells = cells_of(at, 0)
    assert cells[1, -1]["rows"] == cells[-1, -1]["rows"] > 0
    assert f"Basis: test split, {cells[1, -1]['rows']} rows" in words(at)


def test_empty_selection_says_what_to_relax_and_draws_no_matrix(whole):
    at = open_models(q="no text says this")
    assert not at.exception
    assert "No row fits this filter" in words(at)
    assert len(chart_specs(at)) == 2
    assert "Learning curves" in words(at)


def test_empty_cell_keeps_the_matrices(whole):
    at = open_models(true="joy", predicted="joy", outcome="wrong")
    assert not at.exception
    assert "No row fits this filter" in words(at)
    assert "**0 rows**" in words(at)
    assert len(chart_specs(at)) == 9


def test_pairs_have_the_rows_of_both_models(whole):
    table = table_with(open_models(), "Predicted as")
    before, after = (confusion_of(whole, model) for model in (ModelName.LOGREG, ModelName.FINETUNED))
    mistakes = before + after
    np.fill_diagonal(mistakes, 0)
    assert len(table) == (mistakes > 0).sum()
    assert table["Fine-tuned"].is_monotonic_decreasing
    first = table.iloc[0]
    i, j = EMOTIONS.index(first["True class"]), EMOTIONS.index(first["Predicted as"])
    assert (first["Logistic regression"], first["Fine-tuned"]) == (before[i, j], after[i, j])
    assert first["Difference"] == after[i, j] - before[i, j]
    assert first["Of the true class"] == pytest.approx(100 * after[i, j] / after[i].sum())


def test_one_model_has_one_matrix_and_nothing_to_compare(artifacts_dir):
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=NO_FINE_TUNING)
    at = open_models()
    assert not at.exception
    assert len(chart_specs(at)) == 4
    assert [box.key for box in at.selectbox] == ["order", "run"]
    assert "largest gain first" not in at.selectbox(key="order").options
    assert "Difference" not in table_with(at, "Predicted as").columns


def test_only_the_corpus_says_what_to_run_in_order(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_models()
    assert not at.exception
    assert "There are no predictions to compare yet." in words(at)
    commands = [code.value.split()[2] for code in at.code]
    assert commands.index("scripts.extract_features") < commands.index("scripts.train_baselines")


def test_run_without_texts_and_checkpoint_shows_the_rows_by_id(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=1200, without=[TEXTS.path, CHECKPOINT])
    at = open_models(true="joy")
    assert not at.exception
    assert not at.error
    rows = table_with(at, "Words")
    assert "Text" not in rows
    assert len(rows) == 8


def test_class_absent_from_the_split_has_dashes(artifacts_dir):
    write_fake_run(artifacts_dir, absent_from_test=2)
    at = open_models(cells="by truth", matrix="difference")
    assert not at.exception
    assert {cells_of(at, 0)[2, j]["text"] for j in range(6)} == {"–"}
    table = table_with(at, ("", "Class")).set_index(("", "Class"))
    assert table.loc["love", ("", "Rows")] == 0
    assert table.loc["love"].isna().sum() == 8  # precision, recall, F1 of both models, the difference and its p


def test_names_and_texts_from_a_corpus_are_never_markup(artifacts_dir):
    classes = ["<img src=x onerror=alert(1)>", "**bold**", "$x$", ":smile:", "[a](javascript:alert(1))", "x" * 3000]
    write_fake_run(artifacts_dir, classes=classes, n_rows=1200)
    at = open_models(true="**bold**")
    assert not at.exception
    chosen = next(text.value for text in at.markdown if "the surest first" in text.value)
    assert "true class\\: \\*\\*bold\\*\\*" in chosen
    assert "".join(element.proto.body for element in at.get("html")).count("<img") == 0
    assert {cell["true_name"] for cell in cells_of(at, 0).values()} == {*classes, "any"}


def test_normalise_control_changes_both_matrices(whole):
    at = open_models()
    ends = [spec["layer"][0]["encoding"]["color"]["scale"]["domain"][-1] for spec in chart_specs(at)[:2]]
    assert ends[0] == ends[1] > 1
    at.button_group(key="cells").set_value("by truth").run()
    assert [spec["layer"][0]["encoding"]["color"]["scale"]["domain"][-1] for spec in chart_specs(at)[:2]] == [1, 1]


def test_baseline_can_be_the_dummy(whole):
    at = open_models()
    at.selectbox(key="baseline").select("Most frequent class").run()
    assert not at.exception
    models = table_with(at, ("", "Class")).columns.get_level_values(0).unique().tolist()
    assert models == ["", "Most frequent class", "Fine-tuned", "Difference"]


def test_many_classes_start_with_the_most_confused_and_can_all_be_shown(artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(40)], n_rows=1600)
    at = open_models()
    assert at.selectbox(key="order").value == "confused together"
    assert at.button_group(key="matrix").options == ["Fine-tuned", "Logistic regression", "difference"]
    axis = chart_specs(at)[0]["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert (len(axis), axis[-1]) == (31, " all")
    at.button_group(key="shown").set_value("all").run()
    assert len(chart_specs(at)[0]["layer"][0]["encoding"]["y"]["scale"]["domain"]) == 41


def test_score_control_changes_the_bars(whole):
    at = open_models(score="recall")
    assert chart_specs(at)[2]["layer"][2]["encoding"]["x"]["title"] == "Recall"


def test_gain_order_puts_the_largest_difference_first(whole):
    gains = table_with(open_models(order="largest gain first"), ("", "Class"))[("Difference", "F1, points")]
    assert gains.is_monotonic_decreasing
    assert gains.iloc[0] > gains.iloc[-1]


def test_every_chart_and_table_can_be_saved(whole):
    labels = [button.proto.label for button in open_models(true="joy").get("download_button")]
    assert (labels.count("PNG"), labels.count("SVG"), labels.count("CSV")) == (9, 9, 6)
