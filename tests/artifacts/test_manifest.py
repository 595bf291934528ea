import json
import shutil
from pathlib import Path

import pytest

from core.artifacts.manifest import Manifest, NewerSchemaError, read_manifest, read_restored
from core.artifacts.run import Run
from core.errors import ArtifactError


def rewrite(run: Run, **changes: object) -> None:
    path = run.root / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_manifest_comes_back_as_it_was_written(small_run: Run) -> None:
    manifest = read_manifest(small_run.root)
    assert Manifest.model_validate_json(manifest.to_json()) == manifest
    assert manifest.corpus.classes == ("joy", "sadness")
    assert manifest.n_rows == 3
    assert manifest.stages["prepare_data"].settings == {"seed": 1}
    assert manifest.files["texts.parquet"].rows == 3


def test_missing_manifest_names_the_folder_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError) as caught:
        read_manifest(tmp_path / "my run")
    path = tmp_path / "my run"
    assert str(caught.value) == (
        f"{path / 'manifest.json'} not found, so {path} is no finished run; make the run with: python -m scripts.build"
        f" --run 'my run' --artifacts-dir {tmp_path}"
    )


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b"", "cannot be read as JSON"),
        (b"{", "cannot be read as JSON"),
        (b"\xff\xfe", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[1, 2]", "holds a JSON list, expected an object"),
        (b"null", "holds a JSON NoneType, expected an object"),
        (b"{}", "does not fit schema version 1: schema_version: Field required"),
        (b'{"schema_version": 0}', "does not fit schema version 1: schema_version: Input should be greater"),
        (b'{"schema_version": "1"}', "does not fit schema version 1: schema_version: Input should be a valid integer"),
        (b'{"schema_version": 2.0}', "does not fit schema version 1: schema_version: Input should be a valid integer"),
        (b'{"version": "0.3", "models": []}', "does not fit schema version 1"),
    ],
)
def test_garbage_is_refused_with_the_command_that_mends_it(tmp_path: Path, payload: bytes, found: str) -> None:
    (tmp_path / "manifest.json").write_bytes(payload)
    with pytest.raises(ArtifactError) as caught:
        read_manifest(tmp_path)
    assert found in str(caught.value)
    command = f"python -m scripts.build --run {tmp_path.name} --artifacts-dir {tmp_path.parent}"
    assert str(caught.value).endswith(f"make the run again with: {command}")


def test_newer_schema_is_refused_even_if_nothing_else_is_known_of_it(small_run: Run) -> None:
    rewrite(small_run, schema_version=2, something="new")
    with pytest.raises(NewerSchemaError, match="has schema version 2, this Misread reads up to 1; update Misread"):
        read_manifest(small_run.root)


def test_field_of_the_wrong_type_is_named(small_run: Run) -> None:
    rewrite(small_run, corpus={"name": 3})
    with pytest.raises(ArtifactError, match=r"corpus\.name: Input should be a valid string"):
        read_manifest(small_run.root)


@pytest.mark.parametrize("path", ["../other/examples.parquet", "/etc/passwd", "a/../../b", "", "..\\b", "C:/b"])
def test_paths_that_lead_out_of_the_run_are_refused(small_run: Run, path: str) -> None:
    stage = json.loads((small_run.root / "manifest.json").read_text(encoding="utf-8"))["stages"]["prepare_data"]
    stage["files"] = {path: {"sha256": "0", "bytes": 1}}
    rewrite(small_run, stages={"prepare_data": stage})
    with pytest.raises(ArtifactError, match="is no path inside the run"):
        read_manifest(small_run.root)


@pytest.mark.parametrize(
    ("part", "field", "value", "found"),
    [
        ("encoder", "pooling", "max", r"encoder\.pooling: String should match pattern"),
        ("encoder", "dimension", 0, r"encoder\.dimension: Input should be greater than or equal to 1"),
        ("encoder", "max_length", -1, r"encoder\.max_length: Input should be greater than or equal to 1"),
        ("corpus", "classes", [], r"corpus\.classes: Tuple should have at least 1 item"),
        ("corpus", "classes", ["joy", "joy"], r"corpus\.classes: Value error, a class is named twice"),
        ("corpus", "n_rows", {"train": -1}, r"corpus\.n_rows\.train: Input should be greater than or equal to 0"),
    ],
)
def test_values_that_mean_nothing_are_named(small_run: Run, part: str, field: str, value: object, found: str) -> None:
    record = json.loads((small_run.root / "manifest.json").read_text(encoding="utf-8"))[part]
    rewrite(small_run, **{part: record | {field: value}})
    with pytest.raises(ArtifactError, match=found):
        read_manifest(small_run.root)


def test_manifest_that_is_a_folder_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(ArtifactError, match=r"cannot be read \(Is a directory\)"):
        read_manifest(tmp_path)


def test_nothing_restored_is_an_empty_record(tmp_path: Path) -> None:
    assert read_restored(tmp_path / "restored.json").files == {}


@pytest.mark.parametrize(
    "payload", ["{", "[]", '{"files": {"a": 1}}', '{"files": {"../a": {"sha256": "0", "bytes": 1}}}']
)
def test_garbage_among_restored_files_says_to_delete_it(small_run: Run, payload: str) -> None:
    (small_run.root / "restored.json").write_text(payload, encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"restored\.json .*delete it and run: python -m scripts\.restore small"):
        Run.open(small_run.root)


def test_digest_of_a_run_changes_with_what_is_restored(small_run: Run, tmp_path: Path) -> None:
    shutil.copytree(small_run.root, tmp_path / "copy")
    assert Run.open(tmp_path / "copy").digest == small_run.digest
    record = '{"files": {"texts.parquet": {"sha256": "0", "bytes": 1}}}'
    (tmp_path / "copy" / "restored.json").write_text(record, encoding="utf-8")
    assert Run.open(tmp_path / "copy").digest != small_run.digest
