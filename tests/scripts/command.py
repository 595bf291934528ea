"""Calling a script as the shell would: in this process, which saves the imports, or in one of its own."""

import importlib
import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


def call(script: str, *arguments: object, stdin: bytes = b"") -> Outcome:
    """Run a script's `main` here; an exception other than SystemExit, which would be a traceback, goes to the test."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    argv = [f"scripts.{script}", *map(str, arguments)]
    keyboard = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with patch("sys.argv", argv), patch("sys.stdin", keyboard), redirect_stdout(out), redirect_stderr(err):
        try:
            importlib.import_module(f"scripts.{script}").main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Outcome(code=code, out=out.getvalue(), err=err.getvalue())


def call_ok(script: str, *arguments: object, stdin: bytes = b"") -> str:
    """Run a script that must succeed and return what it printed."""
    outcome = call(script, *arguments, stdin=stdin)
    assert outcome.code == 0, outcome.err
    return outcome.out


def start(
    arguments: Sequence[object], *, before: Callable[[], None] | None = None, timeout_seconds: float = 300
) -> Outcome:
    """Run `python …` in a process of its own, `before` being called in it first."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        preexec_fn=before,
        check=False,
    )
    return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def error_line(outcome: Outcome) -> str:
    """Return the one line with which a command refused to work, checking that there is no other."""
    assert outcome.code == 2, outcome
    lines = outcome.err.splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("error: ")
    return lines[0].removeprefix("error: ")
