"""Bytes on disk: digests, atomic writes, copies without copying, and the exchange of two folders."""

import ctypes
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import ArtifactError

TEMPORARY_SUFFIX = ".tmp"
_DISK_ERRORS = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.ENOTDIR,
        errno.EEXIST,
        errno.ENAMETOOLONG,
    }
)
_NO_HARD_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def sha256_of(path: Path) -> str:
    """Return the hex sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_text(text: str) -> str:
    """Return the hex sha256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success its bytes are synced and it takes the name `path`.

    A reader sees the old file or the new one, never a part. After an exception the temporary file is removed, after a
    kill it stays behind under a name that nothing reads.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sync(path: Path) -> None:
    """Flush a file or folder to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def delete_leftovers(root: Path) -> None:
    """Delete what a killed process left below `root` under temporary names."""
    for leftover in sorted(root.rglob(f".*{TEMPORARY_SUFFIX}"), reverse=True):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def is_disk_error(error: OSError) -> bool:
    """Return whether an error is about the disk (full, read-only, forbidden) and not, say, about the network."""
    return error.errno in _DISK_ERRORS


def cannot_write(path: Path, error: OSError) -> ArtifactError:
    """Return the error that tells a user that, and why, `path` (or the file that `error` names) cannot be written."""
    reason = " ".join((error.strerror or str(error)).split())
    return ArtifactError(
        f"cannot write {error.filename or path}: {reason}; the finished run is as it was: free some space or choose a"
        f" writable folder with --artifacts-dir, then run the same command again"
    )


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, by a hard link where the file system has them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        shutil.copy2(source, target)


def exchange_folders(new: Path, current: Path, *, retired: Path) -> None:
    """Put the folder `new` in the place of `current`, whose content ends up in `retired`.

    Linux swaps both names in one step. Elsewhere two renames stand for it; killed between them, `retired` holds the
    old folder, and `recover_exchange` puts it back.
    """
    current.parent.mkdir(parents=True, exist_ok=True)
    if not current.exists():
        new.rename(current)
    elif _exchange_in_one_step(new, current):
        new.rename(retired)
    else:
        current.rename(retired)
        new.rename(current)
    sync(current.parent)


def recover_exchange(current: Path, *, retired: Path) -> None:
    """Undo an exchange that was killed between its two renames."""
    if not current.exists() and retired.exists():
        retired.rename(current)


def _exchange_in_one_step(first: Path, second: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    result: int = libc.renameat2(
        _AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    if result == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
        return False
    raise OSError(number, os.strerror(number), str(second))
