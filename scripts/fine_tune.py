"""Train all layers of the encoder, with a new classification head, on the texts of a run.

Example: python -m scripts.fine_tune --run reviews --num_train_epochs 3 --learning_rate 1e-4
Several GPUs or processes: torchrun --nproc_per_node 2 -m scripts.fine_tune --run-name reviews
"""

import errno
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.models.settings import CheckpointSettings, FineTuneSettings
from scripts.cli import check_seed, print_next, publish, run_script
from scripts.recorded import recorded_manifest, recorded_seed, recorded_settings
from scripts.stage_options import StageOptions, workspace_with_corpus

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from core.artifacts.run import Run
    from core.artifacts.schema import Origin
    from core.artifacts.workspace import StageWriter, Workspace
    from core.models.finetuning import FineTuned
    from core.models.finetuning_job import FineTuneJob
    from core.models.processes import Processes


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuneOptions(StageOptions):
    """Train all layers of the encoder, with a new classification head, on the texts of a run."""

    checkpoint: CheckpointSettings = CheckpointSettings()
    training: FineTuneSettings = FineTuneSettings()
    seed: int = 42
    """Seed of the new head, the order of the texts and dropout."""
    report_to: tuple[str, ...] = ()
    """Trackers to log to as well, as the Trainer names them (tensorboard, wandb, mlflow …)."""
    output_dir: Path | None = None
    """Folder that gets a copy of the checkpoint, for use elsewhere."""


def run(options: FineTuneOptions) -> None:
    """Train, publish, and copy the checkpoint if asked to."""
    from core.artifacts.schema import FINETUNED_DIR
    from core.models.processes import join_processes

    check_seed(options.seed)
    processes = join_processes()
    if not processes.is_main:
        train_along(processes)
        return
    with workspace_with_corpus(options) as workspace:
        print(
            train(
                workspace,
                options.checkpoint,
                options.training,
                seed=options.seed,
                report_to=options.report_to,
                processes=processes,
            )
        )
        publish(workspace)
        if options.output_dir is not None:
            print(copy_checkpoint(workspace.root / FINETUNED_DIR, options.output_dir))
    print_next(workspace.name, "analyze", options.artifacts_dir)


def train(
    workspace: "Workspace",
    checkpoint: CheckpointSettings,
    settings: FineTuneSettings,
    *,
    seed: int,
    report_to: tuple[str, ...] = (),
    processes: "Processes | None" = None,
) -> str:
    """Fine-tune on the workspace's texts unless that is done already; return one line that says what came out.

    Raises:
        ArtifactError: If the run has no texts.
        ModelError: If the checkpoint cannot be loaded, or training breaks down.
    """
    from core.artifacts.schema import EXAMPLES, TEXTS, TRAINING_LOG, Origin, Split, Stage
    from core.models.checkpoints import resolve_checkpoint
    from core.models.processes import SingleProcess

    processes = processes or SingleProcess()
    # of an encoder's settings, pooling and batches do not matter here, so they must not make the training stale
    checkpoint = CheckpointSettings(
        model_ckpt=checkpoint.model_ckpt, max_length=checkpoint.max_length, precision=checkpoint.precision
    )
    resolved = resolve_checkpoint(checkpoint.model_ckpt)
    recorded = asdict(checkpoint) | asdict(settings) | {"seed": seed}
    recorded |= {"model_ckpt": resolved.name, "weights_sha256": resolved.sha256}
    if not settings.out_of_fold:
        del recorded["out_of_fold"]  # runs made before there was this setting stay fresh
    inputs = [EXAMPLES.path, TEXTS.path]
    if workspace.is_fresh(Stage.FINE_TUNE, recorded, inputs):
        processes.broadcast(None)
        return f"{workspace.name}: the fine-tuned model is unchanged"

    from core.models.cross_fitting import predict_out_of_fold
    from core.models.finetuning import fine_tune

    job = job_for_run(workspace.run, checkpoint, settings, seed=seed, scratch=workspace.scratch, report_to=report_to)
    processes.broadcast(job)
    libraries = ["torch", "transformers", "accelerate", "tokenizers"]
    with workspace.stage(Stage.FINE_TUNE, settings=recorded, inputs=inputs, libraries=libraries) as writer:
        fine_tuned = fine_tune(job)
        write_checkpoint(writer, fine_tuned)
        probs = predict_run(workspace.run, fine_tuned)
        if settings.out_of_fold:
            train_rows = (workspace.run.read_table(EXAMPLES, ["split"])["split"] == Split.TRAIN).to_numpy()
            probs[train_rows] = predict_out_of_fold(job, n_folds=settings.out_of_fold, share=processes.broadcast)
        processes.broadcast(None)
        write_predictions(
            writer, probs, workspace.run, train_origin=Origin.OUT_OF_FOLD if settings.out_of_fold else Origin.IN_SAMPLE
        )
        writer.table(TRAINING_LOG, fine_tuned.log)
        writer.facts = {
            "device": fine_tuned.device.kind,
            "precision": fine_tuned.device.precision.value,
            "best_epoch": fine_tuned.best_epoch,
            "resumed_from_step": job.resumed_from_step,
            "n_processes": processes.size,
        }
    workspace.discard_scratch()
    return (
        f"{workspace.name}: wrote models/finetuned and its predictions (best epoch {fine_tuned.best_epoch:g},"
        f" macro F1 {fine_tuned.best_macro_f1:.3f}, {fine_tuned.device.precision} on {fine_tuned.device.kind})"
    )


