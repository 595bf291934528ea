"""The shell commands that messages name, complete enough to be pasted: run, artifacts folder, everything quoted."""

import shlex
from pathlib import Path

from core.artifacts.lock import BUILDING_DIR

DEFAULT_ARTIFACTS_DIR = Path("artifacts")


def script_command(script: str, run_name: str | None, artifacts_dir: Path, *more: str) -> str:
    """Return the command that runs a script on a run; the artifacts folder is named unless it is the default one.

    Args:
        script: Its module name below `scripts`; `restore` takes the run without an option.
        run_name: Name of the run; None leaves it to the script.
        artifacts_dir: Folder of all runs.
        more: Further arguments, each one word of the command line.
    """
    words = [] if run_name is None else [run_name] if script == "restore" else ["--run", run_name]
    words += more
    if artifacts_dir.resolve() != DEFAULT_ARTIFACTS_DIR.resolve():
        words += ["--artifacts-dir", str(artifacts_dir)]
    return f"python -m scripts.{script} {shlex.join(words)}"


def command_for(run_dir: Path, script: str, *more: str) -> str:
    """Return the command that runs a script on the run in `run_dir`, be it finished or the work folder of a build."""
    parent = run_dir.parent
    return script_command(script, run_dir.name, parent.parent if parent.name == BUILDING_DIR else parent, *more)
