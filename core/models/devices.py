"""What this machine can compute on, and in which precision it is really fast."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from core.errors import ModelError
from core.models.settings import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where and in which arithmetic to compute; `precision` is never `auto`."""

    kind: str
    precision: Precision

    @property
    def batch_tokens(self) -> int:
        """Return how many tokens make a fast batch: few enough for a CPU's caches, many enough to fill a GPU."""
        return 1_024 if self.kind == "cpu" else 32_768

    @property
    def dtype(self) -> torch.dtype:
        """Return the torch type of `precision`."""
        dtype: torch.dtype = getattr(torch, self.precision.value)
        return dtype


def choose_device(precision: Precision = Precision.AUTO, *, kind: str | None = None) -> Device:
    """Return the best device of this process, with `auto` resolved to what its hardware has.

    Args:
        precision: What was asked for.
        kind: cuda, mps or cpu; the best one present when None.

    Raises:
        ModelError: If a precision was asked for that the hardware would only emulate.
    """
    kind = kind or _best_kind()
    native = native_precisions(kind)
    if precision is Precision.AUTO:
        return Device(kind=kind, precision=native[0])
    if precision not in native:
        raise ModelError(
            f"--precision {precision} asked for, but this {kind} computes natively in {', '.join(native)} only; choose"
            f" one of these or auto"
        )
    return Device(kind=kind, precision=precision)


def native_precisions(kind: str) -> list[Precision]:
    """Return the precisions that a device has instructions for, the one to prefer first."""
    if kind == "cuda":
        if torch.cuda.is_bf16_supported(including_emulation=False):
            return [Precision.BFLOAT16, Precision.FLOAT16, Precision.FLOAT32]
        return [Precision.FLOAT16, Precision.FLOAT32]
    if kind == "mps":
        return [Precision.FLOAT32]  # half precision there has not been measured
    if cpu_has_bfloat16():
        return [Precision.BFLOAT16, Precision.FLOAT32]
    return [Precision.FLOAT32]


@contextmanager
def out_of_memory_explained(batch_tokens: int) -> Iterator[None]:
    """Say in one sentence that a batch did not fit.

    Raises:
        ModelError: If the device runs out of memory.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"the device ran out of memory on a batch of {batch_tokens:,} tokens, expected it to fit; end what else"
            f" uses it, or lower --batch-tokens or --max-length"
        ) from error


def cpu_has_bfloat16() -> bool:
    """Return whether this CPU multiplies bfloat16 in hardware (AVX512-BF16, AMX or Arm BF16)."""
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def _best_kind() -> str:
    if torch.cuda.is_available():
        return "cuda"
    if torch.backends.mps.is_available():
        return "mps"
    return "cpu"
