from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sklearn.metrics import f1_score

from core.errors import ModelError
from core.models.classifier import TransformerClassifier
from core.models.finetuning import fine_tune, training_log
from core.models.finetuning_job import COMPLETE_MARKER, FineTuneJob, LabelledTexts, last_complete_checkpoint, make_job
from core.models.settings import CheckpointSettings, FineTuneSettings, Precision
from tests.tiny_models import SIGNAL_WORDS, tiny_rows

CLASSES = tuple(SIGNAL_WORDS)


def labelled(n_rows: int, *, seed: int) -> LabelledTexts:
    rows = tiny_rows(n_rows, seed=seed)
    return LabelledTexts(texts=[row["text"] for row in rows], labels=[CLASSES.index(row["label"]) for row in rows])


@pytest.fixture
def inputs(tiny_distilbert: Path, tmp_path: Path) -> dict[str, Any]:
    """The arguments of a small job."""
    return {
        "train": labelled(96, seed=1),
        "validation": labelled(18, seed=2),
        "classes": CLASSES,
        "checkpoint": CheckpointSettings(model_ckpt=str(tiny_distilbert), max_length=32, precision=Precision.FLOAT32),
        "settings": FineTuneSettings(num_train_epochs=3, batch_size=8, learning_rate=1e-2),
        "seed": 0,
        "scratch": tmp_path / "scratch",
    }


def job_of(inputs: dict[str, Any], **changes: Any) -> FineTuneJob:
    return make_job(**(inputs | changes))


def test_log_merges_what_was_logged_at_the_same_step():
    log = training_log(
        [
            {"loss": 1.5, "learning_rate": 0.1, "grad_norm": 3.0, "epoch": 0.5, "step": 1},
            {"loss": 1.0, "learning_rate": 0.05, "epoch": 1.0, "step": 2},
            {
                "eval_loss": 0.9,
                "eval_accuracy": 0.5,
                "eval_macro_f1": 0.4,
                "eval_runtime": 1.0,
                "epoch": 1.0,
                "step": 2,
            },
            {"train_runtime": 2.0, "train_loss": 1.25, "epoch": 1.0, "step": 2},
            {"train_runtime": 2.0, "epoch": 1.0, "step": 3},
        ]
    )
    assert log.to_dict("list") == {
        "step": [1, 2],
        "epoch": [0.5, 1.0],
        "train_loss": [1.5, 1.0],
        "learning_rate": [0.1, 0.05],
        "validation_loss": [pytest.approx(np.nan, nan_ok=True), 0.9],
        "validation_accuracy": [pytest.approx(np.nan, nan_ok=True), 0.5],
        "validation_macro_f1": [pytest.approx(np.nan, nan_ok=True), 0.4],
    }


def test_last_whole_checkpoint_is_found_and_the_others_deleted(tmp_path: Path):
    for step in (8, 16, 104):
        (tmp_path / f"checkpoint-{step}").mkdir()
    for step in (8, 16):
        (tmp_path / f"checkpoint-{step}" / COMPLETE_MARKER).touch()
    assert last_complete_checkpoint(tmp_path) == tmp_path / "checkpoint-16"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-16", "checkpoint-8"]


def test_steps_are_compared_as_numbers(tmp_path: Path):
    for step in (9, 10):
        (tmp_path / f"checkpoint-{step}").mkdir()
        (tmp_path / f"checkpoint-{step}" / COMPLETE_MARKER).touch()
    assert last_complete_checkpoint(tmp_path) == tmp_path / "checkpoint-10"


def test_no_folder_means_no_checkpoint(tmp_path: Path):
    assert last_complete_checkpoint(tmp_path / "nowhere") is None


def test_same_inputs_are_the_same_job(inputs: dict[str, Any]):
    assert job_of(inputs).output_dir == job_of(inputs).output_dir


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": FineTuneSettings(num_train_epochs=4, batch_size=8, learning_rate=1e-2)},
        {"settings": FineTuneSettings(num_train_epochs=3, batch_size=4, learning_rate=1e-2)},
        {"settings": FineTuneSettings(num_train_epochs=3, batch_size=8, learning_rate=2e-2)},
        {"settings": FineTuneSettings(num_train_epochs=3, batch_size=8, learning_rate=1e-2, weight_decay=0)},
        {"settings": FineTuneSettings(num_train_epochs=3, batch_size=8, learning_rate=1e-2, warmup_ratio=0)},
        {
            "settings": FineTuneSettings(
                num_train_epochs=3, batch_size=8, learning_rate=1e-2, lr_scheduler_type="cosine"
            )
        },
        {"seed": 1},
        {"classes": ("calm", "cross", "glad")},
        {"train": labelled(96, seed=3)},
        {"validation": labelled(18, seed=3)},
    ],
)
def test_anything_else_is_another_job(inputs: dict[str, Any], changes: dict[str, Any]):
    assert job_of(inputs, **changes).output_dir != job_of(inputs).output_dir


