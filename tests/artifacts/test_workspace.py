import errno
import json
import os
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest

from core.artifacts import files
from core.artifacts.lock import check_run_name
from core.artifacts.manifest import NewerSchemaError, RestoredFiles
from core.artifacts.run import Run
from core.artifacts.schema import (
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    FINETUNED_DIR,
    METRICS,
    PROJECTION,
    RESTORED,
    TEXTS,
    ModelName,
    Stage,
    predictions_table,
)
from core.artifacts.workspace import open_workspace
from core.errors import ArtifactError
from tests.artifacts.small_run import (
    FRAMES,
    NAME,
    VECTORS,
    WORDS,
    contents,
    make_corpus,
    make_features,
    make_models,
    make_run,
)

OTHER_WORDS = ("so sad", "so bad", "so so sad")


def test_published_run_lists_what_each_stage_read_and_wrote(small_run: Run) -> None:
    stage = small_run.manifest.stages[Stage.EXTRACT_FEATURES]
    assert stage.inputs == {TEXTS.path: small_run.manifest.files[TEXTS.path].sha256}
    assert list(stage.files) == [EMBEDDINGS, FEATURES.path]
    assert stage.libraries == {"numpy": np.__version__}
    assert small_run.manifest.encoder is not None
    assert small_run.verify() == []


def test_work_folder_is_gone_after_publishing(tmp_path: Path) -> None:
    make_run(tmp_path)
    assert [path.name for path in (tmp_path / ".building").iterdir()] == ["small.lock"]


def test_stage_is_fresh_with_its_settings_and_inputs_only(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, [TEXTS.path])
        assert not workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "mean"}, [TEXTS.path])
        assert not workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls", "more": 1}, [TEXTS.path])
        assert not workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, [TEXTS.path, EXAMPLES.path])
        assert not workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, ["never/made.parquet"])
        assert not workspace.is_fresh(Stage.FIGURES, {}, [])


def test_stage_with_a_missing_file_is_not_fresh(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / FEATURES.path).unlink()
    with open_workspace(tmp_path, NAME) as workspace:
        assert not workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, [TEXTS.path])


def test_tuples_and_enumerations_in_settings_are_as_fresh_as_when_they_were_written(tmp_path: Path) -> None:
    class Pooling(StrEnum):
        CLS = "cls"

    settings = {"classes": ("a", "b"), "pooling": Pooling.CLS, "rate": 2e-5, "none": None}
    with open_workspace(tmp_path, NAME) as workspace:
        make_corpus(workspace, **settings)
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1, **settings}, [])
        assert not workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1, **settings, "classes": ("b", "a")}, [])


def test_stages_made_from_a_changed_file_are_dropped_with_their_files(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, VECTORS + 1)
        assert list(workspace.run.manifest.stages) == [Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES, Stage.FINE_TUNE]
        assert sorted(contents(workspace.root)) == [
            EMBEDDINGS,
            EXAMPLES.path,
            FEATURES.path,
            "manifest.json",
            f"{FINETUNED_DIR}/config.json",
            predictions_table(ModelName.FINETUNED).path,
            TEXTS.path,
            "training_log.parquet",
        ]


def test_stages_are_kept_when_the_file_made_again_is_the_same(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, pooling="cls", batch_size=7)
        assert workspace.run.manifest.stages.keys() == small_run.manifest.stages.keys()
        assert workspace.publish()
    assert Run.open(small_run.root).manifest.stages[Stage.EXTRACT_FEATURES].settings["batch_size"] == 7


def test_new_corpus_drops_everything_the_encoder_included(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        make_corpus(workspace, OTHER_WORDS)
        assert list(workspace.run.manifest.stages) == [Stage.PREPARE_DATA]
        assert workspace.run.manifest.encoder is None


def test_finished_run_stays_the_same_until_every_stage_is_there_again(small_run: Run, tmp_path: Path) -> None:
    before = contents(small_run.root)
    with open_workspace(tmp_path, NAME) as workspace:
        make_corpus(workspace, OTHER_WORDS)
        assert not workspace.publish()
        make_features(workspace, VECTORS + 1)
        assert not workspace.publish()
        assert contents(small_run.root) == before
        assert small_run.read_table(TEXTS)["text"].tolist() == list(WORDS)
        make_models(workspace)
        assert workspace.publish()
    assert Run.open(small_run.root).read_table(TEXTS)["text"].tolist() == list(OTHER_WORDS)
    assert Run.open(small_run.root).verify() == []


def test_rewriting_in_the_workspace_never_changes_a_published_byte(small_run: Run, tmp_path: Path) -> None:
    before = contents(small_run.root)
    with open_workspace(tmp_path, NAME) as workspace:
        assert (workspace.root / TEXTS.path).samefile(small_run.root / TEXTS.path)
        make_corpus(workspace, OTHER_WORDS)
        make_features(workspace, VECTORS + 1)
        make_models(workspace)
        assert contents(small_run.root) == before


def test_map_opened_before_an_exchange_keeps_its_values(small_run: Run, tmp_path: Path) -> None:
    embeddings = small_run.read_embeddings()
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, VECTORS + 1)
        make_models(workspace)
        workspace.publish()
    np.testing.assert_array_equal(embeddings, VECTORS)
    np.testing.assert_array_equal(Run.open(small_run.root).read_embeddings(), VECTORS + 1)


