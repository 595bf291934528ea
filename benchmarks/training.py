"""One epoch of fine-tuning MiniLM: Misread's Trainer against a bare loop over the very same batches.

Run: python -m benchmarks.training
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import tyro
from transformers import TrainerCallback, get_scheduler

from benchmarks.table import print_table
from core.artifacts.schema import Split
from core.data.settings import CorpusSettings
from core.data.validation import load_corpus
from core.models.checkpoints import resolve_checkpoint
from core.models.classifier import load_classifier_model
from core.models.devices import choose_device
from core.models.finetuning import make_trainer
from core.models.finetuning_job import FineTuneJob, LabelledTexts, make_job
from core.models.settings import CheckpointSettings, FineTuneSettings, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBenchmark:
    """Time one epoch through the Trainer and through a bare loop, in turn, best of some repeats each."""

    batch_size: int = 64
    """Texts per step."""
    repeats: int = 3
    """Epochs timed of each way, after one of each that does not count."""


class _EpochClock(TrainerCallback):
    """Times the steps of an epoch, without the evaluation and the checkpoint that follow it."""

    def on_epoch_begin(self, *args: Any, **kwargs: Any) -> None:
        self.started = time.perf_counter()

    def on_epoch_end(self, *args: Any, **kwargs: Any) -> None:
        self.seconds = time.perf_counter() - self.started


def epoch_through_trainer(job: FineTuneJob) -> tuple[float, list[Any]]:
    """Return the seconds of one epoch, and what the collator was given for each of its batches."""
    trainer = make_trainer(job)
    clock, batches, collate = _EpochClock(), [], trainer.data_collator

    def recording_collator(rows: Any) -> Any:
        batches.append(rows)
        return collate(rows)

    trainer.data_collator = recording_collator
    trainer.add_callback(clock)
    trainer.train()
    n_steps = trainer.state.global_step
    return clock.seconds, batches[:n_steps]


def epoch_through_bare_loop(job: FineTuneJob, batches: list[Any]) -> float:
    """Return the seconds of one epoch over the same batches, written as one would by hand."""
    device = choose_device(job.checkpoint.precision)
    checkpoint = resolve_checkpoint(job.checkpoint.model_ckpt)
    collate = make_trainer(job).data_collator
    model = load_classifier_model(checkpoint, job.classes).to(device.kind).train()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=job.settings.learning_rate, weight_decay=job.settings.weight_decay
    )
    scheduler = get_scheduler("linear", optimizer, num_warmup_steps=0, num_training_steps=len(batches))
    started = time.perf_counter()
    for rows in batches:
        batch = {name: tensor.to(device.kind) for name, tensor in collate(rows).items()}
        with torch.autocast(device.kind, device.dtype, enabled=device.precision is not Precision.FLOAT32):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return time.perf_counter() - started


def main() -> None:
    """Measure and print the table."""
    options = tyro.cli(TrainingBenchmark, prog="python -m benchmarks.training")
    corpus = load_corpus(CorpusSettings(dataset="demo"))
    parts = {
        split: LabelledTexts(texts=rows["text"].tolist(), labels=rows["label"].tolist())
        for split, rows in corpus.frame.groupby("split")
    }
    trainer_seconds, loop_seconds = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for repeat in range(options.repeats + 1):
            job = make_job(
                parts[Split.TRAIN],
                parts[Split.VALIDATION],
                classes=corpus.classes,
                checkpoint=CheckpointSettings(),
                settings=FineTuneSettings(num_train_epochs=1, batch_size=options.batch_size),
                seed=repeat,
                scratch=Path(scratch),
            )
            seconds, batches = epoch_through_trainer(job)
            trainer_seconds.append(seconds)
            loop_seconds.append(epoch_through_bare_loop(job, batches))
    n_texts = len(parts[Split.TRAIN].texts)
    trainer, loop = min(trainer_seconds[1:]), min(loop_seconds[1:])
    print_table(
        f"one epoch over {n_texts:,} texts, MiniLM, batch {options.batch_size}, {choose_device().precision}, best of"
        f" {options.repeats}",
        ["way", "texts/s", "against the bare loop"],
        [
            ["bare loop, same batches", f"{n_texts / loop:.0f}", "100%"],
            ["Misread through Trainer", f"{n_texts / trainer:.0f}", f"{loop / trainer:.0%}"],
        ],
    )


if __name__ == "__main__":
    main()
