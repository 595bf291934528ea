"""What a table must be before anybody sees a row of it."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.artifacts.schema import CLASS_COLUMNS, PROB_PREFIX, Table, probability_columns
from core.errors import ArtifactError


def check_schema(path: Path, found: pa.Schema, table: Table, remedy: str) -> None:
    """Check a Parquet schema against the contract.

    Raises:
        ArtifactError: If a column is missing, of another type, or unknown.
    """
    for expected in table.schema:
        position = found.get_field_index(expected.name)
        if position < 0:
            raise ArtifactError(f"{path} has no column {expected.name!r} (found: {', '.join(found.names)}); {remedy}")
        _check_type(path, found.field(position), expected.type, remedy)
    for field in found:
        if field.name in table.schema.names:
            continue
        if not field.name.startswith(table.open_prefixes or ("\0",)):
            raise ArtifactError(
                f"{path} has the unknown column {field.name!r}, expected only {', '.join(table.schema.names)}; {remedy}"
            )
        if field.name.startswith(PROB_PREFIX):
            _check_type(path, field, pa.float32(), remedy)


def check_probability_columns(path: Path, found: pa.Schema, n_classes: int, remedy: str) -> None:
    """Check that there is one probability column per class.

    Raises:
        ArtifactError: If one is missing or too many.
    """
    names = [name for name in found.names if name.startswith(PROB_PREFIX)]
    if sorted(names) != sorted(probability_columns(n_classes)):
        raise ArtifactError(
            f"{path} has {len(names)} probability columns ({', '.join(names) or 'none'}), expected one per class,"
            f" {PROB_PREFIX}0…{PROB_PREFIX}{n_classes - 1}; {remedy}"
        )


def check_rows(
    path: Path, rows: pa.Table, table: Table, *, n_expected: int | None, n_classes: int, remedy: str
) -> None:
    """Check the rows that were read: their number, their ids, no gaps, and labels that name a class.

    Raises:
        ArtifactError: If they do not fit the manifest.
    """
    if n_expected is not None and rows.num_rows != n_expected:
        raise ArtifactError(f"{path} has {rows.num_rows:,} rows, the manifest says {n_expected:,}; {remedy}")
    for field in table.schema:
        if field.name not in rows.column_names:
            continue
        column = rows[field.name]
        if column.null_count and not pa.types.is_floating(field.type):
            raise ArtifactError(
                f"column {field.name!r} of {path} has {column.null_count:,} empty values, expected none; {remedy}"
            )
        counted = field.name == "id" and table.row_per_example
        if counted and not np.array_equal(column.to_numpy(), np.arange(rows.num_rows)):
            raise ArtifactError(f"the ids of {path} are not in order, expected 0…{rows.num_rows - 1}; {remedy}")
        if field.name in CLASS_COLUMNS and rows.num_rows:
            extremes = pc.min_max(column).as_py()
            if extremes["min"] < 0 or extremes["max"] >= n_classes:
                raise ArtifactError(
                    f"column {field.name!r} of {path} holds {extremes['min']}…{extremes['max']}, expected a class in"
                    f" 0…{n_classes - 1}; {remedy}"
                )


def _check_type(path: Path, found: pa.Field, expected: pa.DataType, remedy: str) -> None:
    # pandas may have written the string type with 64-bit offsets; it reads back the same
    kind = pa.string() if pa.types.is_large_string(found.type) else found.type
    if kind != expected:
        raise ArtifactError(f"column {found.name!r} of {path} is {found.type}, expected {expected}; {remedy}")