def test_other_length_precision_or_weights_are_another_job(inputs: dict[str, Any], tiny_bert: Path):
    checkpoint = inputs["checkpoint"]
    others = [
        replace(checkpoint, max_length=16),
        replace(checkpoint, precision=Precision.AUTO),
        replace(checkpoint, model_ckpt=str(tiny_bert)),
    ]
    folders = {job_of(inputs, checkpoint=one).output_dir for one in [checkpoint, *others]}
    assert len(folders) == 4


def test_scratch_of_other_jobs_is_deleted(inputs: dict[str, Any]):
    other = inputs["scratch"] / "0123456789abcdef" / "checkpoint-6"
    other.mkdir(parents=True)
    (inputs["scratch"] / "stray file").touch()
    own = job_of(inputs).output_dir / "checkpoint-6"
    own.mkdir(parents=True)
    (own / COMPLETE_MARKER).touch()
    assert job_of(inputs).resume_from == own
    assert [path.name for path in inputs["scratch"].iterdir()] == [own.parent.name]


def test_best_epoch_by_macro_f1_is_kept(inputs: dict[str, Any]):
    tuned = fine_tune(job_of(inputs))
    assert tuned.best_macro_f1 == pytest.approx(tuned.log["validation_macro_f1"].max())
    probs = TransformerClassifier(tuned.model, tuned.tokenizer).predict_proba(inputs["validation"].texts).probs
    kept = f1_score(inputs["validation"].labels, probs.argmax(axis=1), average="macro")
    assert kept == pytest.approx(tuned.best_macro_f1)
    assert tuned.best_macro_f1 > 0.5  # the classes are there to be learned


def test_worse_last_epoch_is_not_kept(inputs: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    from core.models import finetuning

    falling = iter([0.9, 0.5, 0.1])
    monkeypatch.setattr(finetuning, "_validation_metrics", lambda _: {"accuracy": 0.5, "macro_f1": next(falling)})
    tuned = fine_tune(job_of(inputs))
    assert (tuned.best_epoch, tuned.best_macro_f1) == (1, 0.9)
    weights = tuned.model.state_dict()["classifier.weight"]
    checkpoints = {path.name: load_file(path / "model.safetensors") for path in job_of(inputs).output_dir.iterdir()}
    assert torch.equal(checkpoints["checkpoint-12"]["classifier.weight"], weights)
    assert not torch.equal(checkpoints["checkpoint-36"]["classifier.weight"], weights)


def test_training_goes_on_from_its_last_whole_checkpoint(inputs: dict[str, Any]):
    whole = fine_tune(job_of(inputs))
    again = job_of(inputs)
    assert again.resumed_from_step == 36
    resumed = fine_tune(again)
    assert resumed.best_macro_f1 == whole.best_macro_f1
    assert resumed.log.equals(whole.log)


def test_same_seed_gives_the_same_weights(inputs: dict[str, Any], tmp_path: Path):
    settings = replace(inputs["settings"], num_train_epochs=1)
    first, second, other = (
        fine_tune(job_of(inputs, settings=settings, seed=seed, scratch=tmp_path / name)).model.state_dict()
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    )
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["classifier.weight"], other["classifier.weight"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"report_to": ("no-such-tracker",)}, "leave out --report_to"),
        ({"settings": FineTuneSettings(lr_scheduler_type="zigzag")}, "zigzag"),
    ],
)
def test_training_that_cannot_start_says_so_in_one_sentence(
    inputs: dict[str, Any], changes: dict[str, Any], message: str
):
    with pytest.raises(ModelError, match=message) as refused:
        fine_tune(job_of(inputs, **changes))
    assert str(refused.value).startswith("fine-tuning stopped (")
    assert "\n" not in str(refused.value)
