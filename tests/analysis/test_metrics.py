import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_recall_fscore_support,
)

from core.analysis.metrics import RunMetrics, SplitMetrics, compute_metrics, read_metrics
from core.artifacts.manifest import CorpusInfo
from core.artifacts.run import Run
from core.artifacts.schema import METRICS, ModelName, Origin, Split, Stage
from core.artifacts.workspace import open_workspace
from core.errors import ArtifactError

CLASSES = ("joy", "fear", "rage")


def compute(y_true: object, y_pred: object, probs: object = None, classes: tuple[str, ...] = CLASSES) -> SplitMetrics:
    """Return metrics; without probabilities, each prediction is certain."""
    y_true, y_pred = np.array(y_true, dtype=np.int16), np.array(y_pred, dtype=np.int16)
    return compute_metrics(
        y_true,
        y_pred,
        np.eye(len(classes), dtype=np.float32)[y_pred] if probs is None else np.array(probs, dtype=np.float32),
        classes=classes,
        model=ModelName.LOGREG,
        split=Split.TEST,
        origin=Origin.HELD_OUT,
    )


def random_case(seed: int, n_classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(n_classes, 0.5), size=200).astype(np.float32)
    return rng.integers(0, n_classes, 200), probs.argmax(axis=1), probs


def test_hand_case() -> None:
    # joy: 2 of 3 found, predicted 3 times; fear: 1 of 2 found, predicted twice; rage: its only row is found
    metrics = compute([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2])
    assert metrics.confusion == ((2, 1, 0), (1, 1, 0), (0, 0, 1))
    assert metrics.accuracy == pytest.approx(4 / 6)
    assert metrics.balanced_accuracy == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert [c.precision for c in metrics.per_class] == pytest.approx([2 / 3, 1 / 2, 1])
    assert [c.recall for c in metrics.per_class] == pytest.approx([2 / 3, 1 / 2, 1])
    assert [c.f1 for c in metrics.per_class] == pytest.approx([2 / 3, 1 / 2, 1])
    assert metrics.macro_f1 == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert metrics.weighted_f1 == pytest.approx((3 * 2 / 3 + 2 * 1 / 2 + 1 * 1) / 6)
    assert [(c.name, c.support, c.n_predicted) for c in metrics.per_class] == [
        ("joy", 3, 3),
        ("fear", 2, 2),
        ("rage", 1, 1),
    ]
    assert (metrics.model, metrics.split, metrics.origin, metrics.n_rows) == ("logreg", "test", "held_out", 6)


def test_log_loss_is_the_mean_surprise_in_nats() -> None:
    probs = [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]]
    metrics = compute([0, 2], [0, 1], probs)
    assert metrics.log_loss == pytest.approx((math.log(2) + math.log(8)) / 2)


def test_probabilities_in_float32_are_made_to_sum_to_one() -> None:
    probs = np.float32([[0.2, 0.2, 0.2], [2, 1, 1]])
    assert compute([0, 0], [0, 0], probs).log_loss == pytest.approx((math.log(3) + math.log(2)) / 2)


def test_perfect_predictions() -> None:
    metrics = compute([0, 1, 2, 2], [0, 1, 2, 2])
    assert (metrics.accuracy, metrics.balanced_accuracy, metrics.macro_f1, metrics.weighted_f1) == (1, 1, 1, 1)
    assert metrics.log_loss == pytest.approx(0)
    assert metrics.confusion_array.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 2]]
    assert metrics.confusion_array.dtype == np.int64


def test_worst_predictions() -> None:
    metrics = compute([0, 1, 2], [1, 2, 0])
    assert (metrics.accuracy, metrics.balanced_accuracy, metrics.macro_f1, metrics.weighted_f1) == (0, 0, 0, 0)
    assert 30 < metrics.log_loss < math.inf
    assert [(c.precision, c.recall, c.f1) for c in metrics.per_class] == [(0, 0, 0)] * 3


def test_single_row() -> None:
    metrics = compute([1], [1])
    assert (metrics.accuracy, metrics.balanced_accuracy, metrics.macro_f1) == (1, 1, 1)
    assert [c.f1 for c in metrics.per_class] == [None, 1.0, None]


def test_class_without_row_or_prediction_has_no_scores_and_no_weight() -> None:
    metrics = compute([0, 0, 1, 1], [0, 1, 1, 1])
    absent = metrics.per_class[2]
    assert (absent.support, absent.n_predicted, absent.precision, absent.recall, absent.f1) == (0, 0, None, None, None)
    assert metrics.balanced_accuracy == pytest.approx((1 / 2 + 1) / 2)
    assert metrics.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_class_predicted_without_a_row_has_precision_and_f1_of_zero(recwarn: pytest.WarningsRecorder) -> None:
    metrics = compute([0, 0, 1, 1], [0, 2, 1, 1])
    absent = metrics.per_class[2]
    assert (absent.precision, absent.recall, absent.f1) == (0, None, 0)
    assert metrics.balanced_accuracy == pytest.approx((1 / 2 + 1) / 2)
    assert metrics.macro_f1 == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert not recwarn.list


