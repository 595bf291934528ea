"""Putting back what a shipped run leaves out, without touching anything that it ships."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.artifacts.files import delete_leftovers, write_text
from core.artifacts.manifest import RestoredFiles
from core.artifacts.run import Run
from core.artifacts.schema import RESTORED
from core.artifacts.workspace import StageWriter, lock_run


@contextmanager
def restore_writer(artifacts_dir: Path, name: str) -> Iterator[tuple[Run, StageWriter]]:
    """Yield a finished run and a writer into it, holding its lock; what was written is recorded in `restored.json`.

    Raises:
        ArtifactError: If the run cannot be read, is being written, or a file cannot be written.
    """
    with lock_run(artifacts_dir, name):
        run = Run.open(artifacts_dir / name)
        delete_leftovers(run.root)
        writer = StageWriter(root=run.root)
        yield run, writer
        if writer.files:
            restored = RestoredFiles(
                files={**run.restored.files, **writer.files}, facts={**run.restored.facts, **writer.facts}
            )
            write_text(run.root / RESTORED, restored.to_json())
