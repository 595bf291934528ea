"""Fine-tuning all layers with the Hugging Face Trainer, resumable, the best epoch kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from safetensors import SafetensorError
from sklearn.metrics import accuracy_score, f1_score
from transformers import (
    DataCollatorWithPadding,
    EvalPrediction,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
    set_seed,
)

from core.artifacts.schema import TRAINING_LOG
from core.errors import ModelError
from core.models.checkpoints import resolve_checkpoint
from core.models.classifier import load_classifier_model
from core.models.devices import Device, choose_device
from core.models.encoder import longest_input
from core.models.finetuning_job import COMPLETE_MARKER, FineTuneJob, LabelledTexts
from core.models.settings import FineTuneSettings, Precision
from core.models.tokenization import Tokenizer

_LOGS_PER_EPOCH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuned:
    """A fine-tuned model with its tokenizer, the training log, and how it came about."""

    model: Any
    tokenizer: Tokenizer
    device: Device
    log: pd.DataFrame
    best_epoch: float
    best_macro_f1: float


class TokenizedDataset(torch.utils.data.Dataset[dict[str, Any]]):
    """Token ids and labels in memory; padding is left to the collator."""

    def __init__(self, tokenizer: Tokenizer, data: LabelledTexts, *, sort_by_length: bool = False) -> None:
        """Tokenize once; `sort_by_length` saves padding where the order does not matter."""
        self.token_ids = tokenizer(data.texts).token_ids
        self.labels = [int(label) for label in data.labels]
        if sort_by_length:
            order = sorted(range(len(self.labels)), key=lambda i: -len(self.token_ids[i]))
            self.token_ids = [self.token_ids[i] for i in order]
            self.labels = [self.labels[i] for i in order]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.labels)

    def __getitem__(self, index: int) -> dict[str, Any]:
        """Return one text's token ids and label."""
        return {"input_ids": self.token_ids[index], "labels": self.labels[index]}


class _MarkComplete(TrainerCallback):
    """Marks a saved checkpoint as whole, so that one cut short by a kill is never resumed from."""

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        if state.is_world_process_zero:
            (Path(args.output_dir or "") / f"checkpoint-{state.global_step}" / COMPLETE_MARKER).touch()


class _Progress(ProgressCallback):
    """The Trainer's bar, with one readable line per evaluation instead of every logged number."""

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **kwargs: Any
    ) -> None:
        if self.training_bar is not None and logs and "eval_macro_f1" in logs:
            self.training_bar.write(
                f"epoch {logs['epoch']:g} of {args.num_train_epochs:g}: validation accuracy"
                f" {logs['eval_accuracy']:.1%}, macro F1 {logs['eval_macro_f1']:.3f}, loss {logs['eval_loss']:.3f}"
            )


def fine_tune(job: FineTuneJob) -> FineTuned:
    """Train all layers and a new head; the epoch with the best validation macro F1 is kept.

    Raises:
        ModelError: If the checkpoint cannot be loaded, a tracker is not installed, or training breaks down.
    """
    try:
        trainer = make_trainer(job)
        trainer.train(resume_from_checkpoint=str(job.resume_from) if job.resume_from else None)
    except (RuntimeError, SafetensorError, ImportError, ValueError) as error:
        raise _training_error(error, job.settings) from error
    log = training_log(trainer.state.log_history)
    best = log.iloc[int(np.nanargmax(log["validation_macro_f1"]))]
    return FineTuned(
        model=trainer.model,
        tokenizer=_tokenizer(job),
        device=choose_device(job.checkpoint.precision),
        log=log,
        best_epoch=round(float(best["epoch"]), 2),
        best_macro_f1=float(best["validation_macro_f1"]),
    )