def test_where_links_fail_the_workspace_holds_copies(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    with open_workspace(tmp_path, NAME) as workspace:
        assert contents(workspace.root) == contents(small_run.root)
        assert not (workspace.root / TEXTS.path).samefile(small_run.root / TEXTS.path)
        make_features(workspace, VECTORS + 1)
        make_models(workspace)
        assert workspace.publish()
    assert Run.open(small_run.root).verify() == []


def test_publishing_without_the_one_step_exchange_gives_the_same_run(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_exchange_in_one_step", lambda first, second: False)
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, VECTORS + 1)
        make_models(workspace)
        assert workspace.publish()
    np.testing.assert_array_equal(Run.open(small_run.root).read_embeddings(), VECTORS + 1)


def test_files_that_somebody_put_into_a_run_are_taken_along(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / "reviews").mkdir()
    (small_run.root / "reviews" / "mine.txt").write_text("check id 2", encoding="utf-8")
    (small_run.root / ".texts.parquet.tmp").write_text("left by a killed process", encoding="utf-8")
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, VECTORS + 1)
        make_models(workspace)
        workspace.publish()
    assert (small_run.root / "reviews" / "mine.txt").read_text(encoding="utf-8") == "check id 2"
    assert not (small_run.root / ".texts.parquet.tmp").exists()


def test_folder_that_is_no_run_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "beach.jpg").write_bytes(b"sand")
    (tmp_path / "file").write_text("text", encoding="utf-8")
    for name in ("holidays", "file"):
        expected = f"{name} is there but is no run .* choose another with --run"
        with pytest.raises(ArtifactError, match=expected), open_workspace(tmp_path, name):
            pass
    assert (tmp_path / "holidays" / "beach.jpg").read_bytes() == b"sand"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/b", "a\\b", ".hidden", "-x", "a\nb", "a.lock", "a.damaged-2", " a"]
)
def test_names_that_are_no_plain_folder_name_are_refused(tmp_path: Path, name: str) -> None:
    expected = "cannot be used, expected a plain folder name such as reviews-2; choose one with --run"
    with pytest.raises(ArtifactError, match=expected), open_workspace(tmp_path / "artifacts", name):
        pass
    assert not (tmp_path / "artifacts").exists()


@pytest.mark.parametrize("payload", ["{", "[]", '{"schema_version": 1}'])
def test_damaged_finished_run_is_replaced_by_a_new_one(small_run: Run, tmp_path: Path, payload: str) -> None:
    (small_run.root / "manifest.json").write_text(payload, encoding="utf-8")
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.manifest is None
        make_corpus(workspace)
        assert workspace.publish()
        assert workspace.set_aside == tmp_path / ".building" / "small.damaged"
    assert list(Run.open(small_run.root).manifest.stages) == [Stage.PREPARE_DATA]


def test_damaged_run_is_kept_as_it_was_each_time(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / "notes.txt").write_text("check id 2", encoding="utf-8")
    (small_run.root / "manifest.json").write_text("<<<<<<< HEAD", encoding="utf-8")
    before = contents(small_run.root)
    make_run(tmp_path)
    kept = tmp_path / ".building" / "small.damaged"
    assert contents(kept) == before
    (small_run.root / "manifest.json").write_text(">>>>>>> theirs", encoding="utf-8")
    make_run(tmp_path)
    assert contents(kept) == before
    assert (tmp_path / ".building" / "small.damaged-2" / "manifest.json").read_text(encoding="utf-8").startswith(">")
    assert Run.open(small_run.root).verify() == []


