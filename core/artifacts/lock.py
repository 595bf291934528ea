"""One writer at a time per run, across processes; the lock goes with the process that holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from core.artifacts.files import cannot_write, is_disk_error
from core.errors import ArtifactError

BUILDING_DIR = ".building"
# endings of the files that stand beside a run's work folder
_RESERVED_SUFFIXES = (".lock", ".scratch", ".retired", ".base", ".writing")


@contextmanager
def lock_run(artifacts_dir: Path, name: str) -> Iterator[None]:
    """Hold the lock of a run.

    Raises:
        ArtifactError: If the name is no plain folder name, another process is writing this run, or the disk is full or
            cannot be written.
    """
    _check_name(name)
    lock_path = artifacts_dir / BUILDING_DIR / f"{name}.lock"
    try:
        lock_path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(lock_path, timeout=0):
            yield
    except filelock.Timeout as error:
        raise ArtifactError(
            f"the run {name} is being written by another process, expected one writer at a time; wait for it to end, or"
            f" choose another name with --run"
        ) from error
    except OSError as error:
        if not is_disk_error(error):
            raise
        raise cannot_write(artifacts_dir, error) from error


def _check_name(name: str) -> None:
    plain = name != "" and name == Path(name).name and "\\" not in name and name.isprintable()
    if not plain or name.startswith((".", "-")) or name.endswith(_RESERVED_SUFFIXES):
        raise ArtifactError(
            f"the run name {name!r} cannot be used, expected a plain folder name such as reviews-2; choose one with"
            f" --run"
        )
