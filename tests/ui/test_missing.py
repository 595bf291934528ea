from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FEATURES, TEXTS, ModelName, Stage
from core.ui.missing import commands_of, missing_parts
from tests.fake_runs import CHECKPOINT, write_fake_run


def lacking(root) -> dict[str, str]:
    return {part.name: part.command for part in missing_parts(Run.open(root))}


def test_complete_run_lacks_nothing(tmp_path):
    assert lacking(write_fake_run(tmp_path)) == {}


def test_what_was_made_once_is_restored(tmp_path):
    root = write_fake_run(tmp_path, without=[TEXTS.path, EMBEDDINGS, CHECKPOINT])
    restore = "python -m scripts.restore fake"
    assert lacking(root) == {"Texts": restore, "Embeddings": restore, "Fine-tuned checkpoint": restore}
    (command,) = commands_of(missing_parts(Run.open(root)))
    assert command == restore


def test_half_a_checkpoint_is_missing(tmp_path):
    root = write_fake_run(tmp_path)
    (root / CHECKPOINT).write_text("half", encoding="utf-8")
    assert list(lacking(root)) == ["Fine-tuned checkpoint"]


def test_what_was_never_made_is_made_in_order(tmp_path):
    assert lacking(write_fake_run(tmp_path, stages=[Stage.PREPARE_DATA])) == {
        "Embeddings": "python -m scripts.extract_features --run fake",
        "Baselines": "python -m scripts.train_baselines --run fake",
        "Fine-tuned predictions": "python -m scripts.fine_tune --run fake",
        "Fine-tuned checkpoint": "python -m scripts.fine_tune --run fake",
        "Projection": "python -m scripts.analyze --run fake",
        "Metrics": "python -m scripts.analyze --run fake",
        "Figures": "python -m scripts.analyze --run fake",
    }


def test_other_files_of_the_same_stage_do_not_count(tmp_path):
    assert lacking(write_fake_run(tmp_path, without=[FEATURES.path])) == {}


def test_one_baseline_of_two_is_not_enough(tmp_path):
    assert "Baselines" in lacking(write_fake_run(tmp_path, models=[ModelName.LOGREG, ModelName.FINETUNED]))
