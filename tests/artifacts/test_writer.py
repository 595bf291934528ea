from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts.run import Run
from core.artifacts.schema import (
    EMBEDDINGS,
    FINETUNED_DIR,
    TEXTS,
    ModelName,
    Stage,
    predictions_table,
)
from core.artifacts.workspace import library_versions, open_workspace
from core.artifacts.writer import StageWriter
from core.errors import ArtifactError
from tests.artifacts.small_run import (
    FRAMES,
    NAME,
    VECTORS,
    contents,
    make_corpus,
    make_features,
    make_models,
    texts,
)


def break_off(artifacts_dir: Path, *, after: str) -> None:
    """Begin to write one file of extract_features anew, and fail before or after it takes its name."""
    with (
        open_workspace(artifacts_dir, NAME) as workspace,
        workspace.stage(Stage.EXTRACT_FEATURES, settings={}, inputs=[TEXTS.path], libraries=[]) as writer,
    ):
        with writer.path(EMBEDDINGS, n_rows=3) as path, path.open("wb") as file:
            np.save(file, VECTORS + 1)
            if after == "half of the file":
                raise RuntimeError
        raise RuntimeError


@pytest.mark.parametrize("after", ["half of the file", "the file"])
def test_stage_that_fails_leaves_the_finished_run_and_no_half_new_files(
    small_run: Run, tmp_path: Path, after: str
) -> None:
    before = contents(small_run.root)
    with pytest.raises(RuntimeError):
        break_off(tmp_path, after=after)
    assert contents(small_run.root) == before
    with open_workspace(tmp_path, NAME) as workspace:
        fresh = workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, [TEXTS.path])
        assert fresh == (after == "half of the file")
        assert workspace.run.verify() == []
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1}, [])


def test_stage_broken_off_is_made_again_and_the_rest_is_kept_if_it_comes_out_the_same(
    small_run: Run, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError):
        break_off(tmp_path, after="the file")
    with open_workspace(tmp_path, NAME) as workspace:
        assert not workspace.publish()
        make_features(workspace)
        assert workspace.publish()
    assert Run.open(small_run.root).manifest.stages.keys() == small_run.manifest.stages.keys()


def test_stage_without_its_input_names_the_file_and_the_command(tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        make_corpus(workspace)
        with pytest.raises(ArtifactError) as caught:
            make_models(workspace)
    assert str(caught.value) == (
        "the run small has no embeddings.npy, which this stage reads; make everything that is missing with: python -m"
        f" scripts.build --run small --artifacts-dir {tmp_path}"
    )


def test_first_stage_without_a_corpus_is_a_programming_error(tmp_path: Path) -> None:
    with (
        open_workspace(tmp_path, NAME) as workspace,
        pytest.raises(ValueError, match=r"set writer\.corpus"),
        workspace.stage(Stage.PREPARE_DATA, settings={}, inputs=[], libraries=[]),
    ):
        pass


def test_table_with_the_wrong_columns_is_not_written(small_run: Run, tmp_path: Path) -> None:
    writer = StageWriter(root=tmp_path / "elsewhere")
    with pytest.raises(ArtifactError, match=r"has the unknown column 'author'.*please report it"):
        writer.table(TEXTS, texts().assign(author="me"))
    assert writer.files == {}
    assert not (tmp_path / "elsewhere").exists()


def test_folder_replaces_all_of_the_old_one(small_run: Run, tmp_path: Path) -> None:
    with open_workspace(tmp_path, NAME) as workspace:
        with workspace.stage(Stage.FINE_TUNE, settings={}, inputs=[TEXTS.path], libraries=[]) as writer:
            with writer.folder(FINETUNED_DIR) as folder:
                (folder / "nested").mkdir()
                (folder / "nested" / "model.json").write_text("1", encoding="utf-8")
            writer.table(predictions_table(ModelName.FINETUNED), FRAMES[predictions_table(ModelName.FINETUNED)])
        assert list(writer.files) == [f"{FINETUNED_DIR}/nested/model.json", predictions_table(ModelName.FINETUNED).path]
        assert not (workspace.root / FINETUNED_DIR / "config.json").exists()


def test_folder_that_fails_leaves_the_old_one(small_run: Run, tmp_path: Path) -> None:
    def fill_half(writer: StageWriter) -> None:
        with writer.folder(FINETUNED_DIR) as folder:
            (folder / "model.json").write_text("1", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fill_half(StageWriter(root=small_run.root))
    assert [path.name for path in (small_run.root / "models").rglob("*")] == ["finetuned", "config.json"]


def test_versions_are_those_installed_and_nothing_for_what_is_not() -> None:
    assert library_versions(["pandas", "no-such-library"]) == {"pandas": pd.__version__}
