"""The processes that `accelerate launch` or `torchrun` started, or the single one that runs otherwise."""

import os
from typing import Any, Protocol


class Processes(Protocol):
    """What a computation needs to know of its fellow processes; objects travel pickled between trusted processes."""

    rank: int
    size: int

    @property
    def is_main(self) -> bool:
        """Return whether this process reads, writes and prints."""
        ...

    def broadcast(self, value: Any) -> Any:
        """Return the main process's value in every process."""
        ...

    def gather(self, value: Any) -> list[Any]:
        """Return every process's value, in rank order."""
        ...


class SingleProcess:
    """The usual case: nobody to talk to."""

    rank = 0
    size = 1
    is_main = True

    def broadcast(self, value: Any) -> Any:
        """Return `value`."""
        return value

    def gather(self, value: Any) -> list[Any]:
        """Return `value` in a list."""
        return [value]


class LaunchedProcesses:
    """A process group, made by accelerate: nccl between GPUs, gloo between CPUs."""

    def __init__(self) -> None:
        """Join the process group that the environment describes."""
        import torch
        from accelerate import PartialState

        state = PartialState(cpu=not torch.cuda.is_available())
        self.rank: int = state.process_index
        self.size: int = state.num_processes

    @property
    def is_main(self) -> bool:
        """Return whether this is rank 0."""
        return self.rank == 0

    def broadcast(self, value: Any) -> Any:
        """Return rank 0's value."""
        from accelerate.utils import broadcast_object_list

        return broadcast_object_list([value])[0]

    def gather(self, value: Any) -> list[Any]:
        """Return all values, in rank order."""
        from accelerate.utils import gather_object

        values: list[Any] = gather_object([value])
        return values


def join_processes() -> Processes:
    """Return this process's group: the launched one if the environment names several processes, else a single one."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        return LaunchedProcesses()
    return SingleProcess()
