"""Writing a run: stages are built beside the finished run and take its place in one step.

`artifacts/.building/<run>/` starts as a hard-linked copy of the finished run. Each stage that completes is recorded
in the manifest there, so a killed build carries on where it was. `publish` exchanges the two folders once the new one
has every stage that the finished run had; until then the finished run stays as it is.
"""

import itertools
import json
import shlex
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import JsonValue

from core.artifacts.commands import script_command
from core.artifacts.files import (
    cannot_write,
    delete_leftovers,
    exchange_folders,
    link_or_copy,
    recover_exchange,
    sha256_of,
    write_text,
)
from core.artifacts.lock import BUILDING_DIR, lock_run
from core.artifacts.manifest import Manifest, NewerSchemaError, StageRecord, read_manifest
from core.artifacts.records import add_stage, drop_stage, keep_restored
from core.artifacts.run import Run
from core.artifacts.schema import MANIFEST, RESTORED, Stage
from core.artifacts.writer import StageWriter, file_record
from core.errors import ArtifactError

__all__ = ["BUILDING_DIR", "StageWriter", "Workspace", "file_record", "library_versions", "lock_run", "open_workspace"]


class Workspace:
    """The one writer of a run; get one with `open_workspace`.

    `set_aside` is where `publish` moved a finished folder whose manifest could not be read, None if it met none.
    """

    def __init__(self, artifacts_dir: Path, name: str) -> None:
        """Resume the unfinished build of the run `name`, or start one from its finished state."""
        building = artifacts_dir / BUILDING_DIR
        self.artifacts_dir = artifacts_dir
        self.name = name
        self.published_root = artifacts_dir / name
        self.root = building / name
        self.scratch = building / f"{name}.scratch"
        self._retired = building / f"{name}.retired"
        self._base = building / f"{name}.base"
        self._writing = building / f"{name}.writing"
        self._damaged = building / f"{name}.damaged"
        self.set_aside: Path | None = None
        self._refuse_link()
        recover_exchange(self.published_root, retired=self._retired)
        shutil.rmtree(self._retired, ignore_errors=True)
        self._refuse_foreign_folder()
        if not self._resumable():
            self._start()
        self._drop_half_written()
        delete_leftovers(self.root)

    @property
    def run(self) -> Run:
        """Return the run as built so far.

        Raises:
            ArtifactError: If not even its corpus has been prepared.
        """
        if not (self.root / MANIFEST).exists():
            raise ArtifactError(
                f"the run {self.name} has no corpus yet; prepare it with:"
                f" {script_command('prepare_data', self.name, self.artifacts_dir, '--dataset', 'PATH_OR_HUB_ID')}"
            )
        return Run.open(self.root)

    @property
    def manifest(self) -> Manifest | None:
        """Return the manifest as built so far, or None before the corpus is prepared."""
        return self.run.manifest if (self.root / MANIFEST).exists() else None

    def is_fresh(self, stage: Stage, settings: Mapping[str, JsonValue], inputs: Sequence[str]) -> bool:
        """Return whether a stage was made with these settings from the inputs as they are now, and is complete."""
        manifest = self.manifest
        record = manifest.stages.get(stage) if manifest else None
        if manifest is None or record is None or record.settings != _as_json(settings):
            return False
        if not set(inputs) <= manifest.files.keys() or record.inputs != self.digests(inputs):
            return False
        return self.run.has_stage(stage)

    def digests(self, paths: Sequence[str]) -> dict[str, str]:
        """Return the sha256 of files of the run as the manifest lists them; a restored file stands for the original.

        Raises:
            ArtifactError: If one of them has not been made.
        """
        files = self.manifest.files if self.manifest else {}
        for path in paths:
            if path not in files:
                raise ArtifactError(
                    f"the run {self.name} has no {path}, which this stage reads; make everything that is missing with:"
                    f" {script_command('build', self.name, self.artifacts_dir)}"
                )
        return {path: files[path].sha256 for path in paths}

    @contextmanager
    def stage(
        self, stage: Stage, *, settings: Mapping[str, JsonValue], inputs: Sequence[str], libraries: Sequence[str]
    ) -> Iterator["StageWriter"]:
        """Yield a writer for one stage's files; on success they are recorded, and stages made from older files dropped.

        Raises:
            ArtifactError: If a file cannot be written. The finished run is not touched.
        """
        writer = StageWriter(root=self.root, before_replacing=lambda _: self._mark_as_writing(stage))
        digests = self.digests(inputs)
        started = time.monotonic()
        try:
            yield writer
            self._record(
                stage,
                writer,
                StageRecord(
                    settings=_as_json(settings),
                    inputs=digests,
                    files=writer.files,
                    seconds=round(time.monotonic() - started, 2),
                    finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    libraries=library_versions(libraries),
                    facts=writer.facts,
                ),
            )
        except BaseException:
            self._drop_half_written()
            raise

    def publish(self) -> bool:
        """Put the build in the finished run's place if it has every stage that the finished run has.

        A finished folder whose manifest cannot be read is kept as `.building/<run>.damaged`: nobody can tell which of
        its files are results and which are notes, and mending the manifest by hand may bring all of it back.

        Returns:
            Whether it was published. Either way the workspace goes on from where it is.
        """
        built, finished = self.run, self._finished()
        if finished is not None:
            if finished.manifest.stages.keys() - built.manifest.stages.keys():
                return False
            if finished.digest == built.digest:
                return True
        damaged: Path | None = None
        try:
            if finished is not None:
                self._carry_over(finished)
            elif (self.published_root / MANIFEST).exists():
                damaged = self._set_damaged_aside()
            exchange_folders(self.root, self.published_root, retired=self._retired)
            shutil.rmtree(self._retired, ignore_errors=True)
            self._start()
        except OSError as error:
            if damaged is not None and not self.published_root.exists():
                damaged.rename(self.published_root)
            raise cannot_write(self.published_root, error) from error
        self.set_aside = damaged or self.set_aside
        return True

    def discard_scratch(self) -> None:
        """Delete what a stage kept to be able to resume."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def close(self) -> None:
        """Remove the workspace if it holds nothing that the finished run lacks."""
        built, finished = self.run if self.manifest else None, self._finished()
        if built is None or (finished is not None and finished.digest == built.digest):
            self._remove()

    def _record(self, stage: Stage, writer: StageWriter, record: StageRecord) -> None:
        restored = self.run.restored if self.manifest else None
        manifest = add_stage(self.manifest, self.name, stage, record, corpus=writer.corpus, encoder=writer.encoder)
        try:
            if restored is not None and restored.files:
                kept = keep_restored(restored, manifest, remade=record.files.keys())
                write_text(self.root / RESTORED, kept.to_json())
            write_text(self.root / MANIFEST, manifest.to_json())
            self._writing.unlink(missing_ok=True)
            self._delete_unlisted()
        except OSError as error:
            raise cannot_write(self.root, error) from error

    def _mark_as_writing(self, stage: Stage) -> None:
        """Note that files of a stage are being replaced, so that the old record does not stand for half-new files."""
        if not self._writing.exists():
            write_text(self._writing, stage)

    def _drop_half_written(self) -> None:
        """Drop the stage whose files were being replaced when its writing came to an early end."""
        if not self._writing.exists():
            return
        if self.manifest is not None:
            stage = Stage(self._writing.read_text(encoding="utf-8"))
            write_text(self.root / MANIFEST, drop_stage(self.manifest, stage).to_json())
            self._delete_unlisted()
        self._writing.unlink()

    def _delete_unlisted(self) -> None:
        run = self.run
        listed = {MANIFEST, RESTORED, *run.manifest.files, *run.restored.files}
        for path in sorted(self.root.rglob("*"), reverse=True):
            if path.is_file() and path.relative_to(self.root).as_posix() not in listed:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def _carry_over(self, finished: Run) -> None:
        """Keep the files that somebody put beside those of the finished run, such as notes."""
        own = {MANIFEST, RESTORED, *finished.manifest.files, *finished.restored.files}
        delete_leftovers(self.published_root)
        for path in self.published_root.rglob("*"):
            inside = path.relative_to(self.published_root).as_posix()
            if path.is_file() and inside not in own and not (self.root / inside).exists():
                link_or_copy(path, self.root / inside)

    def _set_damaged_aside(self) -> Path:
        # before the exchange: whatever is killed after it, the damaged folder never is where leftovers are deleted
        further = (self._damaged.with_name(f"{self._damaged.name}-{k}") for k in itertools.count(2))
        free = next(path for path in itertools.chain([self._damaged], further) if not path.exists())
        self.published_root.rename(free)
        return free

    def _refuse_link(self) -> None:
        """Refuse a run that is a link: the exchange would put the link, not the run, where leftovers are deleted."""
        root = self.published_root
        if root.is_symlink():
            target = root.resolve()
            raise ArtifactError(
                f"{root} is a link to {target}, expected a folder of its own to build in; build it where it is, with"
                f" --artifacts-dir {shlex.quote(str(target.parent))} --run {shlex.quote(target.name)}"
            )

    def _refuse_foreign_folder(self) -> None:
        """Refuse a folder that is no run: publishing would put the run in the place of somebody's files."""
        root = self.published_root
        if root.exists() and not (root / MANIFEST).exists() and (not root.is_dir() or any(root.iterdir())):
            raise ArtifactError(
                f"{root} is there but is no run (it has no {MANIFEST}), expected a free name; choose another with"
                f" --run, or move it away"
            )

    def _resumable(self) -> bool:
        if not self.root.is_dir() or not self._base.exists():
            return False
        if self._base.read_text(encoding="utf-8") != self._published_digest():
            return False
        return not (self.root / MANIFEST).exists() or _readable(self.root)

    def _finished(self) -> Run | None:
        """Return the finished run; None if there is none, or its manifest is too damaged to start from."""
        return Run.open(self.published_root) if _readable(self.published_root) else None

    def _published_digest(self) -> str:
        """Return what changes when somebody builds or restores in the finished run."""
        records = (self.published_root / name for name in (MANIFEST, RESTORED))
        return " ".join(sha256_of(record) if record.exists() else "none" for record in records)

    def _start(self) -> None:
        self._remove()
        self.root.mkdir(parents=True)
        finished = self._finished()
        if finished is not None:
            for path in finished.manifest.files | finished.restored.files:
                if finished.has(path):
                    link_or_copy(self.published_root / path, self.root / path)
            for name in (RESTORED, MANIFEST):
                if (self.published_root / name).exists():
                    link_or_copy(self.published_root / name, self.root / name)
        write_text(self._base, self._published_digest())

    def _remove(self) -> None:
        # the base goes first: without it, whatever a kill leaves of the folder is not taken for a build
        self._base.unlink(missing_ok=True)
        self._writing.unlink(missing_ok=True)
        shutil.rmtree(self.root, ignore_errors=True)


@contextmanager
def open_workspace(artifacts_dir: Path, name: str) -> Iterator[Workspace]:
    """Yield the one workspace of a run, holding its lock.

    Raises:
        ArtifactError: If the name is no plain folder name, another process is writing this run, the folder of that name
            is no run, or it cannot be written.
    """
    with lock_run(artifacts_dir, name):
        workspace = Workspace(artifacts_dir, name)
        try:
            yield workspace
        except BaseException:
            with suppress(ArtifactError, OSError):
                workspace.close()
            raise
        workspace.close()


def library_versions(names: Sequence[str]) -> dict[str, str]:
    """Return the installed versions of distributions, by name; absent ones are left out."""
    versions = {}
    for name in names:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _readable(root: Path) -> bool:
    """Return whether a folder has a readable manifest; that of a newer Misread raises, so that nothing replaces it."""
    try:
        read_manifest(root)
    except NewerSchemaError:
        raise
    except ArtifactError:
        return False
    return True


def _as_json(settings: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return settings as they come back from the manifest: tuples as lists, enumerations as strings."""
    plain: dict[str, JsonValue] = json.loads(json.dumps(dict(settings)))
    return plain