def test_class_with_rows_and_never_predicted_has_recall_and_f1_of_zero() -> None:
    never = compute([0, 0, 2], [0, 0, 0]).per_class[2]
    assert (never.precision, never.recall, never.f1) == (None, 0, 0)


@pytest.mark.parametrize("n_classes", [2, 3, 6, 40])
def test_scores_agree_with_scikit_learn(n_classes: int) -> None:
    y_true, y_pred, probs = random_case(n_classes, n_classes)
    metrics = compute(y_true, y_pred, probs, tuple(f"c{k}" for k in range(n_classes)))
    assert metrics.accuracy == pytest.approx(accuracy_score(y_true, y_pred))
    assert metrics.balanced_accuracy == pytest.approx(balanced_accuracy_score(y_true, y_pred))
    assert metrics.macro_f1 == pytest.approx(f1_score(y_true, y_pred, average="macro"))
    assert metrics.weighted_f1 == pytest.approx(f1_score(y_true, y_pred, average="weighted"))
    exact = probs.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    assert metrics.log_loss == pytest.approx(log_loss(y_true, exact, labels=range(n_classes)), rel=1e-12)
    assert metrics.confusion_array.tolist() == confusion_matrix(y_true, y_pred, labels=range(n_classes)).tolist()
    expected = precision_recall_fscore_support(y_true, y_pred, labels=range(n_classes), zero_division=np.nan)
    for k, c in enumerate(metrics.per_class):
        found = [math.nan if value is None else value for value in (c.precision, c.recall, c.f1, c.support)]
        np.testing.assert_allclose(found, [column[k] for column in expected])


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_scores_agree_with_scikit_learn_where_a_class_has_no_row() -> None:
    y_true, y_pred, probs = random_case(5, 6)
    y_true[y_true == 3] = 4
    metrics = compute(y_true, y_pred, probs, tuple("abcdef"))
    assert metrics.balanced_accuracy == pytest.approx(balanced_accuracy_score(y_true, y_pred))
    assert metrics.macro_f1 == pytest.approx(f1_score(y_true, y_pred, average="macro", zero_division=0))
    assert metrics.weighted_f1 == pytest.approx(f1_score(y_true, y_pred, average="weighted", zero_division=0))


def test_most_frequent_class_for_everything_scores_as_scikit_learns_dummy() -> None:
    y_true = np.array([0] * 5 + [1] * 3 + [2] * 2)
    dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((10, 1)), y_true)
    metrics = compute(y_true, dummy.predict(np.zeros((10, 1))), dummy.predict_proba(np.zeros((10, 1))))
    assert metrics.accuracy == pytest.approx(0.5)
    assert metrics.balanced_accuracy == pytest.approx(1 / 3)
    assert metrics.macro_f1 == pytest.approx((2 / 3) / 3)
    assert metrics.weighted_f1 == pytest.approx((2 / 3) / 2)
    assert [c.precision for c in metrics.per_class] == [0.5, None, None]


def test_no_row_is_refused() -> None:
    with pytest.raises(ValueError, match="y_true has no rows, expected at least one"):
        compute([], [], np.zeros((0, 3)))


@pytest.mark.parametrize(
    ("y_true", "y_pred", "probs"),
    [
        ([0, 1], [0], np.ones((2, 3))),
        ([0, 1], [0, 1], np.ones((2, 2))),
        ([0, 1], [0, 1], np.ones((3, 3))),
        ([[0], [1]], [[0], [1]], np.ones((2, 3))),
    ],
)
def test_wrong_shapes_are_refused(y_true: object, y_pred: object, probs: object) -> None:
    with pytest.raises(ValueError, match=r"shapes are y_true .*, expected \(n,\), \(n,\) and \(n, 3\)"):
        compute(y_true, y_pred, probs)


@pytest.mark.parametrize(("y_true", "y_pred", "name"), [([0, 3], [0, 1], "y_true"), ([0, 1], [-1, 1], "y_pred")])
def test_labels_that_name_no_class_are_refused(y_true: list[int], y_pred: list[int], name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} holds .*, expected classes in 0…2"):
        compute(y_true, y_pred, np.full((2, 3), 1 / 3))


def test_all_metrics_of_a_run_are_found_by_model_and_split() -> None:
    test = compute([0, 1], [0, 1])
    train = test.model_copy(update={"split": Split.TRAIN, "origin": Origin.OUT_OF_FOLD})
    dummy = test.model_copy(update={"model": ModelName.DUMMY})
    metrics = RunMetrics(classes=CLASSES, metrics=(test, train, dummy))
    assert metrics.get(ModelName.LOGREG, Split.TRAIN) is train
    assert metrics.get(ModelName.DUMMY, Split.TRAIN) is None
    assert metrics.models == (ModelName.DUMMY, ModelName.LOGREG)


