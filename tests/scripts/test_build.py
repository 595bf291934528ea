import json
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, f1_score, log_loss

from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, METRICS, TEXTS, ModelName, Stage, predictions_table
from core.errors import ArtifactError
from tests.scripts.command import call_ok, files_of
from tests.tiny_models import tiny_rows

pytestmark = pytest.mark.slow


def finished_at(run: Run) -> dict[Stage, tuple[str, float]]:
    return {stage: (record.finished_at, record.seconds) for stage, record in run.manifest.stages.items()}


def test_every_stage_is_made_and_every_digest_is_right(built: Path):
    run = Run.open(built / "tiny")
    assert set(run.manifest.stages) == set(Stage)
    assert run.verify() == []
    assert all(run.has(path) for path in run.manifest.files)
    assert run.models == (ModelName.DUMMY, ModelName.LOGREG, ModelName.FINETUNED)


def test_no_text_is_lost_or_mislabelled_on_the_way(built: Path):
    run = Run.open(built / "tiny")
    examples = run.read_table(EXAMPLES)
    frame = pd.DataFrame(
        {
            "text": run.read_table(TEXTS)["text"],
            "label": [run.manifest.corpus.classes[k] for k in examples["label"]],
            "channel": examples["meta_channel"],
        }
    )
    expected = pd.DataFrame(tiny_rows(120))
    order = list(frame.columns)
    assert frame.sort_values(order).values.tolist() == expected.sort_values(order).values.tolist()
    assert examples["split"].value_counts().to_dict() == {"train": 96, "validation": 12, "test": 12}


@pytest.mark.parametrize("model", list(ModelName))
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_metrics_equal_those_of_scikit_learn_on_the_stored_predictions(built: Path, model: str, split: str):
    examples = pd.read_parquet(built / "tiny" / "examples.parquet")
    predictions = pd.read_parquet(built / "tiny" / "predictions" / f"{model}.parquet")
    rows = examples["split"] == split
    y_true, y_pred = examples.loc[rows, "label"], predictions.loc[rows, "pred"]
    probs = predictions.loc[rows, ["prob_0", "prob_1", "prob_2"]].to_numpy(dtype=float)
    stored = json.loads((built / "tiny" / METRICS).read_text())["metrics"]
    (found,) = [one for one in stored if (one["model"], one["split"]) == (model, split)]
    assert found["n_rows"] == rows.sum()
    assert found["accuracy"] == pytest.approx(accuracy_score(y_true, y_pred))
    assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(y_true, y_pred))
    assert found["macro_f1"] == pytest.approx(f1_score(y_true, y_pred, average="macro", zero_division=0))
    assert found["weighted_f1"] == pytest.approx(f1_score(y_true, y_pred, average="weighted", zero_division=0))
    assert found["log_loss"] == pytest.approx(log_loss(y_true, probs / probs.sum(axis=1, keepdims=True)))
    assert found["confusion"] == confusion_matrix(y_true, y_pred).tolist()


def test_predictions_are_the_most_probable_class_and_say_where_they_come_from(built: Path):
    split = pd.read_parquet(built / "tiny" / "examples.parquet")["split"]
    for model, train_origin in (("dummy", "out_of_fold"), ("logreg", "out_of_fold"), ("finetuned", "in_sample")):
        predictions = pd.read_parquet(built / "tiny" / "predictions" / f"{model}.parquet")
        probs = predictions[["prob_0", "prob_1", "prob_2"]].to_numpy()
        np.testing.assert_allclose(probs.sum(axis=1), 1, atol=1e-5)
        assert predictions["pred"].tolist() == probs.argmax(axis=1).tolist()
        assert set(predictions.loc[split == "train", "origin"]) == {train_origin}
        assert set(predictions.loc[split != "train", "origin"]) == {"held_out"}


def test_stored_head_gives_the_stored_probabilities(built: Path):
    head = load_file(built / "tiny" / "models" / "logreg" / "head.safetensors")
    logits = np.load(built / "tiny" / "embeddings.npy").astype(np.float64) @ head["coef"].T + head["intercept"]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    predictions = pd.read_parquet(built / "tiny" / "predictions" / "logreg.parquet")
    held_out = (predictions["origin"] == "held_out").to_numpy()
    stored = predictions[["prob_0", "prob_1", "prob_2"]].to_numpy()
    np.testing.assert_allclose(stored[held_out], expected[held_out], atol=1e-5)


def test_fine_tuning_learns_what_there_is_to_learn(built: Path):
    stored = json.loads((built / "tiny" / METRICS).read_text())["metrics"]
    accuracy = {one["model"]: one["accuracy"] for one in stored if one["split"] == "validation"}
    assert accuracy["dummy"] == pytest.approx(1 / 3)
    assert accuracy["finetuned"] > 0.5


def test_second_build_recomputes_nothing_and_leaves_every_byte(artifacts: Path, recipe: tuple[object, ...]):
    before = files_of(artifacts / "tiny")
    printed = call_ok("build", *recipe, "--artifacts-dir", artifacts)
    assert printed.count("unchanged") == 16
    assert "wrote" not in printed
    assert files_of(artifacts / "tiny") == before


