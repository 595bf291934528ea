"""Put back what a shipped run leaves out: texts, vectors and the fine-tuned checkpoint.

Examples:
  python -m scripts.restore demo
  python -m scripts.restore emotion-minilm --dataset dair-ai/emotion
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional

from scripts.cli import print_next, run_script

if TYPE_CHECKING:
    from core.artifacts.run import Run
    from core.data.sources import Source
    from core.models.checkpoints import Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOptions:
    """Put back what a shipped run leaves out; files that are there stay as they are."""

    run: Annotated[str, Positional] = "demo"
    """Name of the run."""
    dataset: str | None = None
    """Where its corpus is: hub id, file or folder; by default where the run says that it comes from."""
    model_ckpt: str | None = None
    """Where its encoder is, if it is neither the packaged one nor on the hub."""
    artifacts_dir: Path = Path("artifacts")
    """Folder that holds all runs."""


def run(options: RestoreOptions) -> None:
    """Restore texts, then vectors, then the checkpoint; each needs the one before."""
    for restore in (restore_texts, restore_embeddings, restore_checkpoint):
        print(f"{options.run}: {restore(options)}", flush=True)
    print_next(options.run, None, options.artifacts_dir)


def restore_texts(options: RestoreOptions) -> str:
    """Put back the texts, each checked by its hash; return what was done.

    Raises:
        ArtifactError: If a text of the run is not in the corpus.
    """
    from core.artifacts.restoring import restore_writer
    from core.artifacts.schema import TEXTS, Stage

    with restore_writer(options.artifacts_dir, options.run) as (shipped, writer):
        if shipped.has(TEXTS.path):
            return "texts are there"

        import pandas as pd

        from core.data.settings import CorpusSettings
        from core.data.sources import load_source
        from scripts.recorded import recorded_settings

        info = shipped.manifest.corpus
        dataset = options.dataset or ("demo" if info.source == "package" else info.name)
        settings = recorded_settings(CorpusSettings(), shipped.manifest, Stage.PREPARE_DATA)
        settings = replace(settings, dataset=dataset)
        source = load_source(settings)
        texts = match_texts(shipped, source, settings.text_column)
        writer.table(TEXTS, pd.DataFrame({"id": range(len(texts)), "text": texts}))
        return f"{len(texts):,} texts restored from {source.source}, each verified by its hash"


def match_texts(run: "Run", source: "Source", text_column: str) -> list[str]:
    """Return the texts of a corpus in the run's id order, found by their hashes.

    Raises:
        CorpusError: If the corpus has no such column.
        ArtifactError: If the hash of a row has no text in the corpus.
    """
    from core.artifacts.files import sha256_of_text
    from core.artifacts.schema import EXAMPLES
    from core.errors import ArtifactError, CorpusError

    by_hash: dict[str, str] = {}
    for frame in source.frames.values():
        if text_column not in frame.columns:
            found = ", ".join(map(str, frame.columns))
            raise CorpusError(
                f"{source.source} has no column {text_column!r} (found: {found}), expected that of the run {run.name};"
                f" give that corpus with --dataset"
            )
        by_hash |= {sha256_of_text(text): text for text in frame[text_column].astype(str)}
    wanted = run.read_table(EXAMPLES, ["text_sha256"])["text_sha256"]
    missing = wanted[~wanted.isin(by_hash.keys())]
    if len(missing):
        raise ArtifactError(
            f"{len(missing):,} of {len(wanted):,} texts of the run {run.name} are not in the corpus given (first: id"
            f" {missing.index[0]}), expected all of {run.manifest.corpus.name}; give that corpus with --dataset"
        )
    return [by_hash[digest] for digest in wanted]


def restore_embeddings(options: RestoreOptions) -> str:
    """Compute the vectors again with the recorded encoder and settings; return what was done.

    Raises:
        ModelError: If the encoder cannot be loaded or is not the recorded one.
    """
    from core.artifacts.restoring import restore_writer
    from core.artifacts.schema import EMBEDDINGS, TEXTS, Stage

    with restore_writer(options.artifacts_dir, options.run) as (shipped, writer):
        if shipped.has(EMBEDDINGS):
            return "vectors are there"
        if Stage.EXTRACT_FEATURES not in shipped.manifest.stages or shipped.manifest.encoder is None:
            return "vectors were never made"

        from core.models.encoder import TransformerEncoder
        from core.models.settings import EncoderSettings
        from scripts.extract_features import encode_to_file
        from scripts.recorded import recorded_settings

        settings = recorded_settings(EncoderSettings(), shipped.manifest, Stage.EXTRACT_FEATURES)
        settings = replace(settings, model_ckpt=options.model_ckpt or settings.model_ckpt)
        checkpoint = resolve_recorded(settings.model_ckpt, shipped, sha256=shipped.manifest.encoder.sha256)
        encoder = TransformerEncoder(checkpoint, settings)
        texts = shipped.read_table(TEXTS)["text"].tolist()
        with writer.path(EMBEDDINGS, n_rows=len(texts)) as path:
            encode_to_file(encoder, texts, path)
        return f"{len(texts):,} vectors computed with {checkpoint.name}"


def restore_checkpoint(options: RestoreOptions) -> str:
    """Train the checkpoint again with the recorded settings and seed; return how far its predictions agree.

    Raises:
        ModelError: If the encoder cannot be loaded, or training breaks down.
    """
    from core.artifacts.restoring import restore_writer
    from core.artifacts.schema import EXAMPLES, ModelName, Split, Stage, predictions_table

    with restore_writer(options.artifacts_dir, options.run) as (shipped, writer):
        if shipped.has_checkpoint:
            return "the fine-tuned checkpoint is there"
        record = shipped.manifest.stages.get(Stage.FINE_TUNE)
        if record is None:
            return "a fine-tuned checkpoint was never made"

        import shutil

        import numpy as np

        from core.artifacts.workspace import BUILDING_DIR
        from core.models.finetuning import fine_tune
        from core.models.settings import CheckpointSettings, FineTuneSettings
        from scripts.fine_tune import job_for_run, predict_run, write_checkpoint
        from scripts.recorded import recorded_seed, recorded_settings

        print(
            f"{shipped.name}: training the checkpoint again (the first time took {record.seconds:.0f} s) …", flush=True
        )
        test = (shipped.read_table(EXAMPLES, ["split"])["split"] == Split.TEST).to_numpy()
        old = shipped.read_table(predictions_table(ModelName.FINETUNED), ["pred"])["pred"].to_numpy()
        checkpoint = recorded_settings(CheckpointSettings(), shipped.manifest, Stage.FINE_TUNE)
        checkpoint = replace(checkpoint, model_ckpt=options.model_ckpt or checkpoint.model_ckpt)
        resolve_recorded(checkpoint.model_ckpt, shipped, sha256=record.settings.get("weights_sha256"))
        scratch = options.artifacts_dir / BUILDING_DIR / f"{shipped.name}.scratch"
        started = time.monotonic()
        job = job_for_run(
            shipped,
            checkpoint,
            recorded_settings(FineTuneSettings(), shipped.manifest, Stage.FINE_TUNE),
            seed=recorded_seed(shipped.manifest, Stage.FINE_TUNE, default=42),
            scratch=scratch,
        )
        fine_tuned = fine_tune(job)
        agreement = float(np.mean(predict_run(shipped, fine_tuned).argmax(axis=1)[test] == old[test]))
        write_checkpoint(writer, fine_tuned)
        writer.facts = {
            "test_agreement": agreement,
            "seconds": round(time.monotonic() - started, 1),
            "precision": fine_tuned.device.precision.value,
        }
        shutil.rmtree(scratch, ignore_errors=True)
        return (
            f"fine-tuned checkpoint trained; it agrees with the shipped predictions on {agreement:.1%} of the test rows"
        )


def resolve_recorded(model_ckpt: str, run: "Run", *, sha256: object) -> "Checkpoint":
    """Return the checkpoint that `model_ckpt` names, which must be the one that the run was made with.

    Raises:
        ModelError: If it cannot be loaded or has other weights.
    """
    from core.errors import ModelError
    from core.models.checkpoints import resolve_checkpoint

    checkpoint = resolve_checkpoint(model_ckpt)
    if sha256 is not None and checkpoint.sha256 != sha256:
        raise ModelError(
            f"{checkpoint.name} has weights {checkpoint.sha256[:12]}…, the run {run.name} was made with"
            f" {str(sha256)[:12]}…; give the right encoder with --model_ckpt"
        )
    return checkpoint


def main() -> None:
    """Run from the command line."""
    run_script("restore", RestoreOptions, run)


if __name__ == "__main__":
    main()