def write_metrics(artifacts_dir: Path, text: str) -> Run:
    with open_workspace(artifacts_dir, "small") as workspace:
        with workspace.stage(Stage.PREPARE_DATA, settings={}, inputs=[], libraries=[]) as writer:
            n_rows = dict.fromkeys(Split, 1)
            writer.corpus = CorpusInfo(name="a", source="a.csv", sha256="0", classes=CLASSES, n_rows=n_rows)
        with workspace.stage(Stage.METRICS, settings={}, inputs=[], libraries=[]) as writer:
            writer.text(METRICS, text)
        workspace.publish()
    return Run.open(artifacts_dir / "small")


def test_metrics_come_back_as_they_were_written(tmp_path: Path) -> None:
    metrics = RunMetrics(classes=CLASSES, metrics=(compute([0, 1, 1], [0, 1, 0]),))
    assert read_metrics(write_metrics(tmp_path, metrics.model_dump_json())) == metrics


GOOD = json.loads(RunMetrics(classes=CLASSES, metrics=(compute([0], [0]),)).model_dump_json())
OTHER_CLASSES = json.loads(
    RunMetrics(classes=("a", "b", "c"), metrics=(compute([0], [0], classes=("a", "b", "c")),)).model_dump_json()
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "does not fit the schema (1 problems, first: "),
        ("[]", "does not fit the schema (1 problems, first: "),
        ("[" * 100_000, "does not fit the schema (1 problems, first: "),
        (json.dumps(GOOD | {"accuracy": 1}), "does not fit the schema (1 problems, first: "),
        (json.dumps(GOOD | {"metrics": [{"model": "gpt"}]}), "does not fit the schema ("),
        (
            json.dumps(GOOD | {"metrics": []}),
            "does not fit the schema (1 problems, first: metrics: Tuple should have at",
        ),
        (
            json.dumps(GOOD | {"classes": ["joy", "fear"]}),
            "does not fit the schema (1 problems, first: Value error, per",
        ),
        (json.dumps(OTHER_CLASSES), "is about the classes a, b, c, expected those of the run, joy"),
        (
            json.dumps(GOOD | {"metrics": GOOD["metrics"] * 2}),
            "does not fit the schema (1 problems, first: Value error",
        ),
    ],
)
def test_foreign_metrics_are_refused_with_the_command_that_mends_them(tmp_path: Path, text: str, found: str) -> None:
    run = write_metrics(tmp_path, text)
    expected = (
        rf"metrics\.json {re.escape(found)}.*; delete it, then make it again with: python -m scripts\.build --run small"
        rf" --artifacts-dir {tmp_path}$"
    )
    with pytest.raises(ArtifactError, match=expected):
        read_metrics(run)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"confusion": [[1, 0, 0], [0, 0], [0, 0, 0]]}, "the confusion matrix is not 3 × 3"),
        ({"confusion": [[1]]}, "the confusion matrix is not 3 × 3"),
        ({"confusion": []}, "the confusion matrix is not 3 × 3"),
        ({"confusion": [[0, 0, 0], [1, 0, 0], [0, 0, 0]]}, "the supports are not the row sums"),
        ({"confusion": [[0, 1, 0], [0, 0, 0], [0, 0, 0]]}, "the numbers of predictions are not the column sums"),
        ({"confusion": [[2, -1, 0], [0, 0, 0], [0, 0, 0]]}, "greater than or equal to 0"),
        ({"n_rows": 2}, "the confusion matrix does not count n_rows rows"),
        ({"n_rows": 0}, "greater than or equal to 1"),
        ({"per_class": []}, "at least 1 item"),
        ({"accuracy": 1.5}, "less than or equal to 1"),
        ({"macro_f1": -0.1}, "greater than or equal to 0"),
        ({"weighted_f1": math.nan}, "finite number"),
        ({"log_loss": math.inf}, "finite number"),
    ],
)
def test_scores_that_contradict_each_other_are_refused(tmp_path: Path, changes: dict[str, object], found: str) -> None:
    run = write_metrics(tmp_path, json.dumps(GOOD | {"metrics": [GOOD["metrics"][0] | changes]}))
    with pytest.raises(ArtifactError, match=f"does not fit the schema .*{found}"):
        read_metrics(run)


def test_missing_metrics_name_their_command(tmp_path: Path) -> None:
    run = write_metrics(tmp_path, "{}")
    (run.root / METRICS).unlink()
    with pytest.raises(ArtifactError, match=r"metrics\.json is missing.*python -m scripts\.build --run small"):
        read_metrics(run)
