"""Real kills, real locks and full disks: what is left behind, and what comes after."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, TEXTS, Stage
from core.artifacts.workspace import open_workspace
from core.errors import ArtifactError
from tests.artifacts.small_run import (
    NAME,
    REPOSITORY,
    VECTORS,
    WORDS,
    contents,
    make_corpus,
    make_features,
    make_models,
    process_that,
)

IMPORTS = """
import os, resource, sys, time
from pathlib import Path
import numpy as np
import core.artifacts.files as files
from core.artifacts.files import atomic_path
from core.artifacts.schema import EMBEDDINGS, TEXTS, Stage
from core.artifacts.workspace import open_workspace
from core.errors import ArtifactError
from tests.artifacts.small_run import NAME, VECTORS, make_corpus, make_features, make_models

artifacts_dir = Path(sys.argv[1])

def wait_for_the_kill():
    print("ready", flush=True)
    time.sleep(600)
"""
HALF_A_FILE = """
with open_workspace(artifacts_dir, NAME) as workspace:
    make_corpus(workspace, ("so sad", "so bad", "so so sad"))
    with workspace.stage(Stage.EXTRACT_FEATURES, settings={}, inputs=[TEXTS.path], libraries=[]) as writer:
        with writer.path(EMBEDDINGS) as path, path.open("wb") as file:
            file.write(b"half of the new vec")
            file.flush()
            wait_for_the_kill()
"""
HALF_A_STAGE = """
with open_workspace(artifacts_dir, NAME) as workspace:
    with workspace.stage(
        Stage.EXTRACT_FEATURES, settings={"pooling": "mean"}, inputs=[TEXTS.path], libraries=[]
    ) as writer:
        with writer.path(EMBEDDINGS) as path, path.open("wb") as file:
            np.save(file, VECTORS + 1)
        wait_for_the_kill()
"""
HALF_AN_EXCHANGE = """
files._exchange_in_one_step = lambda first, second: False
rename = Path.rename

def rename_once(self, target):
    rename(self, target)
    wait_for_the_kill()

with open_workspace(artifacts_dir, NAME) as workspace:
    make_features(workspace, VECTORS + 1)
    make_models(workspace)
    Path.rename = rename_once
    workspace.publish()