def make_trainer(job: FineTuneJob) -> Trainer:
    """Return the Trainer of a job, with model and tokenized texts, ready to train.

    Raises:
        ModelError: If the checkpoint cannot be loaded.
        ImportError, RuntimeError, ValueError: If the Trainer does not accept the settings.
    """
    set_seed(job.seed)
    checkpoint = resolve_checkpoint(job.checkpoint.model_ckpt)
    tokenizer = _tokenizer(job)
    model = load_classifier_model(checkpoint, job.classes)
    model.config._name_or_path = checkpoint.name
    trainer = Trainer(
        model=model,
        args=_training_arguments(job, choose_device(job.checkpoint.precision)),
        train_dataset=TokenizedDataset(tokenizer, job.train),
        eval_dataset=TokenizedDataset(tokenizer, job.validation, sort_by_length=True),
        processing_class=tokenizer.pretrained,
        data_collator=DataCollatorWithPadding(tokenizer.pretrained),
        compute_metrics=_validation_metrics,
        callbacks=[_MarkComplete()],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(_Progress())
    return trainer


def _tokenizer(job: FineTuneJob) -> Tokenizer:
    checkpoint = resolve_checkpoint(job.checkpoint.model_ckpt)
    return Tokenizer(checkpoint.folder, max_length=min(job.checkpoint.max_length, longest_input(checkpoint)))


def training_log(log_history: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the Trainer's history as a table, one row per step at which anything was logged."""
    names = {
        "loss": "train_loss",
        "learning_rate": "learning_rate",
        "eval_loss": "validation_loss",
        "eval_accuracy": "validation_accuracy",
        "eval_macro_f1": "validation_macro_f1",
    }
    rows: dict[int, dict[str, float]] = {}
    for entry in log_history:
        known = {column: float(entry[key]) for key, column in names.items() if key in entry}
        if known:
            step = int(entry["step"])
            rows.setdefault(step, {"step": step, "epoch": float(entry["epoch"])}).update(known)
    frame = pd.DataFrame(list(rows.values()), columns=TRAINING_LOG.schema.names)
    return frame.sort_values("step", ignore_index=True)


def _training_arguments(job: FineTuneJob, device: Device) -> TrainingArguments:
    settings = job.settings
    n_steps_per_epoch = -(-len(job.train.texts) // settings.batch_size)
    return TrainingArguments(
        output_dir=str(job.output_dir),
        num_train_epochs=settings.num_train_epochs,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        warmup_steps=settings.warmup_ratio,
        lr_scheduler_type=settings.lr_scheduler_type,
        train_sampling_strategy="group_by_length",
        bf16=device.precision is Precision.BFLOAT16,
        fp16=device.precision is Precision.FLOAT16 and device.kind == "cuda",
        use_cpu=device.kind == "cpu",
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,  # with one, the last whole checkpoint would go before the new one is marked as whole
        load_best_model_at_end=True,
        metric_for_best_model="macro_f1",
        greater_is_better=True,
        logging_strategy="steps",
        logging_steps=max(1, n_steps_per_epoch // _LOGS_PER_EPOCH),
        seed=job.seed,
        data_seed=job.seed,
        disable_tqdm=True,  # _Progress has a bar of its own
        report_to=list(job.report_to) or "none",
        dataloader_pin_memory=device.kind == "cuda",
        remove_unused_columns=False,
    )


def _validation_metrics(prediction: EvalPrediction) -> dict[str, float]:
    y_pred = np.asarray(prediction.predictions).argmax(axis=-1)
    y_true: npt.NDArray[Any] = np.asarray(prediction.label_ids)
    return {
        "accuracy": float(accuracy_score(y_true, y_pred)),
        "macro_f1": float(f1_score(y_true, y_pred, average="macro", zero_division=0)),
    }


def _training_error(error: Exception, settings: FineTuneSettings) -> ModelError:
    reason = " ".join(str(error).split())[:200]
    if "out of memory" in reason.lower():
        remedy = f"lower --batch_size (now {settings.batch_size}) or --max_length"
    elif isinstance(error, SafetensorError) or "PytorchStreamWriter" in reason or "inline_container" in reason:
        remedy = "free disk space and run the same command again; it goes on from the last whole checkpoint"
    elif "not installed" in reason or "is not supported, only" in reason or isinstance(error, ImportError):
        remedy = "install the tracker, name another, or leave out --report_to"
    else:
        remedy = "check the settings and run the same command again; it goes on from the last whole checkpoint"
    return ModelError(f"fine-tuning stopped ({reason}); expected it to finish, so {remedy}")
