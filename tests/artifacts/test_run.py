import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from core.artifacts.commands import command_for, script_command
from core.artifacts.manifest import FileRecord, RestoredFiles
from core.artifacts.run import Run, find_runs, stage_command
from core.artifacts.schema import (
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    FINETUNED_DIR,
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
    command = re.escape(stage_command(small_run, table.stage, table.path))
    with pytest.raises(ArtifactError, match=f"{table.path} is missing, though the manifest lists it; .*{command}$"):
        small_run.read_table(table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_truncated_table_is_named_with_its_command(small_run: Run, table: Table) -> None:
    path = small_run.root / table.path
    n_bytes = path.stat().st_size
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ArtifactError, match=f"has 100 bytes, the manifest says {n_bytes:,}; make it with: python -m"):
        small_run.read_table(table)


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
        "the run small has no predictions/logreg.parquet yet; make it with: python -m scripts.train_baselines --run"
        f" small --artifacts-dir {small_run.root.parent}"
    )


def test_column_asked_for_but_absent_is_named(small_run: Run) -> None:
    with pytest.raises(
        ArtifactError, match=r"has no column 'meta_colour' \(found: id, split, label, .*\); delete it, then make it"
    ):
        small_run.read_table(EXAMPLES, ["meta_colour"])


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
        ("my own.csv", "my own", Stage.PREPARE_DATA, "python -m scripts.restore small --dataset 'my own.csv'"),
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
    assert stage_command(Run.open(small_run.root), stage) == f"{command} --artifacts-dir {small_run.root.parent}"


@pytest.mark.parametrize(
    ("stage", "path", "command"),
    [
        (Stage.PREPARE_DATA, TEXTS.path, "restore small"),
        (Stage.PREPARE_DATA, EXAMPLES.path, "build --run small"),
        (Stage.EXTRACT_FEATURES, EMBEDDINGS, "restore small"),
        (Stage.EXTRACT_FEATURES, FEATURES.path, "build --run small"),
        (Stage.TRAIN_BASELINES, LOGREG.path, "build --run small"),
        (Stage.FINE_TUNE, f"{FINETUNED_DIR}/config.json", "restore small"),
        (Stage.FINE_TUNE, f"{FINETUNED_DIR}/never_made.json", "build --run small"),
        (Stage.FINE_TUNE, TRAINING_LOG.path, "build --run small"),
        (Stage.FINE_TUNE, predictions_table(ModelName.FINETUNED).path, "build --run small"),
        (Stage.METRICS, METRICS, "build --run small"),
        (Stage.FIGURES, "figures/any.svg", "analyze --run small"),
    ],
)  # fmt: skip
def test_command_that_makes_a_file_is_one_that_makes_this_very_file(
    small_run: Run, stage: Stage, path: str, command: str
) -> None:
    expected = f"python -m scripts.{command} --artifacts-dir {small_run.root.parent}"
    assert stage_command(small_run, stage, path) == expected


def test_commands_name_the_artifacts_folder_unless_it_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert script_command("build", "a b", Path("artifacts")) == "python -m scripts.build --run 'a b'"
    assert script_command("restore", "a", tmp_path / "artifacts") == "python -m scripts.restore a"
    assert (
        script_command("build", None, Path("artifacts"), "--preset", "demo") == "python -m scripts.build --preset demo"
    )
    assert (
        script_command("restore", "a", Path("my runs"), "--dataset", "b c")
        == "python -m scripts.restore a --dataset 'b c' --artifacts-dir 'my runs'"
    )
    assert command_for(Path("runs/.building/a"), "build") == "python -m scripts.build --run a --artifacts-dir runs"


def test_checkpoint_is_there_when_each_of_its_files_is(small_run: Run) -> None:
    assert small_run.has_checkpoint
    (small_run.root / TRAINING_LOG.path).unlink()
    assert small_run.has_checkpoint
    (small_run.root / FINETUNED_DIR / "config.json").write_text("half", encoding="utf-8")
    assert not small_run.has_checkpoint
    record = file_record(small_run.root / FINETUNED_DIR / "config.json")
    restored = RestoredFiles(files={f"{FINETUNED_DIR}/config.json": record})
    (small_run.root / "restored.json").write_text(restored.to_json(), encoding="utf-8")
    assert Run.open(small_run.root).has_checkpoint


def test_checkpoint_of_which_no_file_is_recorded_is_not_there(small_run: Run) -> None:
    stage = small_run.manifest.stages[Stage.FINE_TUNE]
    files = {path: record for path, record in stage.files.items() if not path.startswith(FINETUNED_DIR)}
    stages = {Stage.FINE_TUNE: stage.model_copy(update={"files": files})}
    manifest = small_run.manifest.model_copy(update={"stages": stages})
    assert not dataclasses.replace(small_run, manifest=manifest).has_checkpoint
    assert not dataclasses.replace(small_run, manifest=manifest.model_copy(update={"stages": {}})).has_checkpoint


def test_runs_are_found_by_their_manifest_readable_or_not(small_run: Run, tmp_path: Path) -> None:
    for folder in ("a broken one", "no run", ".building/half"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a broken one" / "manifest.json").write_text("{", encoding="utf-8")
    (tmp_path / ".building" / "manifest.json").write_text("{}", encoding="utf-8")
    assert find_runs(tmp_path) == ["a broken one", "small"]
    assert find_runs(tmp_path / "nowhere") == []
