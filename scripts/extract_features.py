"""Turn every text into one vector with a frozen encoder.

Example: python -m scripts.extract_features --run reviews --model_ckpt distilbert-base-uncased
Several processes share the work: accelerate launch --num_processes 2 -m scripts.extract_features --run reviews
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import MisreadError
from core.models.settings import EncoderSettings
from scripts.cli import print_next, publish, run_script
from scripts.recorded import recorded_manifest, recorded_settings
from scripts.stage_options import StageOptions, workspace_with_corpus

if TYPE_CHECKING:
    from core.artifacts.run import Run
    from core.artifacts.workspace import Workspace
    from core.models.encoder import TransformerEncoder
    from core.models.processes import Processes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractFeaturesOptions(StageOptions):
    """Turn every text of a run into one vector with a frozen encoder."""

    encoder: EncoderSettings = EncoderSettings()
    batch_size: int | None = None
    """Texts per batch at most, beside --batch_tokens."""
    split: tuple[str, ...] = ()
    """Copy the vectors of these splits only to --out_dir (train validation test); all of them when not given."""
    out_dir: Path | None = None
    """Folder that gets a copy for use elsewhere: SPLIT.npy (float16) and SPLIT.csv (id, label) per split."""


def run(options: ExtractFeaturesOptions) -> None:
    """Extract, publish, and export if asked to."""
    from core.models.processes import join_processes

    _check_options(options)
    processes = join_processes()
    if not processes.is_main:
        encode_share(processes)
        return
    with workspace_with_corpus(options) as workspace:
        print(extract(workspace, options.encoder, processes=processes, batch_size=options.batch_size))
        publish(workspace)
        if options.out_dir is not None:
            print(export_vectors(workspace.run, options.out_dir, options.split))
    print_next(workspace.name, "train_baselines", options.artifacts_dir)


def _check_options(options: ExtractFeaturesOptions) -> None:
    """Refuse before the work what could only fail after it."""
    known = ("train", "validation", "test")
    unknown = [split for split in options.split if split not in known]
    if unknown:
        raise MisreadError(f"--split is {unknown[0]!r}, expected train, validation or test; choose from these")
    if options.batch_size is not None and options.batch_size < 1:
        raise MisreadError(f"--batch-size is {options.batch_size}, expected at least 1; give a larger one")


def extract(
    workspace: "Workspace",
    settings: EncoderSettings,
    *,
    processes: "Processes | None" = None,
    batch_size: int | None = None,
) -> str:
    """Encode the workspace's texts unless that is done already; return one line that says what came out.

    Raises:
        ModelError: If the encoder cannot be loaded.
        ArtifactError: If the run has no texts.
    """
    from core.artifacts.schema import EMBEDDINGS, FEATURES, TEXTS, Stage
    from core.models.checkpoints import resolve_checkpoint
    from core.models.processes import SingleProcess

    processes = processes or SingleProcess()
    checkpoint = resolve_checkpoint(settings.model_ckpt)
    recorded = asdict(settings) | {"model_ckpt": checkpoint.name, "weights_sha256": checkpoint.sha256}
    if workspace.is_fresh(Stage.EXTRACT_FEATURES, recorded, [TEXTS.path]):
        processes.broadcast(None)
        return f"{workspace.name}: vectors of {checkpoint.name} are unchanged"

    import numpy as np
    import pandas as pd

    from core.artifacts.manifest import EncoderInfo
    from core.models.encoder import TransformerEncoder

    texts = workspace.run.read_table(TEXTS)["text"].tolist()
    encoder = TransformerEncoder(checkpoint, settings, max_rows=batch_size)
    processes.broadcast(_Job(settings=settings, max_rows=batch_size, texts=texts))
    with workspace.stage(
        Stage.EXTRACT_FEATURES,
        settings=recorded,
        inputs=[TEXTS.path],
        libraries=["torch", "transformers", "tokenizers", "numpy"],
    ) as writer:
        with writer.path(EMBEDDINGS, n_rows=len(texts)) as path:
            counts = encode_to_file(encoder, texts, path, processes=processes)
        frame = pd.DataFrame({"id": range(len(texts)), "n_tokens": counts.n_tokens, "truncated": counts.truncated})
        writer.table(FEATURES, frame)
        n_truncated = int(np.count_nonzero(counts.truncated))
        writer.facts = {
            "device": encoder.device.kind,
            "precision": encoder.device.precision.value,
            "n_truncated": n_truncated,
            "n_processes": processes.size,
        }
        writer.encoder = EncoderInfo(
            name=checkpoint.name,
            sha256=checkpoint.sha256,
            pooling=settings.pooling.value,
            dimension=encoder.dimension,
            max_length=encoder.max_length,
        )
    return (
        f"{workspace.name}: wrote {EMBEDDINGS} ({len(texts):,} × {encoder.dimension}, {encoder.device.precision} on"
        f" {encoder.device.kind}; {n_truncated:,} texts cut at {encoder.max_length} tokens)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    settings: EncoderSettings
    max_rows: int | None
    texts: list[str]


def encode_share(processes: "Processes") -> None:
    """Encode this process's share of what the main process encodes."""
    import numpy as np

    from core.models.checkpoints import resolve_checkpoint
    from core.models.encoder import TransformerEncoder

    job: _Job | None = processes.broadcast(None)
    if job is None:
        return
    encoder = TransformerEncoder(resolve_checkpoint(job.settings.model_ckpt), job.settings, max_rows=job.max_rows)
    encoder.encode(job.texts, np.zeros((0, encoder.dimension), dtype=np.float16), processes=processes)


