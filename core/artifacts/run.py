"""Reading a run: every file is checked against the schema and the manifest before anybody sees a row."""

import hashlib
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.artifacts.checks import check_probability_columns, check_rows, check_schema
from core.artifacts.commands import DEFAULT_ARTIFACTS_DIR, command_for
from core.artifacts.files import sha256_of
from core.artifacts.manifest import FileRecord, Manifest, RestoredFiles, read_manifest_and_digest, read_restored
from core.artifacts.schema import (
    EMBEDDINGS,
    FINETUNED_DIR,
    MANIFEST,
    PROB_PREFIX,
    RESTORED,
    TEXTS,
    ModelName,
    Stage,
    Table,
    predictions_table,
    probability_columns,
)
from core.errors import ArtifactError

_RESTORED_STAGES = frozenset({Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES, Stage.FINE_TUNE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it was when its manifest was read; the files are read on demand.

    `digest` is the sha256 of manifest and restored record together: it changes when anything readable changes, which
    makes it the key for every cache.
    """

    root: Path
    manifest: Manifest
    restored: RestoredFiles
    digest: str
    _manifest_sha256: str = field(repr=False)

    @classmethod
    def open(cls, root: Path) -> "Run":
        """Read the manifest of the run in `root`.

        Raises:
            ArtifactError: If there is no readable manifest.
        """
        manifest, manifest_sha256 = read_manifest_and_digest(root)
        restored = read_restored(root / RESTORED)
        digest = hashlib.sha256(f"{manifest_sha256}{restored.model_dump_json()}".encode()).hexdigest()
        return cls(root=root, manifest=manifest, restored=restored, digest=digest, _manifest_sha256=manifest_sha256)

    @property
    def name(self) -> str:
        """Return the run's name, which is its folder's."""
        return self.root.name

    @property
    def models(self) -> tuple[ModelName, ...]:
        """Return the models whose predictions are there, from the humblest to the best expected."""
        return tuple(model for model in ModelName if self.has(predictions_table(model).path))

    def record(self, path: str) -> FileRecord | None:
        """Return what is known of a file: as restored on this machine, else as the manifest lists it."""
        return self.restored.files.get(path) or self.manifest.files.get(path)

    def has(self, path: str) -> bool:
        """Return whether a recorded file is on disk with the recorded size."""
        record = self.record(path)
        return record is not None and _size(self.root / path) == record.bytes

    def has_stage(self, stage: Stage) -> bool:
        """Return whether a stage is recorded and all of its files are on disk."""
        record = self.manifest.stages.get(stage)
        return record is not None and all(self.has(path) for path in record.files)

    @property
    def has_checkpoint(self) -> bool:
        """Return whether every file of the fine-tuned checkpoint is there, as recorded or restored."""
        record = self.manifest.stages.get(Stage.FINE_TUNE)
        recorded = [] if record is None else [path for path in record.files if _in_checkpoint(path)]
        return bool(recorded) and all(self.has(path) for path in recorded)

    def read_table(self, table: Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a Parquet file of the run, in id order.

        Args:
            table: Which file.
            columns: Only these columns; all when None.

        Raises:
            ArtifactError: If the file is missing, damaged, or differs from schema or manifest.
        """
        path, record = self._require(table.path, table.stage)
        remedy = self._remedy_for_content(table.stage, table.path)
        with self._reading(path, "Parquet", remedy):
            found = pq.read_schema(path)
            check_schema(path, found, table, remedy)
            if PROB_PREFIX in table.open_prefixes:
                check_probability_columns(path, found, len(self.manifest.corpus.classes), remedy)
            lacking = [name for name in columns or () if name not in found.names]
            if lacking:
                raise ArtifactError(f"{path} has no column {lacking[0]!r} (found: {', '.join(found.names)}); {remedy}")
            rows = pq.read_table(path, columns=None if columns is None else list(columns))
            check_rows(
                path,
                rows,
                table,
                n_expected=self.manifest.n_rows if table.row_per_example else record.rows,
                corpus=self.manifest.corpus,
                remedy=remedy,
            )
            frame: pd.DataFrame = rows.to_pandas(ignore_metadata=True)
        return frame

    def read_probabilities(self, model: ModelName) -> npt.NDArray[np.float32]:
        """Return a model's class probabilities, shape (rows, classes), row i belonging to id i.

        Raises:
            ArtifactError: If the predictions are missing or damaged.
        """
        columns = probability_columns(len(self.manifest.corpus.classes))
        frame = self.read_table(predictions_table(model), columns)
        return frame[columns].to_numpy(dtype=np.float32)

    def read_embeddings(self) -> npt.NDArray[np.float16]:
        """Return the embeddings, float16 of shape (rows, dimension), as a read-only memory map.

        Raises:
            ArtifactError: If the file is missing or its type or shape is not what the manifest says.
        """
        path, _ = self._require(EMBEDDINGS, Stage.EXTRACT_FEATURES)
        remedy = self._remedy_for_content(Stage.EXTRACT_FEATURES, EMBEDDINGS)
        encoder = self.manifest.encoder
        with self._reading(path, "a NumPy array", remedy):
            # unlike np.load, this knows neither pickles nor zip archives
            embeddings: npt.NDArray[np.float16] = np.lib.format.open_memmap(path, mode="r")
            expected = (self.manifest.n_rows, encoder.dimension if encoder else 0)
            if embeddings.dtype != np.float16 or embeddings.shape != expected:
                raise ArtifactError(
                    f"{path} holds {embeddings.dtype} {embeddings.shape}, expected float16 {expected}; {remedy}"
                )
        return embeddings

    def read_bytes(self, path: str, stage: Stage) -> bytes:
        """Return the bytes of a recorded file.

        Raises:
            ArtifactError: If it is missing or changed.
        """
        file, _ = self._require(path, stage)
        with self._reading(file, "a file", self._remedy_for_content(stage, path)):
            payload: bytes = file.read_bytes()
        return payload

    def verify(self) -> list[str]:
        """Compare every file on disk with its recorded sha256 and return the paths that differ, sorted."""
        recorded = self.manifest.files | self.restored.files
        return sorted(
            path
            for path, record in recorded.items()
            if (self.root / path).is_file() and sha256_of(self.root / path) != record.sha256
        )

    def _require(self, path: str, stage: Stage) -> tuple[Path, FileRecord]:
        file = self.root / path
        record = self.record(path)
        if record is None:
            raise ArtifactError(f"the run {self.name} has no {path} yet; {self._remedy(stage, path)}")
        n_bytes = _size(file)
        if n_bytes is None:
            self._check_unchanged()
            raise ArtifactError(f"{file} is missing, though the manifest lists it; {self._remedy(stage, path)}")
        if n_bytes != record.bytes:
            self._check_unchanged()
            raise ArtifactError(
                f"{file} has {n_bytes:,} bytes, the manifest says {record.bytes:,}; {self._remedy(stage, path)}"
            )
        return file, record

    @contextmanager
    def _reading(self, path: Path, kind: str, remedy: str) -> Iterator[None]:
        """Say in one sentence what is wrong with a file, unless the run was exchanged while it was read."""
        try:
            yield
        except ArtifactError:
            self._check_unchanged()
            raise
        except (pa.ArrowException, ValueError, OSError) as error:
            self._check_unchanged()
            reason = " ".join(str(error).split())
            raise ArtifactError(f"{path} cannot be read as {kind} ({reason}); {remedy}") from error
        self._check_unchanged()

    def _check_unchanged(self) -> None:
        manifest = self.root / MANIFEST
        if not manifest.exists() or sha256_of(manifest) != self._manifest_sha256:
            raise ArtifactError(f"the run {self.name} was rebuilt while it was being read; open it again")

    def _remedy(self, stage: Stage, path: str) -> str:
        return f"make it with: {stage_command(self, stage, path)}"

    def _remedy_for_content(self, stage: Stage, path: str) -> str:
        # as long as a file of the recorded size is there, no script makes it again
        return f"delete it, then {self._remedy(stage, path)}"


def stage_command(run: Run, stage: Stage, path: str | None = None) -> str:
    """Return the shell command that makes a file of a stage.

    Args:
        run: The run.
        stage: The stage that the file belongs to.
        path: The file; None stands for what `restore` puts back of this stage, if it does, else for all of its files.

    Returns:
        `restore` for texts, vectors and checkpoint that were made once, `build` for any other file that was, and the
        script of a stage that was never made.
    """
    record = run.manifest.stages.get(stage)
    if record is None or (path is None and stage not in _RESTORED_STAGES):
        return command_for(run.root, stage.script)
    if path is not None and not (path in record.files and _is_restorable(path)):
        return command_for(run.root, "build")
    corpus = run.manifest.corpus
    if corpus.source == "package":
        return command_for(run.root, "restore")
    # a hub corpus, or a local copy of one, is found under its name; any other file only by whoever has it
    dataset = corpus.name if corpus.source in ("hub", "local copy") else corpus.source
    return command_for(run.root, "restore", "--dataset", dataset)


def find_runs(artifacts_dir: Path = DEFAULT_ARTIFACTS_DIR) -> list[str]:
    """Return the names of the folders that hold a manifest, sorted; readable or not."""
    if not artifacts_dir.is_dir():
        return []
    return sorted(path.parent.name for path in artifacts_dir.glob(f"[!.]*/{MANIFEST}"))


def _in_checkpoint(path: str) -> bool:
    return path.startswith(f"{FINETUNED_DIR}/")


def _is_restorable(path: str) -> bool:
    """Return whether `scripts.restore` can put a file back."""
    return path in (TEXTS.path, EMBEDDINGS) or _in_checkpoint(path)


def _size(file: Path) -> int | None:
    """Return the size of a regular file in bytes, or None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
