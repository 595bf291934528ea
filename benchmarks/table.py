"""Timing and printing that the benchmarks share."""

import time
from collections.abc import Callable, Sequence


def best_seconds(work: Callable[[], object], *, repeats: int) -> float:
    """Return the shortest wall time of `repeats` calls, the first call of all being a warm-up that does not count."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n{title}\n")
    for row in (header, ["---"] * len(header), *rows):
        print("| " + " | ".join(row) + " |")
