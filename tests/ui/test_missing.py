from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FEATURES, METRICS, TEXTS, ModelName, Stage, predictions_table
from core.ui.missing import commands_of, missing_parts
from tests.fake_runs import CHECKPOINT, write_fake_run


def lacking(root) -> dict[str, str]:
    return {part.name: part.command for part in missing_parts(Run.open(root))}


def test_complete_run_lacks_nothing(tmp_path):
    assert lacking(write_fake_run(tmp_path)) == {}


def test_what_was_made_once_is_restored(tmp_path):
    root = write_fake_run(tmp_path, without=[TEXTS.path, EMBEDDINGS, CHECKPOINT])
    restore = f"python -m scripts.restore fake --artifacts-dir {tmp_path}"
    assert lacking(root) == {"Texts": restore, "Embeddings": restore, "Fine-tuned checkpoint": restore}
    (command,) = commands_of(missing_parts(Run.open(root)))
    assert command == restore


def test_half_a_checkpoint_is_missing(tmp_path):
    root = write_fake_run(tmp_path)
    (root / CHECKPOINT).write_text("half", encoding="utf-8")
    assert list(lacking(root)) == ["Fine-tuned checkpoint"]


def test_what_was_never_made_is_made_in_order(tmp_path):
    scripts = {
        "Embeddings": "extract_features",
        "Baselines": "train_baselines",
        "Fine-tuned predictions": "fine_tune",
        "Fine-tuned checkpoint": "fine_tune",
        "Projection": "analyze",
        "Metrics": "analyze",
        "Comparison": "analyze",
        "Calibration": "analyze",
        "Neighbours": "analyze",
        "Clusters": "analyze",
        "Issues": "analyze",
        "Corpus warnings": "analyze",
        "Slices": "analyze",
        "Attributions": "analyze",
        "Behavioural tests": "analyze",
        "Figures": "analyze",
    }
    assert lacking(write_fake_run(tmp_path, stages=[Stage.PREPARE_DATA])) == {
        part: f"python -m scripts.{script} --run fake --artifacts-dir {tmp_path}" for part, script in scripts.items()
    }


def test_what_restoring_does_not_put_back_is_built(tmp_path):
    root = write_fake_run(tmp_path, without=[predictions_table(ModelName.FINETUNED).path, METRICS, TEXTS.path])
    build = f"python -m scripts.build --run fake --artifacts-dir {tmp_path}"
    assert lacking(root) == {
        "Texts": f"python -m scripts.restore fake --artifacts-dir {tmp_path}",
        "Fine-tuned predictions": build,
        "Metrics": build,
    }


def test_other_files_of_the_same_stage_do_not_count(tmp_path):
    assert lacking(write_fake_run(tmp_path, without=[FEATURES.path])) == {}


def test_one_baseline_of_two_is_not_enough(tmp_path):
    assert "Baselines" in lacking(write_fake_run(tmp_path, models=[ModelName.LOGREG, ModelName.FINETUNED]))