"""
FILE_SIZE_LIMIT = """
with open_workspace(artifacts_dir, NAME) as workspace:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    make_corpus(workspace, [os.urandom(50_000).hex() for _ in range(3)])
"""


def no_space(*arguments: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def run_to_the_end(code: str, artifacts_dir: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", IMPORTS + code, str(artifacts_dir)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_kill_while_a_file_is_written_leaves_the_finished_run_and_no_trace_in_the_next_workspace(
    small_run: Run, tmp_path: Path
) -> None:
    before = contents(small_run.root)
    with process_that(IMPORTS + HALF_A_FILE, tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert contents(small_run.root) == before
    assert small_run.read_table(TEXTS)["text"].tolist() == list(WORDS)
    temporary = tmp_path / ".building" / NAME / f".{EMBEDDINGS}.tmp"
    assert temporary.read_bytes() == b"half of the new vec"
    with open_workspace(tmp_path, NAME) as workspace:
        assert not temporary.exists()
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1}, [])
        assert workspace.run.read_table(TEXTS)["text"].tolist() == ["so sad", "so bad", "so so sad"]


def test_kill_inside_a_stage_keeps_the_stages_before_it_and_makes_that_one_again(
    small_run: Run, tmp_path: Path
) -> None:
    before = contents(small_run.root)
    with process_that(IMPORTS + HALF_A_STAGE, tmp_path):
        pass
    assert contents(small_run.root) == before
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1}, [])
        # the vectors on disk are the new ones, as large as the old ones: the old record must not stand for them
        assert not workspace.is_fresh(Stage.EXTRACT_FEATURES, {"pooling": "cls"}, [TEXTS.path])
        assert not workspace.publish()
        make_features(workspace)
        assert workspace.publish()
    np.testing.assert_array_equal(Run.open(small_run.root).read_embeddings(), VECTORS)
    assert Run.open(small_run.root).verify() == []


def test_kill_between_the_two_renames_of_an_exchange_is_undone_by_the_next_workspace(
    small_run: Run, tmp_path: Path
) -> None:
    before = contents(small_run.root)
    with process_that(IMPORTS + HALF_AN_EXCHANGE, tmp_path):
        pass
    assert not small_run.root.exists()
    with open_workspace(tmp_path, NAME) as workspace:
        assert contents(small_run.root) == before
        np.testing.assert_array_equal(workspace.run.read_embeddings(), VECTORS + 1)
        assert workspace.publish()
    np.testing.assert_array_equal(Run.open(small_run.root).read_embeddings(), VECTORS + 1)


def test_second_writer_is_refused_at_once_and_let_in_after_the_first_was_killed(small_run: Run, tmp_path: Path) -> None:
    with process_that(IMPORTS + "with open_workspace(artifacts_dir, NAME):\n    wait_for_the_kill()", tmp_path):
        expected = (
            "the run small is being written by another process, expected one writer at a time; wait for it to end"
        )
        with pytest.raises(ArtifactError, match=expected), open_workspace(tmp_path, NAME):
            pass
        with open_workspace(tmp_path, "another"):
            pass
        assert Run.open(small_run.root).read_table(TEXTS)["text"].tolist() == list(WORDS)
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.run.digest == small_run.digest


def test_file_that_grows_too_large_ends_in_one_sentence_and_the_old_run(small_run: Run, tmp_path: Path) -> None:
    before = contents(small_run.root)
    ended = run_to_the_end(FILE_SIZE_LIMIT, tmp_path)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith(f"core.errors.ArtifactError: cannot write {tmp_path / '.building' / NAME / 'texts.parquet'}")
    assert "File too large" in last or "file too large" in last
    assert last.endswith("choose a writable folder with --artifacts-dir, then run the same command again")
    assert contents(small_run.root) == before
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.run.verify() == []


@pytest.mark.parametrize("function", ["fsync", "replace", "link"])
def test_full_disk_at_any_step_ends_in_one_sentence_and_the_old_run(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    before = contents(small_run.root)
    with monkeypatch.context() as patch:
        patch.setattr(os, function, no_space)
        expected = r"cannot write .*: No space left on device; the finished run is as it was"
        with pytest.raises(ArtifactError, match=expected), open_workspace(tmp_path, NAME) as workspace:
            make_features(workspace, VECTORS + 1)
    assert contents(small_run.root) == before
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.run.digest == small_run.digest


def test_disk_that_fills_up_after_the_files_and_before_the_manifest_costs_that_stage_only(
    small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up_after_the_files() -> None:
        with open_workspace(tmp_path, NAME) as workspace:
            make_corpus(workspace, seed=2)
            with workspace.stage(Stage.EXTRACT_FEATURES, settings={}, inputs=[], libraries=[]) as writer:
                with writer.path(EMBEDDINGS, n_rows=3) as path, path.open("wb") as file:
                    np.save(file, VECTORS + 1)
                monkeypatch.setattr("core.artifacts.workspace.write_text", no_space)

    before = contents(small_run.root)
    with pytest.raises(ArtifactError, match=r"cannot write .*: No space left on device"):
        fill_up_after_the_files()
    monkeypatch.undo()
    assert contents(small_run.root) == before
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 2}, [])
        assert Stage.EXTRACT_FEATURES not in workspace.run.manifest.stages
        assert Stage.TRAIN_BASELINES in workspace.run.manifest.stages


def test_read_only_artifacts_folder_ends_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *arguments: object, **options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ArtifactError) as caught, open_workspace(tmp_path, NAME):
        pass
    assert str(caught.value) == (
        f"cannot write {tmp_path / '.building'}: Read-only file system; the finished run is as it was: free some space"
        f" or choose a writable folder with --artifacts-dir, then run the same command again"
    )


def test_network_trouble_inside_a_stage_is_not_called_a_full_disk(tmp_path: Path) -> None:
    def lose_the_network() -> None:
        with (
            open_workspace(tmp_path, NAME) as workspace,
            workspace.stage(Stage.PREPARE_DATA, settings={}, inputs=[], libraries=[]),
        ):
            raise ConnectionError("the hub is away")

    with pytest.raises(ConnectionError, match="hub"):
        lose_the_network()


def test_interrupted_run_without_any_change_leaves_no_work_folder(small_run: Run, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_workspace(tmp_path, NAME):
        raise KeyboardInterrupt
    assert not (tmp_path / ".building" / NAME).exists()


def test_everything_from_nothing_after_an_interrupted_first_build(tmp_path: Path) -> None:
    def interrupt_after_the_corpus() -> None:
        with open_workspace(tmp_path, NAME) as workspace:
            make_corpus(workspace)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt_after_the_corpus()
    assert not (tmp_path / NAME).exists()
    with open_workspace(tmp_path, NAME) as workspace:
        assert workspace.is_fresh(Stage.PREPARE_DATA, {"seed": 1}, [])
        make_features(workspace)
        make_models(workspace)
        assert workspace.publish()
    assert Run.open(tmp_path / NAME).verify() == []
