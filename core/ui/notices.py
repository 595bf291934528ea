"""Empty states: what is missing and the exact command; errors as one sentence."""

from pathlib import Path

import streamlit as st

from core.artifacts.commands import script_command
from core.artifacts.run import Run, stage_command
from core.artifacts.schema import Stage
from core.errors import MisreadError
from core.ui.formatting import plain
from core.ui.missing import commands_of, missing_parts


def show_no_runs(artifacts_dir: Path) -> None:
    """Say that there is nothing to look at yet, and how to make something."""
    st.title("Misread")
    st.markdown("See what your text classifier misreads.")
    st.info(f"There is no run in {plain(str(artifacts_dir))} yet. Make the demo, offline and in a few minutes, with:")
    st.code(script_command("build", None, artifacts_dir, "--preset", "demo"), language=None)
    st.markdown("Or bring your own labelled texts:")
    st.code(
        script_command(
            "build",
            "reviews",
            artifacts_dir,
            *("--dataset", "reviews.csv", "--text-column", "body", "--label-column", "stars"),
        ),
        language=None,
    )


def show_error(error: MisreadError) -> None:
    """Show an error's sentence, which names the remedy, as it stands."""
    st.error(plain(str(error)), icon=":material/error:")


def show_stage_missing(run: Run, stage: Stage, what: str, *, path: str | None = None) -> None:
    """Say that a part of the page needs a stage, or a file of it, that has not been made, and how to make it."""
    st.info(f"{what} need a step that this run has not been through yet. Make it with:", icon=":material/pending:")
    st.code(stage_command(run, stage, path), language=None)


def show_missing_parts(run: Run) -> None:
    """List what the run lacks on this machine, with the command for each."""
    parts = missing_parts(run)
    if not parts:
        st.markdown(":green-badge[:material/check: complete] Everything that belongs to this run is on this machine.")
        return
    st.markdown("These parts are not on this machine. Pages work without them; the commands make them, in this order.")
    for command, made in commands_of(parts).items():
        st.markdown("\n".join(f"- **{part.name}**: {part.purpose}" for part in made))
        st.code(command, language=None)
