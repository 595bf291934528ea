import errno
import os
from pathlib import Path

import pytest

from core.artifacts import files
from core.artifacts.files import (
    atomic_path,
    exchange_folders,
    link_or_copy,
    recover_exchange,
    sha256_of,
    sha256_of_text,
    write_text,
)

ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1


def folder_with(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "file").write_text(text, encoding="utf-8")
    return path


def write_half(path: Path) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text("half of the n", encoding="utf-8")
        raise RuntimeError


def refuse(number: int):
    def function(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    return function


def test_digests_are_the_published_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == ABC_SHA256
    assert sha256_of_text("abc") == ABC_SHA256


def test_exception_while_writing_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "old")
    with pytest.raises(RuntimeError):
        write_half(tmp_path / "file")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("file", "old")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names the synced files by way of /proc")
def test_bytes_are_forced_to_the_disk_before_the_file_takes_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def record_fsync(descriptor: int) -> None:
        steps.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def record_replace(source: Path, target: Path) -> None:
        steps.append(f"rename to {Path(target).name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    write_text(tmp_path / "file", "new")
    assert steps == ["sync .file.tmp", "rename to file", f"sync {tmp_path.name}"]


def test_write_creates_the_folders_on_the_way(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b" / "file", "é")
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"\xc3\xa9"


def test_writing_over_a_hard_link_leaves_the_other_name_alone(tmp_path: Path) -> None:
    write_text(tmp_path / "first", "old")
    link_or_copy(tmp_path / "first", tmp_path / "second")
    assert (tmp_path / "first").samefile(tmp_path / "second")
    write_text(tmp_path / "second", "new")
    assert (tmp_path / "first").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS])
def test_without_hard_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "link", refuse(number))
    write_text(tmp_path / "first", "same")
    link_or_copy(tmp_path / "first", tmp_path / "folder" / "second")
    assert (tmp_path / "folder" / "second").read_text(encoding="utf-8") == "same"
    assert not (tmp_path / "first").samefile(tmp_path / "folder" / "second")


def test_full_disk_while_linking_is_not_hidden_by_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse(errno.ENOSPC))
    write_text(tmp_path / "first", "same")
    with pytest.raises(OSError, match="No space left"):
        link_or_copy(tmp_path / "first", tmp_path / "second")


@pytest.mark.parametrize("in_one_step", [True, False])
def test_exchange_puts_the_new_folder_in_place_and_the_old_one_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(files, "_exchange_in_one_step", lambda first, second: False)
    new, current = folder_with(tmp_path / "new", "new"), folder_with(tmp_path / "current", "old")
    exchange_folders(new, current, retired=tmp_path / "retired")
    assert (current / "file").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "retired" / "file").read_text(encoding="utf-8") == "old"
    assert not new.exists()


def test_exchange_with_nothing_is_a_rename(tmp_path: Path) -> None:
    exchange_folders(folder_with(tmp_path / "new", "new"), tmp_path / "current", retired=tmp_path / "retired")
    assert (tmp_path / "current" / "file").read_text(encoding="utf-8") == "new"
    assert not (tmp_path / "retired").exists()


def test_other_platforms_do_without_the_one_step_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    new, current = folder_with(tmp_path / "new", "new"), folder_with(tmp_path / "current", "old")
    assert files._exchange_in_one_step(new, current) is False
    assert (current / "file").read_text(encoding="utf-8") == "old"


def test_recovery_puts_the_old_folder_back_only_if_its_place_is_empty(tmp_path: Path) -> None:
    retired, current = folder_with(tmp_path / "retired", "old"), tmp_path / "current"
    recover_exchange(current, retired=retired)
    assert (current / "file").read_text(encoding="utf-8") == "old"
    folder_with(retired, "older")
    recover_exchange(current, retired=retired)
    assert (current / "file").read_text(encoding="utf-8") == "old"
