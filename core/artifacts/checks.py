"""What a table must be before anybody sees a row of it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.artifacts.manifest import CorpusInfo
from core.artifacts.schema import (
    CLASS_COLUMNS,
    FAMILY_TYPES,
    META_PREFIX,
    NEIGHBOR_PREFIX,
    NONE,
    PROB_PREFIX,
    Origin,
    Table,
    probability_columns,
)
from core.errors import ArtifactError

_ROUNDING = 1e-5  # a softmax in float32 may round to a little more than 1
_SUM_TOLERANCE = 0.01


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
        for prefix, kind in FAMILY_TYPES.items():
            if field.name.startswith(prefix):
                _check_type(path, field, kind, remedy)


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
    path: Path, rows: pa.Table, table: Table, *, n_expected: int | None, corpus: CorpusInfo, remedy: str
) -> None:
    """Check the rows that were read: their number, no gaps, and values that mean something in this run.

    Only what was read is checked; all of it in whole columns, a few milliseconds for 20,000 rows.

    Raises:
        ArtifactError: If they do not fit the manifest.
    """
    if n_expected is not None and rows.num_rows != n_expected:
        raise ArtifactError(f"{path} has {rows.num_rows:,} rows, the manifest says {n_expected:,}; {remedy}")
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        problem = _problem_of_column(name, column, table, corpus)
        if problem is not None:
            raise ArtifactError(f"column {name!r} of {path} {problem}; {remedy}")
    probabilities = [name for name in rows.column_names if name.startswith(PROB_PREFIX)]
    if rows.num_rows and len(probabilities) == len(corpus.classes):
        sums = np.stack([rows[name].to_numpy() for name in probabilities]).sum(axis=0, dtype=np.float64)
        worst = float(sums[np.abs(sums - 1).argmax()])
        if abs(worst - 1) > _SUM_TOLERANCE:
            raise ArtifactError(f"the probabilities of a row of {path} sum to {worst:.3g}, expected 1; {remedy}")


def _problem_of_column(name: str, column: pa.ChunkedArray, table: Table, corpus: CorpusInfo) -> str | None:
    """Return what is wrong with the values of a column and what was expected, or None."""
    floating = pa.types.is_floating(column.type)
    if column.null_count and not name.startswith(META_PREFIX) and not (floating and table.gaps_in_measurements):
        return f"has {column.null_count:,} empty values, expected none"
    problem = None
    n_rows = sum(corpus.n_rows.values())
    if name == "id":
        problem = _out_of_order(column) if table.row_per_example else _outside(column, 0, n_rows - 1, "an id in")
    elif name == "other" or name.startswith(NEIGHBOR_PREFIX):
        problem = _outside(column, NONE, n_rows - 1, "an id, or -1, in")
    elif name == "cluster":
        problem = _outside(column, 0, n_rows - 1, "a cluster in")
    elif name == "suggested":
        problem = _outside(column, NONE, len(corpus.classes) - 1, "a class, or -1, in")
    elif name in table.choices:
        problem = _no_choice(column, table.choices[name])
    elif name in CLASS_COLUMNS:
        problem = _outside(column, 0, len(corpus.classes) - 1, "a class in")
    elif name.startswith(PROB_PREFIX):
        problem = _not_finite(column) or _outside(column, 0, 1, "a probability in", tolerance=_ROUNDING)
    elif name == "split":
        problem = _unlike_manifest(column, corpus)
    elif name == "origin":
        problem = _no_choice(column, Origin)
    elif floating and not name.startswith(META_PREFIX) and not table.gaps_in_measurements:
        problem = _not_finite(column)
    return problem


def _out_of_order(column: pa.ChunkedArray) -> str | None:
    in_order = np.array_equal(column.to_numpy(), np.arange(len(column)))
    return None if in_order else f"is not in order, expected 0…{len(column) - 1}"


def _no_choice(column: pa.ChunkedArray, choices: type[StrEnum]) -> str | None:
    unknown = set(pc.unique(column).to_pylist()) - set(choices)
    return f"holds {min(unknown)!r}, expected {', '.join(choices)}" if unknown else None


def _not_finite(column: pa.ChunkedArray) -> str | None:
    return None if pc.all(pc.is_finite(column)).as_py() in (True, None) else "holds values that are no finite number"


def _outside(column: pa.ChunkedArray, low: int, high: int, what: str, *, tolerance: float = 0.0) -> str | None:
    found = pc.min_max(column).as_py()
    if found["min"] is None or (low - tolerance <= found["min"] and found["max"] <= high + tolerance):
        return None
    return f"holds {found['min']:.7g}…{found['max']:.7g}, expected {what} {low}…{high}"


def _unlike_manifest(column: pa.ChunkedArray, corpus: CorpusInfo) -> str | None:
    found = {str(item["values"]): item["counts"] for item in pc.value_counts(column).to_pylist()}
    expected = {split.value: n_rows for split, n_rows in corpus.n_rows.items() if n_rows}
    if found == expected:
        return None
    return f"holds {_in_words(found)}, the manifest says {_in_words(expected)}"


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name!r} {counts[name]:,} times" for name in sorted(counts)[:6]) or "nothing"


def _check_type(path: Path, found: pa.Field, expected: pa.DataType, remedy: str) -> None:
    # pandas may have written the string type with 64-bit offsets; it reads back the same
    kind = pa.string() if pa.types.is_large_string(found.type) else found.type
    if kind != expected:
        raise ArtifactError(f"column {found.name!r} of {path} is {found.type}, expected {expected}; {remedy}")
