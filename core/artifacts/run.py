"""Reading a run: every file is checked against the schema and the manifest before anybody sees a row."""

import hashlib
import shlex
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
from core.artifacts.files import sha256_of
from core.artifacts.manifest import FileRecord, Manifest, RestoredFiles, read_manifest_and_digest, read_restored
from core.artifacts.schema import (
    EMBEDDINGS,
    MANIFEST,
    PROB_PREFIX,
    RESTORED,
    ModelName,
    Stage,
    Table,
    predictions_table,
    probability_columns,
)
from core.errors import ArtifactError

DEFAULT_ARTIFACTS_DIR = Path("artifacts")


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

    def read_table(self, table: Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a Parquet file of the run, in id order.

        Args:
            table: Which file.
            columns: Only these columns; all when None.

        Raises:
            ArtifactError: If the file is missing, damaged, or differs from schema or manifest.
        """
        path, record = self._require(table.path, table.stage)
        remedy = self._remedy(table.stage)
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
                n_classes=len(self.manifest.corpus.classes),
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
        remedy = self._remedy(Stage.EXTRACT_FEATURES)
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
        with self._reading(file, "a file", self._remedy(stage)):
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
            raise ArtifactError(f"the run {self.name} has no {path} yet; {self._remedy(stage)}")
        n_bytes = _size(file)
        if n_bytes is None:
            self._check_unchanged()
            raise ArtifactError(f"{file} is missing, though the manifest lists it; {self._remedy(stage)}")
        if n_bytes != record.bytes:
            self._check_unchanged()
            raise ArtifactError(
                f"{file} has {n_bytes:,} bytes, the manifest says {record.bytes:,}; {self._remedy(stage)}"
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

    def _remedy(self, stage: Stage) -> str:
        return f"make it with: {stage_command(self, stage)}"


def stage_command(run: Run, stage: Stage) -> str:
    """Return the shell command that makes a stage's files: `restore` for what was made once, else the script."""
    name = shlex.quote(run.name)
    corpus = run.manifest.corpus
    restorable = stage in (Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES, Stage.FINE_TUNE)
    if stage not in run.manifest.stages or not restorable:
        return f"python -m scripts.{stage.script} --run {name}"
    if corpus.source == "package":
        return f"python -m scripts.restore {name}"
    # a hub corpus, or a local copy of one, is found under its name; any other file only by whoever has it
    dataset = corpus.name if corpus.source in ("hub", "local copy") else corpus.source
    return f"python -m scripts.restore {name} --dataset {shlex.quote(dataset)}"


def find_runs(artifacts_dir: Path = DEFAULT_ARTIFACTS_DIR) -> list[str]:
    """Return the names of the folders that hold a manifest, sorted; readable or not."""
    if not artifacts_dir.is_dir():
        return []
    return sorted(path.parent.name for path in artifacts_dir.glob(f"[!.]*/{MANIFEST}"))


def _size(file: Path) -> int | None:
    """Return the size of a regular file in bytes, or None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
