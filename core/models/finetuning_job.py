"""What a training needs, and where an unfinished one goes on from."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from core.models.checkpoints import resolve_checkpoint
from core.models.settings import CheckpointSettings, FineTuneSettings

COMPLETE_MARKER = "COMPLETE"
"""File in a checkpoint of the Trainer that was saved whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTexts:
    """Texts with labels in [0, classes), both of length n."""

    texts: Sequence[str]
    labels: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuneJob:
    """All that a process needs to take part in a training; make one with `make_job`.

    `output_dir` is for the Trainer's own checkpoints, `report_to` names trackers that it knows (tensorboard, wandb …).
    """

    train: LabelledTexts
    validation: LabelledTexts
    classes: tuple[str, ...]
    checkpoint: CheckpointSettings
    settings: FineTuneSettings
    seed: int
    output_dir: Path
    resume_from: Path | None
    report_to: tuple[str, ...]

    @property
    def resumed_from_step(self) -> int:
        """Return the step that the training goes on from, 0 for a new one."""
        return int(self.resume_from.name.partition("-")[2]) if self.resume_from else 0


def make_job(
    train: LabelledTexts,
    validation: LabelledTexts,
    *,
    classes: tuple[str, ...],
    checkpoint: CheckpointSettings,
    settings: FineTuneSettings,
    seed: int,
    scratch: Path,
    report_to: tuple[str, ...] = (),
) -> FineTuneJob:
    """Return the job for these inputs, which goes on from the last whole checkpoint of the very same ones in `scratch`.

    Checkpoints of any other job in `scratch`, and those that were not saved whole, are deleted.
    """
    digest = hashlib.sha256()
    for data in (train, validation):
        for text, label in zip(data.texts, data.labels, strict=True):
            digest.update(f"{label}\0{text}\0".encode("utf-8", "surrogatepass"))
    rest = [resolve_checkpoint(checkpoint.model_ckpt).sha256, asdict(checkpoint), asdict(settings), classes, seed]
    digest.update(json.dumps(rest, sort_keys=True).encode())
    output_dir = scratch / digest.hexdigest()[:16]
    for other in scratch.glob("*"):
        if other != output_dir:
            _delete(other)
    return FineTuneJob(
        train=train,
        validation=validation,
        classes=classes,
        checkpoint=checkpoint,
        settings=settings,
        seed=seed,
        output_dir=output_dir,
        resume_from=last_complete_checkpoint(output_dir),
        report_to=report_to,
    )


def last_complete_checkpoint(output_dir: Path) -> Path | None:
    """Return the latest checkpoint that was saved whole, deleting those that were not."""
    complete = []
    for folder in output_dir.glob("checkpoint-*"):
        if (folder / COMPLETE_MARKER).exists():
            complete.append(folder)
        else:
            _delete(folder)
    return max(complete, key=lambda folder: int(folder.name.partition("-")[2]), default=None)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
