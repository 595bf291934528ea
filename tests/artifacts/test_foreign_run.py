import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.artifacts.checks import check_rows
from core.artifacts.manifest import CorpusInfo
from core.artifacts.run import Run, stage_command
from core.artifacts.schema import (
    ATTRIBUTIONS,
    BEHAVIOUR,
    CLUSTERS,
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    ISSUES,
    NEIGHBORS,
    PROJECTION,
    TABLES,
    TEXTS,
    TRAINING_LOG,
    ModelName,
    Stage,
    Table,
    predictions_table,
    probability_columns,
)
from core.artifacts.writer import file_record
from core.errors import ArtifactError
from tests.artifacts.small_run import FRAMES, VECTORS, examples, texts

LOGREG = predictions_table(ModelName.LOGREG)
PREDICTIONS = FRAMES[LOGREG].astype({"prob_0": "float32", "prob_1": "float32"})
RESTORE = "delete it, then make it with: python -m scripts.restore small"


MAP = FRAMES[PROJECTION]


def with_probability(first: float | None) -> pd.DataFrame:
    """Return predictions with another first value of prob_0."""
    return PREDICTIONS.assign(prob_0=np.array([first, 0.25, 0.5], dtype=np.float32))


def replace_file(run: Run, path: str, write: Callable[[Path], object]) -> Run:
    """Write a file and give it a matching record in the manifest, as a foreign run would have it."""
    write(run.root / path)
    manifest = json.loads((run.root / "manifest.json").read_text(encoding="utf-8"))
    for stage in manifest["stages"].values():
        if path in stage["files"]:
            stage["files"][path] = file_record(run.root / path).model_dump()
    (run.root / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Run.open(run.root)


def replace_table(run: Run, table: Table, frame: pd.DataFrame, **types: pa.DataType) -> Run:
    fields = [types.get(field.name, field.type) for field in table.schema]
    schema = pa.schema([*zip(table.schema.names, fields, strict=True)])
    further = pa.Schema.from_pandas(frame[[name for name in frame if name not in schema.names]])
    further = [field.with_type(types.get(field.name, field.type)) for field in further]
    schema = pa.schema([field for field in [*schema, *further] if field.name in frame])
    arrow = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    return replace_file(run, table.path, lambda path: pq.write_table(arrow, path))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_damaged_bytes_of_the_right_length_are_no_parquet(small_run: Run, table: Table) -> None:
    path = small_run.root / table.path
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(
        ArtifactError, match=r"cannot be read as Parquet \(.*\); delete it, then make it with: python -m"
    ):
        small_run.read_table(table)


def test_flipped_bytes_of_the_data_are_refused_or_found_by_verify(small_run: Run) -> None:
    path = small_run.root / TEXTS.path
    payload = bytearray(path.read_bytes())
    payload[4:60] = bytes(56)
    path.write_bytes(payload)
    with pytest.raises(ArtifactError, match="cannot be read as Parquet"):
        small_run.read_table(TEXTS)
    assert small_run.verify() == [TEXTS.path]


@pytest.mark.parametrize(
    ("table", "frame", "types", "found"),
    [
        (TEXTS, texts().drop(columns="text"), {}, "has no column 'text' (found: id)"),
        (TEXTS, texts(), {"id": pa.int64()}, "column 'id' of {path} is int64, expected int32"),
        (EXAMPLES, examples(), {"label": pa.int64()}, "column 'label' of {path} is int64, expected int16"),
        (TEXTS, texts().assign(author="me"), {}, "has the unknown column 'author', expected only id, text"),
        (FEATURES, FRAMES[FEATURES].assign(meta_a=1), {}, "has the unknown column 'meta_a'"),
        (TEXTS, texts()[:2], {}, "has 2 rows, the manifest says 3"),
        (TEXTS, pd.concat([texts(), texts()]), {}, "has 6 rows, the manifest says 3"),
        (TEXTS, texts()[::-1], {}, "column 'id' of {path} is not in order, expected 0…2"),
        (TEXTS, texts().assign(id=[0, 1, 1]), {}, "column 'id' of {path} is not in order, expected 0…2"),
        (TEXTS, texts().assign(text=["a", None, "b"]), {}, "column 'text' of {path} has 1 empty values, expected none"),
        (
            EXAMPLES,
            examples().assign(split=["train", "dev", "test"]),
            {},
            "column 'split' of {path} holds 'dev' 1 times, 'test' 1 times, 'train' 1 times, the manifest says 'test' 1",
        ),
        (
            EXAMPLES,
            examples().assign(split=["train", "train", "test"]),
            {},
            "column 'split' of {path} holds 'test' 1 times, 'train' 2 times, the manifest says 'test' 1 times, 'train'",
        ),
        (PROJECTION, MAP.assign(umap_x=[0, np.nan, 1]), {}, "column 'umap_x' of {path} has 1 empty values, expected"),
        (PROJECTION, MAP.assign(pca_y=[0, np.inf, 1]), {}, "column 'pca_y' of {path} holds values that are no finite"),
        (LOGREG, PREDICTIONS.assign(origin="guessed"), {}, "column 'origin' of {path} holds 'guessed', expected held_"),
        (LOGREG, with_probability(None), {}, "column 'prob_0' of {path} has 1 empty values, expected none"),
        (LOGREG, with_probability(np.inf), {}, "column 'prob_0' of {path} holds values that are no finite number"),
        (LOGREG, with_probability(1.5), {}, "column 'prob_0' of {path} holds 0.25…1.5, expected a probability in 0…1"),
        (LOGREG, with_probability(-0.5), {}, "column 'prob_0' of {path} holds -0.5…0.5, expected a probability in 0…1"),
        (LOGREG, with_probability(0.25), {}, "the probabilities of a row of {path} sum to 0.5, expected 1"),
        (EXAMPLES, examples().assign(label=[0, 2, 0]), {}, "column 'label' of {path} holds 0…2, expected a class in"),
        (EXAMPLES, examples().assign(label=[-1, 0, 0]), {}, "column 'label' of {path} holds -1…0, expected a class"),
        (LOGREG, PREDICTIONS.assign(pred=[0, 1, 7]), {}, "column 'pred' of {path} holds 0…7, expected a class in 0…1"),
        (
            LOGREG,
            PREDICTIONS.assign(prob_1="high"),
            {},
            "column 'prob_1' of {path} is large_string, expected float",
        ),
        (
            LOGREG,
            PREDICTIONS.rename(columns={"prob_1": "prob_2"}),
            {},
            "has 2 probability columns (prob_0, prob_2), expected one per class, prob_0…prob_1",
        ),
        (
            LOGREG,
            PREDICTIONS.drop(columns=["prob_0", "prob_1"]),
            {},
            "has 0 probability columns (none), expected one per class, prob_0…prob_1",
        ),
        (
            NEIGHBORS,
            FRAMES[NEIGHBORS].assign(neighbor_0=[-2, 0, 0]),
            {"neighbor_0": pa.int32(), "similarity_0": pa.float32()},
            "column 'neighbor_0' of {path} holds -2…0, expected an id, or -1, in -1…2",
        ),
        (NEIGHBORS, FRAMES[NEIGHBORS], {"neighbor_0": pa.int64()}, "column 'neighbor_0' of {path} is int64, expected"),
        (CLUSTERS, FRAMES[CLUSTERS].assign(cluster=[0, -1, 0]), {}, "column 'cluster' of {path} holds -1…0, expected"),
        (ISSUES, FRAMES[ISSUES].assign(id=[1, 3]), {}, "column 'id' of {path} holds 1…3, expected an id in 0…2"),
        (ISSUES, FRAMES[ISSUES].assign(issue="evil"), {}, "column 'issue' of {path} holds 'evil', expected suspected_"),
        (ISSUES, FRAMES[ISSUES].assign(other=[-1, 3]), {}, "column 'other' of {path} holds -1…3, expected an id, or"),
        (ISSUES, FRAMES[ISSUES].assign(suggested=2), {}, "column 'suggested' of {path} holds 2…2, expected a class"),
        (ATTRIBUTIONS, FRAMES[ATTRIBUTIONS].assign(target=5), {}, "column 'target' of {path} holds 5…5, expected a cl"),
        (BEHAVIOUR, FRAMES[BEHAVIOUR].assign(model="gpt"), {}, "column 'model' of {path} holds 'gpt', expected dummy"),
        (BEHAVIOUR, FRAMES[BEHAVIOUR].assign(edit="evil"), {}, "column 'edit' of {path} holds 'evil', expected lower_"),
        (BEHAVIOUR, FRAMES[BEHAVIOUR].assign(original_pred=5), {}, "column 'original_pred' of {path} holds 5…5, expec"),
    ],
)  # fmt: skip
def test_foreign_table_is_refused(
    small_run: Run, table: Table, frame: pd.DataFrame, types: dict[str, pa.DataType], found: str
) -> None:
    run = replace_table(small_run, table, frame, **types)
    with pytest.raises(ArtifactError) as caught:
        run.read_table(table)
    assert found.format(path=run.root / table.path) in str(caught.value)
    command = stage_command(run, table.stage, table.path)
    assert str(caught.value).endswith(f"; delete it, then make it with: {command}")


def test_number_that_is_no_number_is_refused_where_pandas_would_have_written_a_gap(small_run: Run) -> None:
    arrow = pa.Table.from_pandas(MAP, schema=PROJECTION.schema, preserve_index=False)
    column = arrow.schema.get_field_index("umap_y")
    arrow = arrow.set_column(column, arrow.schema.field(column), pa.array(np.array([0, np.nan, 1], np.float32)))
    run = replace_file(small_run, PROJECTION.path, lambda path: pq.write_table(arrow, path))
    with pytest.raises(ArtifactError, match=r"column 'umap_y' of .* holds values that are no finite number"):
        run.read_table(PROJECTION)


def test_rounding_of_a_softmax_and_gaps_in_metadata_are_no_damage(small_run: Run) -> None:
    run = replace_table(
        small_run,
        LOGREG,
        PREDICTIONS.assign(
            prob_0=np.float32([1.0000002, 0.25, 0.5]), prob_1=PREDICTIONS["prob_1"].where([False, True, True], 0)
        ),
    )
    assert run.read_probabilities(ModelName.LOGREG)[0].tolist() == [np.float32(1.0000002), 0]
    run = replace_table(run, EXAMPLES, examples().assign(meta_stars=[5, np.nan, 4]))
    assert run.read_table(EXAMPLES)["meta_stars"].isna().tolist() == [False, True, False]


def test_checking_twenty_thousand_rows_takes_little(tmp_path: Path) -> None:
    n_rows, n_classes = 20_000, 6
    classes = tuple(f"c{k}" for k in range(n_classes))
    corpus = CorpusInfo(name="a", source="a.csv", sha256="0", classes=classes, n_rows={"train": n_rows})
    frame = pd.DataFrame({"id": range(n_rows), "pred": 0, "origin": "in_sample"})
    arrow = pa.Table.from_pandas(frame, schema=LOGREG.schema, preserve_index=False)
    for name in probability_columns(n_classes):
        arrow = arrow.append_column(name, pa.array(np.full(n_rows, 1 / n_classes, np.float32)))
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        check_rows(tmp_path, arrow, LOGREG, n_expected=n_rows, corpus=corpus, remedy="")
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.05


def test_row_count_of_the_training_log_is_that_of_the_manifest(small_run: Run) -> None:
    record = small_run.manifest.files[TRAINING_LOG.path].model_copy(update={"rows": 5})
    stage = small_run.manifest.stages[Stage.FINE_TUNE]
    stage = stage.model_copy(update={"files": {**stage.files, TRAINING_LOG.path: record}})
    stages = {**small_run.manifest.stages, Stage.FINE_TUNE: stage}
    manifest = small_run.manifest.model_copy(update={"stages": stages})
    (small_run.root / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    with pytest.raises(ArtifactError, match="has 2 rows, the manifest says 5"):
        Run.open(small_run.root).read_table(TRAINING_LOG)


def test_pandas_metadata_of_a_foreign_file_cannot_hide_a_column(small_run: Run) -> None:
    arrow = pa.Table.from_pandas(texts(), schema=TEXTS.schema)
    described = json.loads(arrow.schema.metadata[b"pandas"]) | {"index_columns": ["id"]}
    arrow = arrow.replace_schema_metadata({"pandas": json.dumps(described)})
    assert arrow.to_pandas().columns.tolist() == ["text"]
    run = replace_file(small_run, TEXTS.path, lambda path: pq.write_table(arrow, path))
    assert sorted(run.read_table(TEXTS).columns) == ["id", "text"]


@pytest.mark.parametrize(
    ("embeddings", "found"),
    [
        (VECTORS.astype(np.float32), "holds float32 (3, 2), expected float16 (3, 2)"),
        (VECTORS.astype(">f2"), "holds >f2 (3, 2), expected float16 (3, 2)"),
        (VECTORS[:2], "holds float16 (2, 2), expected float16 (3, 2)"),
        (VECTORS.T.copy(), "holds float16 (2, 3), expected float16 (3, 2)"),
        (VECTORS.ravel(), "holds float16 (6,), expected float16 (3, 2)"),
        (np.array([["a", {}]] * 3, dtype=object), "cannot be read as a NumPy array"),
    ],
)
def test_foreign_embeddings_are_refused(small_run: Run, embeddings: np.ndarray, found: str) -> None:
    run = replace_file(small_run, EMBEDDINGS, lambda path: np.save(path, embeddings))
    with pytest.raises(ArtifactError) as caught:
        run.read_embeddings()
    assert found in str(caught.value)
    assert f"; {RESTORE}" in str(caught.value)


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("exploded"),))


