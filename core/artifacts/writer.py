"""Writing the files of one stage, each under a temporary name first, with its digest and size for the manifest."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import JsonValue

from core.artifacts.checks import check_schema
from core.artifacts.files import (
    TEMPORARY_SUFFIX,
    atomic_path,
    cannot_write,
    sha256_of,
    sync,
)
from core.artifacts.manifest import CorpusInfo, EncoderInfo, FileRecord
from core.artifacts.schema import FAMILY_TYPES, Table


@dataclass(slots=True, kw_only=True)
class StageWriter:
    """Collects the files of one stage, each written atomically; set `facts`, `corpus` or `encoder` to record them.

    `before_replacing` is called before files take their names, with what will be recorded of them.
    """

    root: Path
    files: dict[str, FileRecord] = field(default_factory=dict)
    facts: dict[str, JsonValue] = field(default_factory=dict)
    corpus: CorpusInfo | None = None
    encoder: EncoderInfo | None = None
    before_replacing: Callable[[Mapping[str, FileRecord]], None] = lambda _: None

    @contextmanager
    def path(self, path: str, *, n_rows: int | None = None) -> Iterator[Path]:
        """Yield a temporary path to write to; it becomes `path` of the run.

        Raises:
            ArtifactError: If it cannot be written.
        """
        with self._explained(path):
            with atomic_path(self.root / path) as temporary:
                yield temporary
                records = {path: file_record(temporary, n_rows)}
                self.before_replacing(records)
            self._add(path, records[path])

    def table(self, table: Table, frame: pd.DataFrame) -> None:
        """Write a frame with the columns and types of `table`.

        Raises:
            ArtifactError: If it cannot be written, or does not fit the schema.
        """
        arrow = pa.Table.from_pandas(frame, schema=_schema_for(table, frame), preserve_index=False)
        check_schema(self.root / table.path, arrow.schema, table, "this is a defect of Misread, please report it")
        with self.path(table.path, n_rows=len(frame)) as path:
            pq.write_table(arrow.replace_schema_metadata(None), path, compression="zstd")

    def text(self, path: str, text: str) -> None:
        """Write a UTF-8 file.

        Raises:
            ArtifactError: If it cannot be written.
        """
        with self.path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")

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
                files = sorted(file for file in temporary.rglob("*") if file.is_file())
                records = {f"{path}/{file.relative_to(temporary).as_posix()}": file_record(file) for file in files}
                self.before_replacing(records)
                shutil.rmtree(target, ignore_errors=True)
                temporary.rename(target)
                sync(target.parent)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            for inside, record in records.items():
                self._add(inside, record)

    @contextmanager
    def _explained(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise cannot_write(self.root / path, error) from error

    def _add(self, path: str, record: FileRecord) -> None:
        self.files[path] = record


def file_record(path: Path, n_rows: int | None = None) -> FileRecord:
    """Return digest and size of a file on disk."""
    return FileRecord(sha256=sha256_of(path), bytes=path.stat().st_size, rows=n_rows)


def _schema_for(table: Table, frame: pd.DataFrame) -> pa.Schema:
    """Return the schema of a table with the further columns that a frame has, each in the type of its family."""
    further = [name for name in frame.columns if name not in table.schema.names]
    inferred = pa.Schema.from_pandas(frame[further], preserve_index=False) if further else pa.schema([])
    return pa.schema([*table.schema, *(field.with_type(_type_of(field)) for field in inferred)])


def _type_of(field: pa.Field) -> pa.DataType:
    return next((kind for prefix, kind in FAMILY_TYPES.items() if field.name.startswith(prefix)), field.type)
