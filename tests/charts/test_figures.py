from core.analysis.metrics import RunMetrics
from core.artifacts.schema import ModelName, Split
from core.charts.confusion import Normalise
from core.charts.figures import make_confusion_figure, make_figures
from tests.measured import metrics_of

COUNTS = [[2, 1], [0, 3]]


def test_figures_of_a_run_are_two_matrices_per_model_and_the_bars():
    metrics = RunMetrics(
        classes=("a", "b"),
        metrics=tuple(metrics_of(COUNTS, ["a", "b"], model=model) for model in (ModelName.LOGREG, ModelName.FINETUNED)),
    )
    assert list(make_figures(metrics, run_name="demo")) == [
        "confusion_test_logreg_counts",
        "confusion_test_logreg_by_truth",
        "confusion_test_finetuned_counts",
        "confusion_test_finetuned_by_truth",
        "per_class_f1_test",
    ]


def test_split_without_metrics_has_no_figures():
    metrics = RunMetrics(classes=("a", "b"), metrics=(metrics_of(COUNTS, ["a", "b"]),))
    assert make_figures(metrics, run_name="demo", split=Split.TRAIN) == {}


def test_figure_states_its_basis():
    figure = make_confusion_figure(metrics_of(COUNTS, ["a", "b"]), run_name="demo", normalise=Normalise.BY_TRUTH)
    assert figure.to_dict()["title"] == {
        "text": "Confusion matrix: Fine-tuned",
        "subtitle": "run demo · test split · 6 rows · held-out predictions · cells: % of the true class",
    }
