"""The manifest: what a run is, how each stage was made, and the digest of every file.

It is written last and atomically, so its existence means that everything it lists is complete.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from core.artifacts.commands import command_for
from core.artifacts.schema import MANIFEST, SCHEMA_VERSION, Split, Stage
from core.errors import ArtifactError


class NewerSchemaError(ArtifactError):
    """The run was made by a later Misread; it must not be overwritten by this one."""


def _check_inside(path: str) -> str:
    """Refuse paths that lead out of the run: a manifest may come from somebody else."""
    parts = PurePosixPath(path)
    if not parts.parts or parts.is_absolute() or ".." in parts.parts or "\\" in path or ":" in path:
        raise ValueError(f"{path!r} is no path inside the run")
    return path


def _check_distinct(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a class name that stands for two labels: nobody could tell them apart on a page."""
    if len(set(classes)) < len(classes):
        raise ValueError("a class is named twice")
    return classes


RunPath = Annotated[str, AfterValidator(_check_inside)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRecord(_Record):
    """One file of a run; `rows` is None where rows make no sense (images, weights)."""

    sha256: str
    bytes: int
    rows: int | None = None


class StageRecord(_Record):
    """How one stage was made.

    `settings` and `inputs` (path → sha256) decide freshness; `facts` are what the stage found out, such as the
    precision it ran in or the number of truncated texts.
    """

    settings: dict[str, JsonValue]
    inputs: dict[str, str]
    files: dict[RunPath, FileRecord]
    seconds: float
    finished_at: str
    libraries: dict[str, str]
    facts: dict[str, JsonValue] = {}


class CorpusInfo(_Record):
    """Where the texts come from. `n_rows` counts per split; `notes` says what was dropped or changed on the way."""

    name: str
    source: str
    revision: str | None = None
    licence: str | None = None
    sha256: str
    classes: Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_check_distinct)]
    n_rows: dict[Split, Annotated[int, Field(ge=0)]]
    notes: tuple[str, ...] = ()


class EncoderInfo(_Record):
    """The frozen encoder; `sha256` is that of its weights, `dimension` the length of a vector."""

    name: str
    sha256: str
    pooling: Annotated[str, Field(pattern="^(cls|mean)$")]
    dimension: Annotated[int, Field(ge=1)]
    max_length: Annotated[int, Field(ge=1)]


class Manifest(_Record):
    """A run's identity and the record of every finished stage."""

    schema_version: Annotated[int, Field(strict=True, ge=SCHEMA_VERSION, le=SCHEMA_VERSION)]
    run: str
    corpus: CorpusInfo
    encoder: EncoderInfo | None = None
    stages: dict[Stage, StageRecord] = {}

    @property
    def n_rows(self) -> int:
        """Return the number of rows over all splits."""
        return sum(self.corpus.n_rows.values())

    @property
    def files(self) -> dict[str, FileRecord]:
        """Return every recorded file, by path inside the run."""
        return {path: record for stage in self.stages.values() for path, record in stage.files.items()}

    def to_json(self) -> str:
        """Return the manifest as it is written to disk."""
        return self.model_dump_json(indent=2) + "\n"


class RestoredFiles(_Record):
    """Files that `scripts.restore` put back on this machine; kept beside the manifest, never in git."""

    files: dict[RunPath, FileRecord]
    facts: dict[str, JsonValue] = {}

    def to_json(self) -> str:
        """Return the record as it is written to disk."""
        return self.model_dump_json(indent=2) + "\n"


def read_manifest(run_dir: Path) -> Manifest:
    """Read and check a run's manifest.

    Raises:
        ArtifactError: If it is missing, no JSON, or does not fit the schema.
        NewerSchemaError: If a later Misread made it.
    """
    manifest, _ = read_manifest_and_digest(run_dir)
    return manifest


def read_manifest_and_digest(run_dir: Path) -> tuple[Manifest, str]:
    """Read and check a run's manifest; return it with the sha256 of the very bytes that were read.

    Raises:
        ArtifactError: As for `read_manifest`.
    """
    path = run_dir / MANIFEST
    build = command_for(run_dir, "build")
    payload = _read_bytes(path, f"make the run with: {build}")
    record = _parse_object(payload, path, f"make the run again with: {build}")
    version = record.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"{path} has schema version {version}, this Misread reads up to {SCHEMA_VERSION}; update Misread, or make a"
            f" run of another name with: {command_for(run_dir.with_name('OTHER_NAME'), 'build')}"
        )
    try:
        manifest = Manifest.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ArtifactError(
            f"{path} does not fit schema version {SCHEMA_VERSION}: {where}: {first['msg']}; make the run again with:"
            f" {build}"
        ) from error
    return manifest, hashlib.sha256(payload).hexdigest()


def read_restored(path: Path) -> RestoredFiles:
    """Read the record of restored files; an absent one means that nothing was restored.

    Raises:
        ArtifactError: If the file is there but not readable as such a record.
    """
    if not path.exists():
        return RestoredFiles(files={})
    remedy = f"delete it and run: {command_for(path.parent, 'restore')}"
    try:
        return RestoredFiles.model_validate(_parse_object(_read_bytes(path, remedy), path, remedy))
    except ValidationError as error:
        raise ArtifactError(f"{path} is not a record of restored files; {remedy}") from error


def _read_bytes(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ArtifactError(f"{path} not found, so {path.parent} is no finished run; {remedy}") from error
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}); {remedy}") from error


def _parse_object(payload: bytes, path: Path, remedy: str) -> Mapping[str, object]:
    try:
        parsed = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{path} cannot be read as JSON ({error}); {remedy}") from error
    if not isinstance(parsed, dict):
        raise ArtifactError(f"{path} holds a JSON {type(parsed).__name__}, expected an object; {remedy}")
    return parsed
