"""The commands on the page How it works, given to the scripts themselves."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import tyro

from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, Stage
from core.ui.how_it_works.recipe import build_command, dataset_of, step_command
from core.ui.how_it_works.run_files import files_of
from scripts.build import BuildOptions, recorded_recipe
from scripts.presets import Recipe
from scripts.stage_options import StageOptions
from tests.fake_runs import CHECKPOINT, write_fake_run

SHIPPED = Path(__file__).parents[2] / "artifacts"
CONFIG = (tyro.conf.OmitArgPrefixes, tyro.conf.EnumChoicesFromValues)


def parse(command: str, options: type = BuildOptions):
    program, module, script, *arguments = shlex.split(command)
    assert (program, module, script.partition(".")[0]) == ("python", "-m", "scripts")
    return tyro.cli(options, args=arguments, config=CONFIG)


@pytest.mark.parametrize("name", ["demo", "emotion-minilm"])
def test_build_command_of_a_shipped_run_has_the_settings_that_it_records(name):
    run = Run.open(SHIPPED / name)
    options = parse(build_command(run))
    recorded = recorded_recipe(run.manifest)
    assert options.run == f"{name}-mine"
    assert Recipe(
        corpus=options.corpus,
        encoder=options.encoder,
        baselines=options.baselines,
        training=options.training,
        analysis=options.analysis,
    ) == replace(recorded, corpus=replace(recorded.corpus, dataset=dataset_of(run)))


def test_build_command_leaves_defaults_out(tmp_path):
    assert build_command(Run.open(write_fake_run(tmp_path))) == (
        "python -m scripts.build --run fake-mine --dataset demo --batch-tokens 4096 --batch-size 16"
        f" --learning-rate 0.0002 --n-resamples 200 --artifacts-dir {tmp_path}"
    )


def test_build_command_names_the_corpus_once(tmp_path):
    command = build_command(Run.open(write_fake_run(tmp_path, source="hub", corpus_name="some/corpus")))
    assert shlex.split(command).count("--dataset") == 1
    assert parse(command).corpus.dataset == "some/corpus"


def test_dataset_of_a_file_is_its_name(tmp_path):
    run = Run.open(write_fake_run(tmp_path, source="my reviews.csv", corpus_name="my reviews"))
    assert dataset_of(run) == "my reviews.csv"
    assert "--dataset 'my reviews.csv'" in step_command(run, Stage.PREPARE_DATA)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PREPARE_DATA])
def test_step_commands_name_only_run_and_folder(stage, tmp_path):
    run = Run.open(write_fake_run(tmp_path))
    options = parse(step_command(run, stage), StageOptions)
    assert (options.run, options.artifacts_dir) == ("fake", tmp_path)


def test_files_of_a_folder_are_one_entry_that_says_what_is_missing(tmp_path):
    run = Run.open(write_fake_run(tmp_path, without=[CHECKPOINT]))
    (checkpoint,) = (file for file in files_of(run) if file.path == "models/finetuned/")
    assert checkpoint.n_bytes == len("{}") + len("weights")
    assert checkpoint.missing == (CHECKPOINT,)
    assert checkpoint.n_rows is None


def test_every_file_of_a_shipped_run_is_explained_and_counted():
    run = Run.open(SHIPPED / "demo")
    files = files_of(run)
    assert [file.path for file in files if file.purpose is None] == []
    assert sum(file.n_bytes for file in files) == sum(run.record(path).bytes for path in run.manifest.files)
    assert files[0].path == EXAMPLES.path
