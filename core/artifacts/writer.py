"""Writing the files of one stage, each under a temporary name first, with its digest and size for the manifest."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pydantic import JsonValue

from core.artifacts.checks import check_schema
from core.artifacts.files import (
    TEMPORARY_SUFFIX,
    atomic_path,
    cannot_write,
    sha256_of,
    sync,
    write_parquet,
    write_text,
)
from core.artifacts.manifest import CorpusInfo, EncoderInfo, FileRecord
from core.artifacts.schema import PROB_PREFIX, Table


@dataclass(slots=True, kw_only=True)
class StageWriter:
    """Collects the files of one stage, each written atomically; set `facts`, `corpus` or `encoder` to record them.

    `before_replacing` is called before each file takes its name.
    """

    root: Path
    files: dict[str, FileRecord] = field(default_factory=dict)
    facts: dict[str, JsonValue] = field(default_factory=dict)
    corpus: CorpusInfo | None = None
    encoder: EncoderInfo | None = None
    before_replacing: Callable[[], None] = lambda: None

    @contextmanager
    def path(self, path: str, *, n_rows: int | None = None) -> Iterator[Path]:
        """Yield a temporary path to write to; it becomes `path` of the run.

        Raises:
            ArtifactError: If it cannot be written.
        """
        with self._explained(path):
            with atomic_path(self.root / path) as temporary:
                yield temporary
                self.before_replacing()
            self._add(path, n_rows)

    def table(self, table: Table, frame: pd.DataFrame) -> None:
        """Write a frame with the columns and types of `table`.

        Raises:
            ArtifactError: If it cannot be written, or does not fit the schema.
        """
        arrow = pa.Table.from_pandas(frame, schema=_schema_for(table, frame), preserve_index=False)
        check_schema(self.root / table.path, arrow.schema, table, "this is a defect of Misread, please report it")
        with self._explained(table.path):
            self.before_replacing()
            write_parquet(self.root / table.path, arrow.replace_schema_metadata(None))
            self._add(table.path, len(frame))

    def text(self, path: str, text: str) -> None:
        """Write a UTF-8 file.

        Raises:
            ArtifactError: If it cannot be written.
        """
        with self._explained(path):
            self.before_replacing()
            write_text(self.root / path, text)
            self._add(path, None)

    @contextmanager
    def folder(self, path: str) -> Iterator[Path]:
        """Yield an empty temporary folder to fill; it becomes `path` of the run, with every file recorded.

        Raises:
            ArtifactError: If it cannot be written.
        """
        target = self.root / path
        temporary = target.with_name(f".{target.name}{TEMPORARY_SUFFIX}")
        with self._explained(path):
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            try:
                yield temporary
                for file in temporary.rglob("*"):
                    sync(file)
                self.before_replacing()
                shutil.rmtree(target, ignore_errors=True)
                temporary.rename(target)
                sync(target.parent)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            for file in sorted(target.rglob("*")):
                if file.is_file():
                    self._add(file.relative_to(self.root).as_posix(), None)

    @contextmanager
    def _explained(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise cannot_write(self.root / path, error) from error

    def _add(self, path: str, n_rows: int | None) -> None:
        self.files[path] = file_record(self.root / path, n_rows)


def file_record(path: Path, n_rows: int | None = None) -> FileRecord:
    """Return digest and size of a file on disk."""
    return FileRecord(sha256=sha256_of(path), bytes=path.stat().st_size, rows=n_rows)


def _schema_for(table: Table, frame: pd.DataFrame) -> pa.Schema:
    """Return the schema of a table with the further columns that a frame has; probabilities are always float32."""
    further = [name for name in frame.columns if name not in table.schema.names]
    inferred = pa.Schema.from_pandas(frame[further], preserve_index=False) if further else pa.schema([])
    fields = [field.with_type(pa.float32()) if field.name.startswith(PROB_PREFIX) else field for field in inferred]
    return pa.schema([*table.schema, *fields])
