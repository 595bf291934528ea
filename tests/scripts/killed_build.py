"""`python -m tests.scripts.killed_build FILE …`: a build that is killed the moment FILE of its run has been written.

FILE may be `checkpoint` for the Trainer's first whole checkpoint. Killed from within, so that it always hits there.
"""

import os
import signal
import sys
from typing import Any

from core.artifacts.writer import StageWriter
from scripts import build


def kill_after(file: str) -> None:
    """Make this process kill itself after writing `file`."""
    if file == "checkpoint":
        from core.models import finetuning

        callback: Any = finetuning._MarkComplete
        method = "on_save"
    else:
        callback, method = StageWriter, "_add"
    original = getattr(callback, method)

    def and_die(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if file in ("checkpoint", args[0]):
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(callback, method, and_die)


if __name__ == "__main__":
    kill_after(sys.argv.pop(1))
    build.main()