def test_nothing_but_the_run_and_its_lock_stays_in_the_artifacts_folder(built: Path):
    assert sorted(path.name for path in built.iterdir()) == [".building", "tiny"]
    assert [path.name for path in (built / ".building").iterdir()] == ["tiny.lock"]


def test_other_learning_rate_trains_and_measures_again_and_nothing_else(artifacts: Path, recipe: tuple[object, ...]):
    before = finished_at(Run.open(artifacts / "tiny"))
    embeddings = (artifacts / "tiny" / "embeddings.npy").stat().st_ino
    call_ok("build", *recipe, "--artifacts-dir", artifacts, "--learning-rate", 2e-3)
    run = Run.open(artifacts / "tiny")
    again = {stage for stage, when in finished_at(run).items() if when != before[stage]}
    of_vectors = {Stage.PROJECTION, Stage.NEIGHBORS, Stage.CLUSTERS, Stage.WARNINGS}
    assert again == set(Stage) - of_vectors - {Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES, Stage.TRAIN_BASELINES}
    assert run.manifest.stages[Stage.FINE_TUNE].settings["learning_rate"] == 2e-3
    assert (artifacts / "tiny" / "embeddings.npy").stat().st_ino == embeddings
    assert run.verify() == []


def test_other_pooling_does_not_train_the_whole_model_again(artifacts: Path, recipe: tuple[object, ...]):
    before = finished_at(Run.open(artifacts / "tiny"))
    printed = call_ok("build", *recipe, "--artifacts-dir", artifacts, "--pooling", "mean")
    assert "the fine-tuned model is unchanged" in printed
    after = finished_at(Run.open(artifacts / "tiny"))
    assert after[Stage.EXTRACT_FEATURES] != before[Stage.EXTRACT_FEATURES]
    assert after[Stage.FINE_TUNE] == before[Stage.FINE_TUNE]


def test_same_seed_gives_the_same_bytes(built: Path, tmp_path: Path, recipe: tuple[object, ...]):
    call_ok("build", *recipe, "--artifacts-dir", tmp_path)
    first, second = files_of(built / "tiny"), files_of(tmp_path / "tiny")
    compared = [path for path in first if path != "manifest.json" and not path.startswith("figures/")]
    assert {"embeddings.npy", *(f"predictions/{model}.parquet" for model in ModelName)} <= set(compared)
    assert [path for path in compared if first[path] != second[path]] == []


def test_build_without_options_goes_on_with_the_settings_of_the_run(
    artifacts: Path, tiny_distilbert: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tiny_distilbert.parent)  # the manifest has the name of the encoder, not where it was
    before = files_of(artifacts / "tiny")
    # where the encoder is found by its name, the linear model can be asked too
    printed = call_ok("build", "--run", "tiny", "--artifacts-dir", artifacts, "--skip", "attributions", "behaviour")
    assert "[1/4] extract_features" in printed
    assert "wrote" not in printed
    assert files_of(artifacts / "tiny") == before


def test_build_of_one_changed_setting_keeps_the_others_of_the_run(artifacts: Path, tiny_distilbert: Path):
    options = ("--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    before = Run.open(artifacts / "tiny").manifest.stages[Stage.FINE_TUNE].settings
    call_ok("build", *options, "--num-train-epochs", 1)
    after = Run.open(artifacts / "tiny").manifest.stages
    assert after[Stage.FINE_TUNE].settings == before | {"num_train_epochs": 1}
    assert after[Stage.PROJECTION].settings["n_neighbors"] == 5


def test_run_named_after_its_corpus_goes_on_with_its_settings_too(
    artifacts: Path, tiny_corpus: Path, tiny_distilbert: Path
):
    options = ("--dataset", tiny_corpus, "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    assert "wrote" not in call_ok("build", *options)


def test_finished_run_can_be_read_at_any_moment_of_a_rebuild(artifacts: Path, recipe: tuple[object, ...]):
    problems: list[str] = []
    versions: list[str] = []
    stop = threading.Event()

    def read_again_and_again() -> None:
        while not stop.is_set():
            try:
                run = Run.open(artifacts / "tiny")
                tables = [run.read_table(predictions_table(model)) for model in ModelName]
                assert [len(table) for table in tables] == [120, 120, 120]
                assert run.read_embeddings().shape == (120, 32)
                versions.append(run.digest)
            except ArtifactError as error:
                if "was rebuilt while it was being read; open it again" not in str(error):
                    problems.append(str(error))
            time.sleep(0.01)

    reader = threading.Thread(target=read_again_and_again)
    reader.start()
    try:
        call_ok("build", *recipe, "--artifacts-dir", artifacts, "--seed", 7)
    finally:
        stop.set()
        reader.join()
    assert problems == []
    assert len(versions) > 10
    old, new = versions[0], Run.open(artifacts / "tiny").digest
    assert old != new
    assert set(versions) <= {old, new}  # nothing in between
