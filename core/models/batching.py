"""Length-sorted batches under a token budget."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

IntArray = npt.NDArray[np.int64]


def plan_batches(
    lengths: Sequence[int] | IntArray, *, batch_tokens: int, max_rows: int | None = None
) -> list[IntArray]:
    """Return row positions per batch, longest rows first, so that little is padded and memory peaks at the start.

    Args:
        lengths: Tokens per row, shape (n,).
        batch_tokens: Upper bound of rows × longest row of a batch; a row longer than that is a batch of its own.
        max_rows: Upper bound of rows of a batch, if any.

    Raises:
        ValueError: If a bound is below 1.
    """
    if batch_tokens < 1 or (max_rows is not None and max_rows < 1):
        raise ValueError(f"batch_tokens is {batch_tokens}, max_rows {max_rows}, expected at least 1; give larger ones")
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable")
    batches = []
    start = 0
    while start < len(order):
        widest = max(1, int(lengths[order[start]]))
        n_rows = max(1, batch_tokens // widest)
        if max_rows is not None:
            n_rows = min(n_rows, max_rows)
        batches.append(order[start : start + n_rows])
        start += n_rows
    return batches


def pad_batch(token_ids: Sequence[Sequence[int]], *, pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return input ids and attention mask, int64 of shape (rows, longest row)."""
    width = max(len(row) for row in token_ids)
    input_ids = np.full((len(token_ids), width), pad_id, dtype=np.int64)
    attention_mask = np.zeros((len(token_ids), width), dtype=np.int64)
    for i, row in enumerate(token_ids):
        input_ids[i, : len(row)] = row
        attention_mask[i, : len(row)] = 1
    return torch.from_numpy(input_ids), torch.from_numpy(attention_mask)
