import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.artifacts.manifest import FileRecord
from core.artifacts.run import Run, find_runs, stage_command
from core.artifacts.schema import (
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    METRICS,
    TABLES,
    TEXTS,
    TRAINING_LOG,
    ModelName,
    Stage,
    Table,
    predictions_table,
)
from core.artifacts.writer import StageWriter, file_record
from core.errors import ArtifactError
from tests.artifacts.small_run import FRAMES, VECTORS, examples, texts

EXPECTED = {EXAMPLES: examples(), TEXTS: texts(), **FRAMES}
LOGREG = predictions_table(ModelName.LOGREG)
RESTORE = "make it with: python -m scripts.restore small"


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
    schema = pa.schema([field for field in [*schema, *further] if field.name in frame])
    arrow = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    return replace_file(run, table.path, lambda path: pq.write_table(arrow, path))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_every_table_comes_back_as_it_was_written(small_run: Run, table: Table) -> None:
    frame = small_run.read_table(table)
    expected = EXPECTED[table]
    assert sorted(frame.columns) == sorted(expected.columns)
    pd.testing.assert_frame_equal(frame[expected.columns], expected, check_dtype=False)
    stored = pq.read_schema(small_run.root / table.path)
    assert [stored.field(field.name).type for field in table.schema] == table.schema.types
    assert stored.metadata is None


def test_columns_are_read_in_the_order_asked_for(small_run: Run) -> None:
    assert list(small_run.read_table(EXAMPLES, ["n_chars", "id"]).columns) == ["n_chars", "id"]


def test_probabilities_are_float32_by_id_and_class(small_run: Run) -> None:
    probs = small_run.read_probabilities(ModelName.LOGREG)
    assert probs.dtype == np.float32
    assert probs.tolist() == [[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]]


def test_embeddings_come_back_as_a_read_only_map(small_run: Run) -> None:
    embeddings = small_run.read_embeddings()
    assert isinstance(embeddings, np.memmap)
    assert not embeddings.flags.writeable
    np.testing.assert_array_equal(embeddings, VECTORS)


def test_bytes_come_back(small_run: Run) -> None:
    assert small_run.read_bytes(METRICS, Stage.METRICS) == b"{}"


def test_models_are_those_with_predictions_on_disk(small_run: Run) -> None:
    assert small_run.models == (ModelName.DUMMY, ModelName.LOGREG, ModelName.FINETUNED)
    (small_run.root / LOGREG.path).unlink()
    assert small_run.models == (ModelName.DUMMY, ModelName.FINETUNED)
    assert not small_run.has_stage(Stage.TRAIN_BASELINES)
    assert small_run.has_stage(Stage.FINE_TUNE)
    assert not small_run.has_stage(Stage.FIGURES)


