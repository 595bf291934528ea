"""A build that is killed in the middle of each stage in turn, and carried on by the next."""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Stage, predictions_table
from tests.scripts.command import Outcome, call_ok, files_of, start

pytestmark = pytest.mark.slow

# the file after which the build is killed, and the stage that is half done then
KILLS = {
    "examples.parquet": Stage.PREPARE_DATA,
    "embeddings.npy": Stage.EXTRACT_FEATURES,
    "predictions/dummy.parquet": Stage.TRAIN_BASELINES,
    "checkpoint": Stage.FINE_TUNE,
    "metrics.json": Stage.METRICS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What a killed build left behind: its end, the finished run if there is one, and when each stage was made."""

    outcome: Outcome
    run: Run | None
    finished_at: dict[Stage, tuple[str, float]]


def finished_at(run: Run | None) -> dict[Stage, tuple[str, float]]:
    made = run.manifest.stages if run else {}
    return {stage: (record.finished_at, record.seconds) for stage, record in made.items()}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, recipe: tuple[object, ...]) -> dict[str, Killed]:
    """One build of one run, killed in stage after stage, and at last left to finish, as `end`."""
    artifacts = tmp_path_factory.mktemp("killed") / "artifacts"
    options = (*recipe, "--artifacts-dir", artifacts)
    killed = {}
    for file in KILLS:
        outcome = start(["-m", "tests.scripts.killed_build", file, *options])
        finished = (artifacts / "tiny" / "manifest.json").exists()
        run = Run.open(shutil.copytree(artifacts / "tiny", artifacts.parent / f"{len(killed)}")) if finished else None
        killed[file] = Killed(outcome=outcome, run=run, finished_at=finished_at(run))
    printed = call_ok("build", *options)
    run = Run.open(artifacts / "tiny")
    killed["end"] = Killed(outcome=Outcome(code=0, out=printed, err=""), run=run, finished_at=finished_at(run))
    return killed


@pytest.mark.parametrize("file", KILLS)
def test_killed_build_leaves_the_stages_before_and_nothing_of_the_one_it_was_in(killed: dict[str, Killed], file: str):
    one = killed[file]
    assert one.outcome.code == -signal.SIGKILL, one.outcome.err
    before = [stage for stage in Stage if list(Stage).index(stage) < list(Stage).index(KILLS[file])]
    if one.run is None:
        assert before == []
    else:
        assert KILLS[file] not in one.run.manifest.stages
        assert one.run.verify() == []
        assert all(one.run.has_stage(stage) for stage in one.run.manifest.stages)


@pytest.mark.parametrize("file", list(KILLS)[1:])
def test_next_build_does_not_repeat_what_was_finished(killed: dict[str, Killed], file: str):
    before, after = killed[file].finished_at, killed["end"].finished_at
    assert {stage: after[stage] for stage in before} == before


def test_every_build_gets_further_than_the_one_before(killed: dict[str, Killed]):
    made = [set(killed[file].finished_at) for file in KILLS]
    assert made[0] == set()
    assert made[1] == {Stage.PREPARE_DATA}
    assert made[2] == made[1] | {Stage.EXTRACT_FEATURES}
    assert made[3] == made[2] | {Stage.TRAIN_BASELINES}
    assert made[4] == made[3] | {Stage.FINE_TUNE}


def test_training_goes_on_from_its_last_whole_checkpoint(killed: dict[str, Killed]):
    record = killed["end"].run.manifest.stages[Stage.FINE_TUNE]
    assert record.facts["resumed_from_step"] == 12  # 96 train rows in batches of 8: the end of epoch 1


def test_killed_and_carried_on_gives_what_an_undisturbed_build_gives(killed: dict[str, Killed], built: Path):
    run = killed["end"].run
    assert set(run.manifest.stages) == set(Stage)
    assert run.verify() == []
    undisturbed, carried_on = files_of(built / "tiny"), files_of(run.root)
    compared = ["embeddings.npy", "metrics.json", *(predictions_table(model).path for model in ModelName)]
    assert [path for path in compared if undisturbed[path] != carried_on[path]] == []


def test_nothing_but_the_lock_stays_beside_the_run(killed: dict[str, Killed]):
    artifacts = killed["end"].run.root.parent
    assert [path.name for path in (artifacts / ".building").iterdir()] == ["tiny.lock"]


def test_finished_run_outlives_the_kill_of_its_rebuild(artifacts: Path, recipe: tuple[object, ...]):
    before = files_of(artifacts / "tiny")
    options = (*recipe, "--artifacts-dir", artifacts, "--learning-rate", 1e-3)
    outcome = start(["-m", "tests.scripts.killed_build", "checkpoint", *options])
    assert outcome.code == -signal.SIGKILL, outcome.err
    assert files_of(artifacts / "tiny") == before
    assert "the maps are unchanged" in call_ok("build", *options)
    run = Run.open(artifacts / "tiny")
    assert run.manifest.stages[Stage.FINE_TUNE].facts["resumed_from_step"] == 12
    assert run.manifest.stages[Stage.FINE_TUNE].settings["learning_rate"] == 1e-3
    assert run.verify() == []
