"""Putting back what a shipped run leaves out, without touching anything that it ships."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.artifacts.files import delete_leftovers, write_text
from core.artifacts.manifest import FileRecord, RestoredFiles
from core.artifacts.run import Run
from core.artifacts.schema import RESTORED
from core.artifacts.workspace import StageWriter, lock_run


@contextmanager
def restore_writer(artifacts_dir: Path, name: str) -> Iterator[tuple[Run, StageWriter]]:
    """Yield a finished run and a writer into it, holding its lock; what is written is recorded in `restored.json`.

    A file is recorded before it takes its name: were it the other way round, one left by a kill in between could pass
    for the original, which is often as large.

    Raises:
        ArtifactError: If the run cannot be read, is being written, or a file cannot be written.
    """
    with lock_run(artifacts_dir, name):
        run = Run.open(artifacts_dir / name)
        delete_leftovers(run.root)

        def record(files: Mapping[str, FileRecord]) -> None:
            restored = RestoredFiles(
                files={**run.restored.files, **writer.files, **files}, facts={**run.restored.facts, **writer.facts}
            )
            write_text(run.root / RESTORED, restored.to_json())

        writer = StageWriter(root=run.root, before_replacing=record)
        yield run, writer
        if writer.files:
            record({})
