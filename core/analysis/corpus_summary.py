"""What some rows of a corpus are, in four numbers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.rows import Rows
from core.analysis.token_lengths import TokenLengths, compute_token_lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSummary:
    """Some rows of a corpus; `tokens` is None as long as no encoder has read the texts."""

    n_rows: int
    n_classes: int
    median_words: float
    tokens: TokenLengths | None


def summarize_corpus(rows: Rows, selected: npt.NDArray[np.bool_]) -> CorpusSummary:
    """Return the summary of the rows where `selected`, shape (rows,), holds.

    Raises:
        ValueError: If there is no row.
    """
    frame = rows.frame[selected]
    if frame.empty:
        raise ValueError("no row is selected, expected at least one")
    has_tokens = "n_tokens" in frame
    return CorpusSummary(
        n_rows=len(frame),
        n_classes=int(frame["label"].nunique()),
        median_words=float(frame["n_words"].median()),
        tokens=compute_token_lengths(frame["n_tokens"].to_numpy(), frame["truncated"].to_numpy())
        if has_tokens
        else None,
    )
