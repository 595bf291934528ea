"""How the records of a run change when a stage is made again."""

from collections.abc import Collection
from pathlib import PurePosixPath

from core.artifacts.manifest import CorpusInfo, EncoderInfo, Manifest, RestoredFiles, StageRecord
from core.artifacts.schema import SCHEMA_VERSION, Stage


def add_stage(
    manifest: Manifest | None,
    run: str,
    stage: Stage,
    record: StageRecord,
    *,
    corpus: CorpusInfo | None,
    encoder: EncoderInfo | None,
) -> Manifest:
    """Return the manifest with a new record of one stage, and without the stages made from files that it changed.

    Args:
        manifest: The manifest so far; None for the first stage of a run.
        run: Name of the run.
        stage: The stage that was made.
        record: Its record.
        corpus: The new corpus; None keeps the old one.
        encoder: The new encoder; None keeps the old one for as long as its vectors are there.

    Raises:
        ValueError: If there is no corpus, old or new.
    """
    corpus = corpus or (manifest.corpus if manifest else None)
    if corpus is None:
        raise ValueError("the first stage of a run has no corpus, expected one; set writer.corpus")
    encoder = encoder or (manifest.encoder if manifest else None)
    stages = (manifest.stages if manifest else {}) | {stage: record}
    digests: dict[str, str] = {}
    kept: dict[Stage, StageRecord] = {}
    for key in (key for key in Stage if key in stages):
        made = stages[key]
        if key == stage or all(digests.get(path) == digest for path, digest in made.inputs.items()):
            kept[key] = made
            digests |= {path: file.sha256 for path, file in made.files.items()}
    return Manifest(
        schema_version=SCHEMA_VERSION,
        run=run,
        corpus=corpus,
        encoder=encoder if Stage.EXTRACT_FEATURES in kept else None,
        stages=kept,
    )


def drop_stage(manifest: Manifest, stage: Stage) -> Manifest:
    """Return the manifest without one stage."""
    return manifest.model_copy(update={"stages": {key: made for key, made in manifest.stages.items() if key != stage}})


def keep_restored(restored: RestoredFiles, manifest: Manifest, *, remade: Collection[str]) -> RestoredFiles:
    """Return the restored files that still stand for something: not made again since, and of a stage that is there.

    A file that only the restored folder has, such as one more tokenizer file, goes with the other files of its folder.
    """
    current = manifest.files.keys() - set(remade)
    folders = {PurePosixPath(path).parent for path in current if "/" in path}
    files = {
        path: record
        for path, record in restored.files.items()
        if path in current or (path not in remade and PurePosixPath(path).parent in folders)
    }
    return restored.model_copy(update={"files": files, "facts": restored.facts if files else {}})