def train_along(processes: "Processes") -> None:
    """Take part in the trainings that the main process leads, until it has none left."""
    from core.models.finetuning import fine_tune

    while (job := processes.broadcast(None)) is not None:
        fine_tune(job)


def job_for_run(
    run: "Run",
    checkpoint: CheckpointSettings,
    settings: FineTuneSettings,
    *,
    seed: int,
    scratch: Path,
    report_to: tuple[str, ...] = (),
) -> "FineTuneJob":
    """Return the training job for a run's train and validation texts.

    Raises:
        ArtifactError: If the run has no texts.
    """
    from core.artifacts.schema import EXAMPLES, TEXTS, Split
    from core.models.finetuning_job import LabelledTexts, make_job

    examples = run.read_table(EXAMPLES, ["split", "label"])
    texts = run.read_table(TEXTS)["text"]
    parts = {}
    for split in (Split.TRAIN, Split.VALIDATION):
        rows = (examples["split"] == split).to_numpy()
        parts[split] = LabelledTexts(texts=texts[rows].tolist(), labels=examples["label"][rows].tolist())
    return make_job(
        parts[Split.TRAIN],
        parts[Split.VALIDATION],
        classes=run.manifest.corpus.classes,
        checkpoint=checkpoint,
        settings=settings,
        seed=seed,
        scratch=scratch,
        report_to=report_to,
    )


def predict_run(run: "Run", fine_tuned: "FineTuned") -> "npt.NDArray[np.float32]":
    """Return the fine-tuned model's probabilities for every text of the run, shape (rows, classes)."""
    from core.artifacts.schema import TEXTS
    from core.models.classifier import TransformerClassifier

    classifier = TransformerClassifier(fine_tuned.model, fine_tuned.tokenizer)
    return classifier.predict_proba(run.read_table(TEXTS)["text"].tolist(), progress=True).probs


def write_checkpoint(writer: "StageWriter", fine_tuned: "FineTuned") -> None:
    """Write model and tokenizer as a Hugging Face checkpoint folder, which knows where texts are to be cut.

    Raises:
        ArtifactError: If it cannot be written.
    """
    from safetensors import SafetensorError

    from core.artifacts.schema import FINETUNED_DIR

    fine_tuned.tokenizer.pretrained.model_max_length = fine_tuned.tokenizer.max_length
    with writer.folder(FINETUNED_DIR) as folder:
        try:
            fine_tuned.model.save_pretrained(folder)
        except SafetensorError as error:  # what safetensors makes of a full disk
            raise OSError(errno.EIO, str(error), str(folder)) from error
        fine_tuned.tokenizer.pretrained.save_pretrained(folder)


def copy_checkpoint(checkpoint: Path, output_dir: Path) -> str:
    """Copy a checkpoint folder to another place; return one line about it.

    Raises:
        ArtifactError: If it cannot be written there.
    """
    from core.artifacts.files import cannot_write

    try:
        shutil.copytree(checkpoint, output_dir, dirs_exist_ok=True)
    except OSError as error:
        raise cannot_write(output_dir, error) from error
    return f"copied the checkpoint to {output_dir}"


def write_predictions(
    writer: "StageWriter", probs: "npt.NDArray[np.float32]", run: "Run", *, train_origin: "Origin"
) -> None:
    """Write the predictions for every row; `train_origin` is how those of the train rows came about."""
    from core.artifacts.schema import EXAMPLES, ModelName, predictions_table
    from scripts.predictions import predictions_frame

    split = run.read_table(EXAMPLES, ["split"])["split"].to_numpy(dtype=object)
    writer.table(predictions_table(ModelName.FINETUNED), predictions_frame(probs, split, train_origin=train_origin))


def default_options() -> FineTuneOptions:
    """Return the options with the settings that the run was made with."""
    manifest = recorded_manifest()
    checkpoint = recorded_settings(CheckpointSettings(), manifest, "fine_tune", "extract_features")
    training = recorded_settings(FineTuneSettings(), manifest, "fine_tune")
    seed = recorded_seed(manifest, "fine_tune", default=FineTuneOptions().seed)
    return FineTuneOptions(checkpoint=checkpoint, training=training, seed=seed)


def main() -> None:
    """Run from the command line."""
    run_script("fine_tune", default_options, run)


if __name__ == "__main__":
    main()
