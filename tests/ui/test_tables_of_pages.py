import numpy as np

from core.analysis.metrics import RunMetrics
from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Split
from core.ui.models.per_class import per_class_table
from core.ui.overview.provenance import stage_table
from core.ui.scores import score_table
from tests.fake_runs import write_fake_run
from tests.measured import metrics_of

COUNTS = [[6, 1], [2, 1]]
LOGREG = metrics_of(COUNTS, ["joy", "fear"], model=ModelName.LOGREG, f1=[0.8, 0.4])
FINETUNED = metrics_of(COUNTS, ["joy", "fear"], model=ModelName.FINETUNED, f1=[0.9, None])


def test_score_table_has_test_first_and_the_best_expected_model_first():
    train = metrics_of(COUNTS, ["joy", "fear"], split=Split.TRAIN)
    table = score_table(RunMetrics(classes=("joy", "fear"), metrics=(train, LOGREG, FINETUNED)), None)
    assert list(zip(table["Split"], table["Model"], table["Accuracy"], table["Rows"], strict=True)) == [
        ("test", "Fine-tuned", 86.25, 10),
        ("test", "Logistic regression", 86.25, 10),
        ("train", "Fine-tuned", 86.25, 10),
    ]
    assert table["Log loss"].tolist() == [0.25, 0.25, 0.25]


def test_per_class_table_of_two_models_ends_in_the_difference_in_points():
    table = per_class_table([LOGREG, FINETUNED], [1, 0])
    assert table[("", "Class")].tolist() == ["fear", "joy"]
    assert table[("", "Rows")].tolist() == [3, 7]
    assert table[("Fine-tuned", "Predicted")].tolist() == [2, 8]
    assert np.allclose(table[("Difference", "F1, points")], [np.nan, 10], equal_nan=True)


def test_per_class_table_of_one_model_has_no_difference():
    assert per_class_table([LOGREG], [0, 1]).columns.get_level_values(0).unique().tolist() == [
        "",
        "Logistic regression",
    ]


def test_stage_table_says_how_each_stage_was_made(tmp_path):
    table = stage_table(Run.open(write_fake_run(tmp_path))).set_index("Step")
    assert table.index.tolist() == [
        "Prepare the corpus",
        "Extract features",
        "Train baselines",
        "Fine-tune",
        "Project to 2-D",
        "Measure",
        "Compare the models",
        "Check the confidence",
        "Find neighbours",
        "Find clusters",
        "Find issues",
        "Check the corpus",
        "Find weak slices",
        "Attribute errors",
        "Test with edits",
        "Draw figures",
    ]
    assert (
        table.loc["Fine-tune", "Settings"]
        == "num train epochs 3 · batch size 16 · learning rate 0.0002 · weight decay 0.01"
    )
    assert table.loc["Fine-tune", "Found"] == "precision bfloat16 · device cpu"
    assert table.loc["Measure", "Settings"] == "–"
    assert table.loc["Fine-tune", "Files"].startswith("4 files, ")
