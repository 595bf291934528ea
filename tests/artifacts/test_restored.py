import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.artifacts.manifest import RestoredFiles
from core.artifacts.restoring import restore_writer
from core.artifacts.run import Run
from core.artifacts.schema import (
    EMBEDDINGS,
    EXAMPLES,
    FINETUNED_DIR,
    RESTORED,
    TEXTS,
    Stage,
)
from core.artifacts.workspace import file_record, open_workspace
from core.artifacts.writer import StageWriter
from core.errors import ArtifactError
from tests.artifacts.small_run import (
    NAME,
    VECTORS,
    WORDS,
    contents,
    make_corpus,
    make_features,
    make_models,
    texts,
)

OTHER_WORDS = ("so sad", "so bad", "so so sad")


def restore_texts(run: Run) -> None:
    """Put the texts back as another machine would write them: same rows, other bytes; with one more file beside."""
    texts().astype({"id": "int32"}).to_parquet(run.root / TEXTS.path, compression="gzip", index=False)
    (run.root / FINETUNED_DIR / "vocab.txt").write_text("so", encoding="utf-8")
    paths = [TEXTS.path, f"{FINETUNED_DIR}/vocab.txt"]
    restored = RestoredFiles(files={path: file_record(run.root / path) for path in paths}, facts={"agreement": 1})
    (run.root / RESTORED).write_text(restored.to_json(), encoding="utf-8")


def test_restoring_makes_no_stage_stale_and_survives_a_publication(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / TEXTS.path).unlink()
    restore_texts(small_run)
    assert file_record(small_run.root / TEXTS.path).sha256 != small_run.manifest.files[TEXTS.path].sha256
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1}, [])
        assert workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, [TEXTS.path])
        make_features(workspace, VECTORS + 1)
        make_models(workspace)
        assert workspace.publish()
    run = Run.open(small_run.root)
    assert run.manifest.stages.keys() == small_run.manifest.stages.keys()
    assert run.read_table(TEXTS)["text"].tolist() == list(WORDS)
    assert run.verify() == []
    # the checkpoint was made again, so the file restored beside the old one went with it
    assert run.restored.files.keys() == {TEXTS.path}


def test_restored_files_survive_a_publication_that_leaves_their_stage_alone(small_run: Run, tmp_path: Path) -> None:
    restore_texts(small_run)
    with open_workspace(tmp_path, NAME) as workspace:
        make_corpus(workspace, seed=2)
        assert workspace.publish()
    run = Run.open(small_run.root)
    assert run.restored.files.keys() == {f"{FINETUNED_DIR}/vocab.txt"}
    assert run.restored.facts == {"agreement": 1}
    assert run.has(f"{FINETUNED_DIR}/vocab.txt")


def test_restored_files_are_forgotten_with_the_stage_that_they_belong_to(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / TEXTS.path).unlink()
    restore_texts(small_run)
    with open_workspace(tmp_path, NAME) as workspace:
        make_corpus(workspace, OTHER_WORDS)
        assert workspace.run.restored == RestoredFiles(files={})
        with pytest.raises(ArtifactError, match=r"the run small has no embeddings\.npy, which this stage reads"):
            workspace.digests([EMBEDDINGS])
        assert sorted(contents(workspace.root)) == [EXAMPLES.path, "manifest.json", RESTORED, TEXTS.path]


def test_damaged_record_of_restored_files_does_not_cost_the_run(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / RESTORED).write_text("{", encoding="utf-8")
    expected = r"restored\.json cannot be read as JSON .* delete it"
    with pytest.raises(ArtifactError, match=expected), open_workspace(tmp_path, NAME):
        pass
    (small_run.root / RESTORED).unlink()
    assert Run.open(small_run.root).digest == small_run.digest


def test_restoring_adds_files_and_touches_nothing_that_was_shipped(small_run: Run, tmp_path: Path) -> None:
    (small_run.root / TEXTS.path).unlink()
    shipped = contents(small_run.root)
    (small_run.root / f".{EMBEDDINGS}.tmp").write_text("left by a killed process", encoding="utf-8")
    with restore_writer(tmp_path, NAME) as (run, writer):
        assert not run.has(TEXTS.path)
        writer.table(TEXTS, texts())
        writer.facts = {"seconds": 1}
        busy = "is being written by another process"
        with pytest.raises(ArtifactError, match=busy), open_workspace(tmp_path, NAME):
            pass
    after = contents(small_run.root)
    assert after.keys() - shipped.keys() == {TEXTS.path, RESTORED}
    assert {path: after[path] for path in shipped} == shipped
    run = Run.open(small_run.root)
    assert run.read_table(TEXTS)["text"].tolist() == list(WORDS)
    assert run.restored.facts == {"seconds": 1}


@pytest.mark.parametrize("renamed", [False, True])
def test_killed_between_a_restored_file_and_its_record_the_file_is_recorded_or_not_there(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    def interrupted(self: Path, target: Path) -> None:
        if target.name in {EMBEDDINGS, "finetuned"}:
            if renamed:
                rename(self, target)
            raise KeyboardInterrupt
        rename(self, target)

    def restore(write: Callable[[StageWriter], None]) -> None:
        with restore_writer(tmp_path, NAME) as (_, writer):
            write(writer)

    def write_vectors(writer: StageWriter) -> None:
        with writer.path(EMBEDDINGS, n_rows=3) as path, path.open("wb") as file:
            np.save(file, VECTORS + 1)  # as large as the original

    def write_checkpoint(writer: StageWriter) -> None:
        with writer.folder(FINETUNED_DIR) as folder:
            (folder / "config.json").write_text("[]", encoding="utf-8")  # likewise

    (small_run.root / EMBEDDINGS).unlink()
    shutil.rmtree(small_run.root / FINETUNED_DIR)
    rename = Path.replace
    for function in ("replace", "rename"):
        monkeypatch.setattr(Path, function, interrupted)
    for write in (write_vectors, write_checkpoint):
        with pytest.raises(KeyboardInterrupt):
            restore(write)
    run = Run.open(small_run.root)
    assert (run.has(EMBEDDINGS), run.has_checkpoint) == (renamed, renamed)
    assert run.verify() == []
    monkeypatch.undo()
    restore(write_vectors)
    np.testing.assert_array_equal(Run.open(small_run.root).read_embeddings(), VECTORS + 1)


def test_restoring_nothing_leaves_no_record(small_run: Run, tmp_path: Path) -> None:
    with restore_writer(tmp_path, NAME):
        pass
    assert not (small_run.root / RESTORED).exists()
