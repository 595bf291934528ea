import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from core.analysis.calibration import RunCalibration
from core.analysis.comparison import RunComparison
from core.analysis.corpus_warnings import CorpusWarnings
from core.analysis.metrics import RunMetrics
from core.analysis.slices import RunSlices
from core.artifacts import schema
from core.artifacts.manifest import Manifest, RestoredFiles
from core.artifacts.schema import META_PREFIX, PROB_PREFIX, TABLES, Stage

README = Path(__file__).parents[2] / "artifacts" / "README.md"
FURTHER_COLUMNS = {
    META_PREFIX: ("meta_<name>", "any"),
    PROB_PREFIX: ("prob_<k>", "float"),
    schema.NEIGHBOR_PREFIX: ("neighbor_<j>", "int32"),
    schema.SIMILARITY_PREFIX: ("similarity_<j>", "float"),
}
FOLDERS = {schema.FINETUNED_DIR: "fine_tune", schema.FIGURES_DIR: "analyze/figures"}
FILES = {
    schema.MANIFEST: "every one",
    schema.RESTORED: "`scripts.restore`",
    schema.EMBEDDINGS: "extract_features",
    schema.METRICS: "analyze/metrics",
    schema.COMPARISON: "analyze/comparison",
    schema.CALIBRATION: "analyze/calibration",
    schema.CORPUS_WARNINGS: "analyze/warnings",
    schema.SLICES: "analyze/slices",
    schema.LOGREG_HEAD: "train_baselines",
    schema.LOGREG_ESTIMATOR: "train_baselines",
    **{table.path: table.stage.value for table in TABLES},
    **{f"{folder}/": stage for folder, stage in FOLDERS.items()},
}


def section(heading: str) -> list[list[str]]:
    """Return the table rows under a heading that names a file, as lists of cells."""
    parts = re.split(r"^#+ (.*)$", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    bodies = [body for title, body in zip(parts[1::2], parts[2::2], strict=True) if heading in title]
    assert len(bodies) == 1, f"{heading} has {len(bodies)} sections"
    rows = [line.strip("|").split("|") for line in bodies[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def fields_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield every field of a model as the README writes it."""
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        kinds += [inner for kind in kinds for inner in get_args(kind)]
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        many = str(field.annotation)
        if inner is None:
            yield prefix + name
        elif many.startswith("dict"):
            yield from fields_of(inner, f"{prefix}{name}.<{'stage' if 'Stage' in many else 'path'}>.")
        else:
            yield from fields_of(inner, f"{prefix}{name}{'[]' if many.startswith('tuple') else ''}.")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_readme_names_exactly_the_columns_and_types_of_a_table(table: schema.Table) -> None:
    documented = [(name.strip("`"), kind) for name, kind, _ in section(f"`{table.path}`")]
    expected = [(field.name, str(field.type)) for field in table.schema]
    assert documented == expected + [FURTHER_COLUMNS[prefix] for prefix in table.open_prefixes]


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("`manifest.json`", Manifest),
        ("`restored.json`", RestoredFiles),
        ("`metrics.json`", RunMetrics),
        ("`comparison.json`", RunComparison),
        ("`calibration.json`", RunCalibration),
        ("`corpus_warnings.json`", CorpusWarnings),
        ("`slices.json`", RunSlices),
    ],
)
def test_readme_names_exactly_the_fields_of_a_json_file(heading: str, model: type[BaseModel]) -> None:
    assert sorted(name.strip("`") for name, _ in section(heading)) == sorted(fields_of(model))


def test_readme_lists_exactly_the_files_of_a_run_with_their_stages() -> None:
    assert {name.strip("`"): stage.strip("`") for name, stage, _ in section("Files")} == {
        path: stage.strip("`") for path, stage in FILES.items()
    }


def test_list_of_files_above_is_complete() -> None:
    constants = {value for name, value in vars(schema).items() if name.isupper() and isinstance(value, str)}
    paths = {value for value in constants if "." in value or name_of_folder(value)}
    assert paths - {schema.LOGREG_DIR} == {path.rstrip("/") for path in FILES} - {table.path for table in TABLES}


def name_of_folder(value: str) -> bool:
    return value in {schema.FINETUNED_DIR, schema.FIGURES_DIR, schema.LOGREG_DIR}


def test_every_stage_makes_a_file() -> None:
    assert {stage.value for stage in Stage} <= set(FILES.values())


def test_readme_names_no_file_that_a_run_does_not_have() -> None:
    named = set(re.findall(r"`([\w/]+\.(?:parquet|json|npy|safetensors|joblib))`", README.read_text(encoding="utf-8")))
    assert named - set(FILES) == {"logreg.joblib"}


def test_readme_states_the_schema_version() -> None:
    assert f"schema version {schema.SCHEMA_VERSION}." in README.read_text(encoding="utf-8")