def test_pickled_embeddings_are_not_unpickled(small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = replace_file(small_run, EMBEDDINGS, lambda path: np.save(path, np.array([Bomb()]), allow_pickle=True))
    with pytest.raises(ArtifactError, match="cannot be read as a NumPy array"):
        run.read_embeddings()
    assert not (tmp_path / "exploded").exists()
    np.load(run.root / EMBEDDINGS, allow_pickle=True)
    assert (tmp_path / "exploded").exists()


@pytest.mark.parametrize("payload", [b"", b"\x93NUMPY", b"PK\x03\x04 a zip archive", b"\x80\x04N."])
def test_what_is_no_array_is_refused(small_run: Run, payload: bytes) -> None:
    run = replace_file(small_run, EMBEDDINGS, lambda path: path.write_bytes(payload))
    with pytest.raises(ArtifactError, match=f"embeddings.npy cannot be read as a NumPy array .*{RESTORE}"):
        run.read_embeddings()


def test_array_shorter_than_its_header_says_is_refused(small_run: Run) -> None:
    payload = (small_run.root / EMBEDDINGS).read_bytes()[:-1]
    run = replace_file(small_run, EMBEDDINGS, lambda path: path.write_bytes(payload))
    with pytest.raises(ArtifactError, match="cannot be read as a NumPy array"):
        run.read_embeddings()
