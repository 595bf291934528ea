"""The one command that makes a run of one's own with the settings that a run records."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import streamlit as st
from pydantic import JsonValue

from core.analysis.settings import AnalysisSettings
from core.artifacts.commands import command_for, script_command
from core.artifacts.run import Run
from core.artifacts.schema import Stage
from core.data.settings import CorpusSettings


def dataset_of(run: Run) -> str:
    """Return what `--dataset` takes for the corpus of a run; a file is known by its name only."""
    corpus = run.manifest.corpus
    if corpus.source == "package":
        return "demo"
    return corpus.name if corpus.source in ("hub", "local copy") else corpus.source


def step_command(run: Run, stage: Stage) -> str:
    """Return the command that makes one stage again with the recorded settings."""
    more = ("--dataset", dataset_of(run)) if stage is Stage.PREPARE_DATA else ()
    return command_for(run.root, stage.script, *more)


def build_command(run: Run) -> str:
    """Return the command that makes a run beside this one, every setting that is not the default spelled out."""
    # settings of models bring their command line library along, which only this page needs
    from core.models.settings import BaselineSettings, EncoderSettings, FineTuneSettings

    defaults = {
        Stage.PREPARE_DATA: asdict(CorpusSettings()),
        Stage.EXTRACT_FEATURES: asdict(EncoderSettings()),
        Stage.TRAIN_BASELINES: asdict(BaselineSettings()),
        Stage.FINE_TUNE: asdict(FineTuneSettings()),
        **{Stage(f"analyze/{part}"): settings for part, settings in asdict(AnalysisSettings()).items()},
    }
    options = ["--dataset", dataset_of(run)]
    for stage, settings in defaults.items():
        record = run.manifest.stages.get(stage)
        recorded = {} if record is None else record.settings
        for name, default in settings.items():
            if name != "dataset":
                options += _option(name, recorded.get(name), default)
    return script_command("build", f"{run.name}-mine", run.root.parent, *options)


def show_recipe(run: Run) -> None:
    """Show the command, and what it does."""
    st.markdown(
        "This command makes all of the above from nothing, with the settings that this run records, as a run of its own"
        " beside it. Stopped, it carries on where it was."
    )
    st.code(build_command(run), language=None, wrap_lines=True)


def _option(name: str, value: JsonValue, default: object) -> Iterator[str]:
    """Yield an option and its values, unless they are the default or nothing."""
    values: Sequence[JsonValue] = value if isinstance(value, list) else [value]
    if value in (None, []) or value == default:
        return
    yield f"--{name.replace('_', '-')}"
    yield from (str(part) for part in values)
