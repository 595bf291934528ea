"""Make a whole run: corpus, vectors, baselines, fine-tuned model, analysis; skip what is fresh, carry on after a stop.

Examples:
  python -m scripts.build --preset demo --run my-demo
  python -m scripts.build --run reviews --dataset reviews.csv --text-column body --label-column stars
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings
from core.data.settings import CorpusSettings
from core.errors import MisreadError
from core.models.settings import BaselineSettings, EncoderSettings, FineTuneSettings
from scripts import analyze, extract_features, fine_tune, prepare_data, train_baselines
from scripts.cli import RunOptions, check_seed, name_run, option_of, print_next, publish, run_script
from scripts.presets import PRESETS, Recipe
from scripts.recorded import recorded_manifest, recorded_settings

if TYPE_CHECKING:
    from core.artifacts.manifest import Manifest
    from core.artifacts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions(RunOptions):
    """Make a whole run; settings not given are the preset's, else those the run was made with, else the defaults."""

    preset: str | None = None
    """Recipe to start from: demo, emotion (needs the hub), emotion-minilm; every setting below can still be changed."""
    corpus: CorpusSettings = CorpusSettings()
    encoder: EncoderSettings = EncoderSettings()
    baselines: BaselineSettings = BaselineSettings()
    training: FineTuneSettings = FineTuneSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    skip: tuple[analyze.Part, ...] = ()
    """Parts of the analysis to leave out."""
    report_to: tuple[str, ...] = ()
    """Trackers for the fine-tuning, as the Trainer names them (tensorboard, wandb, mlflow …)."""


def run(options: BuildOptions) -> None:
    """Run every stage in order, publishing whenever that loses nothing."""
    from core.artifacts.workspace import open_workspace

    corpus, seed = options.corpus, options.corpus.seed
    check_seed(seed)
    name = name_run(options.run or options.preset, dataset=corpus.dataset, limit=corpus.limit)
    started = time.monotonic()
    with open_workspace(options.artifacts_dir, name) as workspace:
        steps: dict[str, Callable[[], str]] = {
            "prepare_data": lambda: prepare(workspace, options),
            "extract_features": lambda: extract_features.extract(workspace, options.encoder),
            "train_baselines": lambda: train_baselines.train(workspace, options.baselines, seed=seed),
            "fine_tune": lambda: fine_tune.train(
                workspace, options.encoder, options.training, seed=seed, report_to=options.report_to
            ),
            "analyze": lambda: "\n".join(analyze.analyze(workspace, options.analysis, seed=seed, skip=options.skip)),
        }
        if corpus.dataset is None and workspace.manifest is not None:
            del steps["prepare_data"]
        for number, (step, make) in enumerate(steps.items(), start=1):
            print(f"[{number}/{len(steps)}] {step}", flush=True)
            print(make(), flush=True)
            workspace.publish()
        publish(workspace)
    print(f"{name}: complete in {time.monotonic() - started:.0f} s, in {options.artifacts_dir / name}")
    print_next(name, None, options.artifacts_dir)


def prepare(workspace: "Workspace", options: BuildOptions) -> str:
    """Make the workspace's corpus: the one given, or with --limit alone a part of what the run has."""
    corpus = options.corpus
    if corpus.dataset is None and corpus.limit is not None and options.run is not None:
        return prepare_data.prepare_smoke_run(workspace, options.artifacts_dir / options.run, limit=corpus.limit)
    return prepare_data.prepare(workspace, corpus)


def default_options() -> BuildOptions:
    """Return the settings to start from: the preset's, else those that the run was made with, else the defaults.

    Raises:
        MisreadError: If there is no such preset.
    """
    preset = option_of("preset")
    if preset is not None and preset not in PRESETS:
        raise MisreadError(f"--preset is {preset!r}, expected one of {', '.join(PRESETS)}; choose one of these")
    recipe = PRESETS[preset] if preset is not None else recorded_recipe(recorded_manifest())
    return BuildOptions(
        preset=preset,
        corpus=recipe.corpus,
        encoder=recipe.encoder,
        baselines=recipe.baselines,
        training=recipe.training,
        analysis=recipe.analysis,
    )


def recorded_recipe(manifest: "Manifest | None") -> Recipe:
    """Return the settings that a run was made with, defaults where a stage has not been made."""
    recipe = Recipe()
    return Recipe(
        corpus=recorded_settings(recipe.corpus, manifest, "prepare_data"),
        encoder=recorded_settings(recipe.encoder, manifest, "extract_features"),
        baselines=recorded_settings(recipe.baselines, manifest, "train_baselines"),
        training=recorded_settings(recipe.training, manifest, "fine_tune"),
        analysis=analyze.recorded_analysis(manifest),
    )


def main() -> None:
    """Run from the command line."""
    run_script("build", default_options, run)


if __name__ == "__main__":
    main()