def encode_to_file(
    encoder: "TransformerEncoder", texts: list[str], path: Path, *, processes: "Processes | None" = None
) -> Any:
    """Write the vectors of all texts into a new .npy file, window by window, and return their `TokenCounts`.

    Raises:
        OSError: If the disk has no room for them.
    """
    import numpy as np

    with path.open("wb") as file:
        header = {"descr": "<f2", "fortran_order": False, "shape": (len(texts), encoder.dimension)}
        np.lib.format.write_array_header_1_0(file, header)
        n_bytes = file.tell() + len(texts) * encoder.dimension * np.dtype(np.float16).itemsize
        file.truncate(n_bytes)
        if hasattr(os, "posix_fallocate"):
            # a full disk is an error here; found out while writing to the memory map, it would be a crash
            os.posix_fallocate(file.fileno(), 0, n_bytes)
    out = np.load(path, mmap_mode="r+")
    counts = encoder.encode(texts, out, processes=processes, progress=True)
    out.flush()
    return counts


def export_vectors(run: "Run", out_dir: Path, splits: tuple[str, ...]) -> str:
    """Copy vectors with ids and labels of some splits to a folder outside of the run; return one line about it.

    Raises:
        ArtifactError: If the folder cannot be written.
    """
    import numpy as np

    from core.artifacts.files import atomic_path, cannot_write, write_text
    from core.artifacts.schema import EXAMPLES, Split

    examples, embeddings = run.read_table(EXAMPLES, ["id", "split", "label"]), run.read_embeddings()
    try:
        for split in splits or tuple(Split):
            rows = examples[examples["split"] == split]
            with atomic_path(out_dir / f"{split}.npy") as temporary, temporary.open("wb") as file:
                np.save(file, embeddings[rows["id"].to_numpy()])
            write_text(out_dir / f"{split}.csv", rows[["id", "label"]].to_csv(index=False))
    except OSError as error:
        raise cannot_write(out_dir, error) from error
    return f"copied the vectors of {', '.join(splits or tuple(Split))} to {out_dir}"


def default_options() -> ExtractFeaturesOptions:
    """Return the options with the encoder settings that the run was made with."""
    return ExtractFeaturesOptions(encoder=recorded_settings(EncoderSettings(), recorded_manifest(), "extract_features"))


def main() -> None:
    """Run from the command line."""
    run_script("extract_features", default_options, run)


if __name__ == "__main__":
    main()