def test_damaged_run_goes_back_to_its_place_if_it_cannot_be_exchanged(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    (small_run.root / "manifest.json").write_text("{", encoding="utf-8")
    before = contents(small_run.root)
    monkeypatch.setattr("core.artifacts.workspace.exchange_folders", refuse)
    with pytest.raises(ArtifactError, match=r"cannot write .*: Input/output error"):
        make_run(tmp_path)
    assert contents(small_run.root) == before


def test_run_that_is_a_link_is_refused_with_the_place_to_build_it(small_run: Run, tmp_path: Path) -> None:
    (tmp_path / "other disk").mkdir()
    small_run.root.rename(tmp_path / "other disk" / NAME)
    small_run.root.symlink_to(tmp_path / "other disk" / NAME)
    before = contents(tmp_path / "other disk")
    expected = f"is a link to .*; build it where it is, with --artifacts-dir '{tmp_path}/other disk' --run small$"
    with pytest.raises(ArtifactError, match=expected), open_workspace(tmp_path, NAME):
        pass
    assert small_run.root.is_symlink()
    assert contents(tmp_path / "other disk") == before
    assert Run.open(small_run.root).read_table(TEXTS)["text"].tolist() == list(WORDS)


@pytest.mark.parametrize("name", ["ä" * 101, "a" * 201])
def test_name_too_long_for_the_files_beside_a_run_is_refused(name: str) -> None:
    with pytest.raises(ArtifactError, match=r"has 20[12] bytes, expected at most 200; choose a shorter one with --run"):
        check_run_name(name)


@pytest.mark.parametrize("name", ["a", "reviews-2", "my own run", "ä" * 100, "a.b", "damaged", "lock"])
def test_plain_names_are_taken(name: str) -> None:
    check_run_name(name)


def test_damaged_work_folder_is_started_anew(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, VECTORS + 1)
    work = tmp_path / ".building" / NAME
    (work / "manifest.json").write_text("{", encoding="utf-8")
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.run.digest == small_run.digest


def test_run_of_a_newer_misread_is_not_overwritten(small_run: Run, tmp_path: Path) -> None:
    path = small_run.root / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"schema_version": 2}), encoding="utf-8")
    before = contents(small_run.root)
    with pytest.raises(NewerSchemaError), open_workspace(tmp_path, NAME):
        pass
    assert contents(small_run.root) == before


def test_work_is_resumed_where_it_ended_and_dropped_if_the_finished_run_has_changed(
    small_run: Run, tmp_path: Path
) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        make_features(workspace, VECTORS + 1)
    with open_workspace(tmp_path, NAME) as workspace:
        np.testing.assert_array_equal(workspace.run.read_embeddings(), VECTORS + 1)
    (small_run.root / RESTORED).write_text(RestoredFiles(files={}).to_json(), encoding="utf-8")
    with open_workspace(tmp_path, NAME) as workspace:
        np.testing.assert_array_equal(workspace.run.read_embeddings(), VECTORS)


def test_workspace_without_a_corpus_says_how_to_prepare_one(tmp_path: Path) -> None:
    expected = (
        r"has no corpus yet; prepare it with: python -m scripts\.prepare_data --run 'my run' --dataset PATH_OR_HUB_ID"
        rf" --artifacts-dir {tmp_path}$"
    )
    with open_workspace(tmp_path, "my run") as workspace, pytest.raises(ArtifactError, match=expected):
        _ = workspace.run


def test_scratch_outlives_the_workspace_until_it_is_discarded(tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        workspace.scratch.mkdir(parents=True)
        (workspace.scratch / "checkpoint").write_text("1", encoding="utf-8")
    with open_workspace(tmp_path, NAME) as workspace:
        assert (workspace.scratch / "checkpoint").exists()
        workspace.discard_scratch()
        assert not workspace.scratch.exists()


def test_metrics_are_dropped_and_maps_kept_when_a_prediction_changes(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        with workspace.stage(Stage.TRAIN_BASELINES, settings={}, inputs=[EMBEDDINGS], libraries=[]) as writer:
            for model in (ModelName.DUMMY, ModelName.LOGREG):
                table = predictions_table(model)
                writer.table(table, FRAMES[table].assign(pred=[1, 1, 1]))
        assert Stage.METRICS not in workspace.run.manifest.stages
        assert Stage.PROJECTION in workspace.run.manifest.stages
        assert not (workspace.root / METRICS).exists()
        assert (workspace.root / PROJECTION.path).exists()
