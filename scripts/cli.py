"""What all scripts share: parsing options, naming runs, and ending with one sentence instead of a traceback."""

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import tyro

from core.errors import ArtifactError, MisreadError

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace

Options = TypeVar("Options")
EXIT_USER_ERROR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Where the run is."""

    run: Annotated[str | None, tyro.conf.arg(aliases=("--run-name",))] = None
    """Name of the run, a folder below the artifacts folder; by default named after the corpus. (torchrun takes --run \
for an option of its own, so call it --run-name there.)"""
    artifacts_dir: Path = Path("artifacts")
    """Folder that holds all runs."""


def run_script(script: str, defaults: Callable[[], Options], main: Callable[[Options], None]) -> None:
    """Parse the command line, run `main`, and turn a `MisreadError` into one line and exit code 2.

    Args:
        script: Its module name below `scripts`.
        defaults: Returns the options as they are where the command line says nothing.
        main: Does the work.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    try:
        default = defaults()
        options = tyro.cli(
            type(default),
            prog=f"python -m scripts.{script}",
            default=default,
            config=(
                tyro.conf.OmitArgPrefixes,
                tyro.conf.OmitSubcommandPrefixes,
                tyro.conf.FlagCreatePairsOff,
                tyro.conf.EnumChoicesFromValues,
            ),
        )
        main(options)
    except MisreadError as error:
        _close_progress_bars()
        print(f"error: {error}", file=sys.stderr)
        sys.exit(EXIT_USER_ERROR)
    except (NotADirectoryError, FileExistsError, IsADirectoryError) as error:
        reason = f"cannot use {error.filename}: {error.strerror}"
        print(f"error: {reason}, expected a folder of that name; check the paths given", file=sys.stderr)
        sys.exit(EXIT_USER_ERROR)
    except BrokenPipeError:
        # whoever reads, such as `head`, has seen enough; without a place to flush to, Python would complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("stopped; run the same command again to carry on", file=sys.stderr)
        sys.exit(130)


def _close_progress_bars() -> None:
    """End bars that are half way, so that an error stands on a line of its own and is not drawn over."""
    tqdm = sys.modules.get("tqdm")
    if tqdm is not None:
        for bar in sorted(tqdm.tqdm._instances, key=lambda bar: bar.pos):
            bar.close()


def option_of(name: str, arguments: Sequence[str] | None = None) -> str | None:
    """Return the value that the command line gives an option, spelled with hyphens or underscores, before parsing."""
    arguments = sys.argv[1:] if arguments is None else arguments
    wanted = f"--{name.replace('_', '-')}"
    for position, argument in enumerate(arguments):
        flag, equals, value = argument.partition("=")
        if flag.replace("_", "-") == wanted:
            return value if equals else next(iter(arguments[position + 1 : position + 2]), None)
    return None


def name_run(run: str | None, *, dataset: str | None = None, limit: int | None = None) -> str:
    """Return the run's name: as given, else after the corpus; a smoke run has a name of its own.

    Raises:
        ArtifactError: If there is nothing to name it after, or the name is no plain folder name.
    """
    from core.artifacts.lock import check_run_name

    name = run
    if name is None and dataset is not None:
        name = Path(dataset).name.partition(".")[0] or None
    if name is None:
        raise ArtifactError("no run named, expected one; name it with --run, or give a corpus with --dataset")
    check_run_name(name)
    suffix = "" if limit is None or name.endswith(f"-limit{limit}") else f"-limit{limit}"
    return f"{name}{suffix}"


def check_seed(seed: int) -> None:
    """Refuse a seed that the libraries do not take.

    Raises:
        MisreadError: If it is negative or has more than 32 bits.
    """
    if not 0 <= seed < 2**32:
        raise MisreadError(f"--seed is {seed}, expected a number in 0…{2**32 - 1}; give another")


def publish(workspace: "Workspace") -> None:
    """Put what was built in the finished run's place, or say why it is not shown yet."""
    from core.artifacts.commands import script_command

    if not workspace.publish():
        command = script_command("build", workspace.name, workspace.artifacts_dir)
        print(
            f"{workspace.name}: not shown yet, since the finished run has stages that this one still lacks; complete it"
            f" with: {command}"
        )
    if workspace.set_aside is not None:
        print(f"{workspace.name}: the old folder, whose manifest is damaged, was kept as {workspace.set_aside}")


def print_next(run: str, next_script: str | None, artifacts_dir: Path) -> None:
    """Print what to run next: a script, or the dashboard when there is none left."""
    from core.artifacts.commands import DEFAULT_ARTIFACTS_DIR, script_command

    if next_script is not None:
        print(f"next: {script_command(next_script, run, artifacts_dir)}")
    elif artifacts_dir.resolve() == DEFAULT_ARTIFACTS_DIR.resolve():
        print("next: streamlit run Home.py")
    else:
        print(f"next: MISREAD_ARTIFACTS_DIR={shlex.quote(str(artifacts_dir))} streamlit run Home.py")