def test_folder_in_the_place_of_a_file_is_no_file(small_run: Run) -> None:
    (small_run.root / METRICS).unlink()
    (small_run.root / METRICS).mkdir()
    assert not small_run.has(METRICS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_missing_table_is_named_with_its_command(small_run: Run, table: Table) -> None:
    (small_run.root / table.path).unlink()
    command = re.escape(stage_command(small_run, table.stage))
    with pytest.raises(ArtifactError, match=f"{table.path} is missing, though the manifest lists it; .*{command}$"):
        small_run.read_table(table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_truncated_table_is_named_with_its_command(small_run: Run, table: Table) -> None:
    path = small_run.root / table.path
    n_bytes = path.stat().st_size
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ArtifactError, match=f"has 100 bytes, the manifest says {n_bytes:,}; make it with: python -m"):
        small_run.read_table(table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_damaged_bytes_of_the_right_length_are_no_parquet(small_run: Run, table: Table) -> None:
    path = small_run.root / table.path
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(ArtifactError, match=r"cannot be read as Parquet \(.*\); make it with: python -m"):
        small_run.read_table(table)


def test_flipped_bytes_of_the_data_are_refused_or_found_by_verify(small_run: Run) -> None:
    path = small_run.root / TEXTS.path
    payload = bytearray(path.read_bytes())
    payload[4:60] = bytes(56)
    path.write_bytes(payload)
    with pytest.raises(ArtifactError, match="cannot be read as Parquet"):
        small_run.read_table(TEXTS)
    assert small_run.verify() == [TEXTS.path]


def test_verify_finds_what_the_size_does_not_show(small_run: Run) -> None:
    assert small_run.verify() == []
    (small_run.root / METRICS).write_text("[]", encoding="utf-8")
    (small_run.root / TEXTS.path).unlink()
    assert small_run.verify() == [METRICS]


def test_table_that_was_never_made_names_its_script(small_run: Run) -> None:
    manifest = small_run.manifest.model_copy(update={"stages": {}})
    run = Run(root=small_run.root, manifest=manifest, restored=small_run.restored, digest="", _manifest_sha256="")
    with pytest.raises(ArtifactError) as caught:
        run.read_table(LOGREG)
    assert str(caught.value) == (
        "the run small has no predictions/logreg.parquet yet; make it with: python -m scripts.train_baselines --run small"
    )


@pytest.mark.parametrize(
    ("table", "frame", "types", "found"),
    [
        (TEXTS, texts().drop(columns="text"), {}, "has no column 'text' (found: id)"),
        (TEXTS, texts(), {"id": pa.int64()}, "column 'id' of {path} is int64, expected int32"),
        (EXAMPLES, examples().assign(label="joy"), {"label": pa.string()}, "column 'label' of {path} is string, expected int16"),
        (TEXTS, texts().assign(author="me"), {}, "has the unknown column 'author', expected only id, text"),
        (FEATURES, FRAMES[FEATURES].assign(meta_a=1), {}, "has the unknown column 'meta_a'"),
        (TEXTS, texts()[:2], {}, "has 2 rows, the manifest says 3"),
        (TEXTS, pd.concat([texts(), texts()]), {}, "has 6 rows, the manifest says 3"),
        (TEXTS, texts()[::-1], {}, "the ids of {path} are not in order, expected 0…2"),
        (TEXTS, texts().assign(id=[0, 1, 1]), {}, "the ids of {path} are not in order, expected 0…2"),
        (TEXTS, texts().assign(text=["a", None, "b"]), {}, "column 'text' of {path} has 1 empty values, expected none"),
        (EXAMPLES, examples().assign(label=[0, 2, 0]), {}, "column 'label' of {path} holds 0…2, expected a class in 0…1"),
        (EXAMPLES, examples().assign(label=[-1, 0, 0]), {}, "column 'label' of {path} holds -1…0, expected a class in 0…1"),
        (LOGREG, FRAMES[LOGREG].assign(pred=[0, 1, 7]), {}, "column 'pred' of {path} holds 0…7, expected a class in 0…1"),
        (
            LOGREG,
            FRAMES[LOGREG].assign(prob_0=np.float32([0, 0, 0]), prob_1="high"),
            {},
            "column 'prob_1' of {path} is large_string, expected float",
        ),
        (
            LOGREG,
            FRAMES[LOGREG].astype({"prob_0": "float32", "prob_1": "float32"}).rename(columns={"prob_1": "prob_2"}),
            {},
            "has 2 probability columns (prob_0, prob_2), expected one per class, prob_0…prob_1",
        ),
        (
            LOGREG,
            FRAMES[LOGREG].drop(columns=["prob_0", "prob_1"]),
            {},
            "has 0 probability columns (none), expected one per class, prob_0…prob_1",
        ),
    ],
)  # fmt: skip
def test_foreign_table_is_refused(
    small_run: Run, table: Table, frame: pd.DataFrame, types: dict[str, pa.DataType], found: str
) -> None:
    run = replace_table(small_run, table, frame, **types)
    with pytest.raises(ArtifactError) as caught:
        run.read_table(table)
    assert found.format(path=run.root / table.path) in str(caught.value)
    assert str(caught.value).endswith(f"make it with: {stage_command(run, table.stage)}")


def test_row_count_of_the_training_log_is_that_of_the_manifest(small_run: Run) -> None:
    record = small_run.manifest.files[TRAINING_LOG.path].model_copy(update={"rows": 5})
    stage = small_run.manifest.stages[Stage.FINE_TUNE]
    stage = stage.model_copy(update={"files": {**stage.files, TRAINING_LOG.path: record}})
    stages = {**small_run.manifest.stages, Stage.FINE_TUNE: stage}
    manifest = small_run.manifest.model_copy(update={"stages": stages})
    (small_run.root / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    with pytest.raises(ArtifactError, match="has 2 rows, the manifest says 5"):
        Run.open(small_run.root).read_table(TRAINING_LOG)


def test_column_asked_for_but_absent_is_named(small_run: Run) -> None:
    with pytest.raises(
        ArtifactError, match=r"has no column 'meta_colour' \(found: id, split, label, .*\); make it with"
    ):
        small_run.read_table(EXAMPLES, ["meta_colour"])


def test_pandas_metadata_of_a_foreign_file_cannot_hide_a_column(small_run: Run) -> None:
    frame = texts().astype({"id": "int32"}).set_index("id")
    run = replace_file(small_run, TEXTS.path, lambda path: frame.to_parquet(path))
    assert sorted(run.read_table(TEXTS).columns) == ["id", "text"]


def test_run_named_like_a_partition_gets_no_further_column(small_run: Run) -> None:
    root = small_run.root.rename(small_run.root.with_name("lang=en"))
    assert list(Run.open(root).read_table(TEXTS).columns) == ["id", "text"]


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
    assert str(caught.value).endswith(RESTORE)


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


def test_reading_across_an_exchange_says_so_instead_of_mixing_two_runs(small_run: Run) -> None:
    path = small_run.root / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    for read in (
        lambda: small_run.read_table(TEXTS),
        small_run.read_embeddings,
        lambda: small_run.read_bytes(METRICS, Stage.METRICS),
    ):
        with pytest.raises(ArtifactError, match="the run small was rebuilt while it was being read; open it again"):
            read()


def test_file_that_vanished_in_an_exchange_is_not_called_missing(small_run: Run) -> None:
    for path in ("manifest.json", TEXTS.path):
        (small_run.root / path).unlink()
    with pytest.raises(ArtifactError, match="was rebuilt while it was being read"):
        small_run.read_table(TEXTS)


def test_restored_file_is_checked_against_its_own_record(small_run: Run) -> None:
    words = ("so glad", "so low", "so so  glad")
    (small_run.root / TEXTS.path).unlink()
    writer = StageWriter(root=small_run.root)
    writer.table(TEXTS, texts(words))
    record = {"files": {TEXTS.path: writer.files[TEXTS.path].model_dump()}, "facts": {}}
    (small_run.root / "restored.json").write_text(json.dumps(record), encoding="utf-8")
    run = Run.open(small_run.root)
    assert run.read_table(TEXTS)["text"].tolist() == list(words)
    assert run.record(TEXTS.path) == FileRecord(**record["files"][TEXTS.path])
    assert run.verify() == []


@pytest.mark.parametrize(
    ("source", "name", "stage", "command"),
    [
        ("package", "Everyday Feelings", Stage.FINE_TUNE, "python -m scripts.restore small"),
        ("hub", "a/b", Stage.PREPARE_DATA, "python -m scripts.restore small --dataset a/b"),
        ("local copy", "a/b", Stage.EXTRACT_FEATURES, "python -m scripts.restore small --dataset a/b"),
        ("my reviews.csv", "my reviews", Stage.PREPARE_DATA, "python -m scripts.restore small --dataset 'my reviews.csv'"),
        ("hub", "a/b; rm -rf ~", Stage.PREPARE_DATA, "python -m scripts.restore small --dataset 'a/b; rm -rf ~'"),
        ("package", "Everyday Feelings", Stage.METRICS, "python -m scripts.analyze --run small"),
        ("package", "Everyday Feelings", Stage.FIGURES, "python -m scripts.analyze --run small"),
        ("package", "Everyday Feelings", Stage.TRAIN_BASELINES, "python -m scripts.train_baselines --run small"),
    ],
)  # fmt: skip
def test_command_that_makes_a_stage(small_run: Run, source: str, name: str, stage: Stage, command: str) -> None:
    corpus = small_run.manifest.corpus.model_copy(update={"source": source, "name": name})
    manifest = small_run.manifest.model_copy(update={"corpus": corpus})
    (small_run.root / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    assert stage_command(Run.open(small_run.root), stage) == command


def test_runs_are_found_by_their_manifest_readable_or_not(small_run: Run, tmp_path: Path) -> None:
    for folder in ("a broken one", "no run", ".building/half"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a broken one" / "manifest.json").write_text("{", encoding="utf-8")
    (tmp_path / ".building" / "manifest.json").write_text("{}", encoding="utf-8")
    assert find_runs(tmp_path) == ["a broken one", "small"]
    assert find_runs(tmp_path / "nowhere") == []
