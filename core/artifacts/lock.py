"""One writer at a time per run, across processes; the lock goes with the process that holds it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from core.artifacts.files import cannot_write, is_disk_error
from core.errors import ArtifactError

BUILDING_DIR = ".building"
MAX_NAME_BYTES = 200  # file systems end at 255; the files beside a run have longer names
# endings of what stands beside a run's work folder
_RESERVED = re.compile(r"\.(lock|scratch|retired|base|writing|damaged(-\d+)?)$")


@contextmanager
def lock_run(artifacts_dir: Path, name: str) -> Iterator[None]:
    """Hold the lock of a run.

    Raises:
        ArtifactError: If the name cannot be that of a run, another process is writing this run, or the disk is full
            or cannot be written.
    """
    check_run_name(name)
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


def check_run_name(name: str) -> None:
    """Refuse what cannot be the name of a run.

    Raises:
        ArtifactError: If it is no plain folder name, ends like the files beside a work folder, or is too long.
    """
    plain = name != "" and name == Path(name).name == name.strip() and "\\" not in name and name.isprintable()
    if not plain or name.startswith((".", "-")) or _RESERVED.search(name):
        raise ArtifactError(
            f"the run name {name!r} cannot be used, expected a plain folder name such as reviews-2; choose one with"
            f" --run"
        )
    n_bytes = len(os.fsencode(name))
    if n_bytes > MAX_NAME_BYTES:
        raise ArtifactError(
            f"the run name {name[:20]!r}… has {n_bytes} bytes, expected at most {MAX_NAME_BYTES}; choose a shorter one"
            f" with --run"
        )
