"""How long texts are in tokens, and how many of them an encoder sees only in part."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLengths:
    """Tokens per text before truncation, special tokens included; `n_truncated` texts were cut."""

    n_texts: int
    median: float
    longest: int
    n_truncated: int

    @property
    def truncated_share(self) -> float:
        """Return the share of the texts that were cut, in [0, 1]."""
        return self.n_truncated / self.n_texts


def compute_token_lengths(n_tokens: npt.NDArray[np.integer[Any]], truncated: npt.NDArray[np.bool_]) -> TokenLengths:
    """Return the summary of `n_tokens` and `truncated`, both of shape (n,).

    Raises:
        ValueError: If the shapes differ or there is no text.
    """
    if n_tokens.shape != truncated.shape or len(n_tokens) == 0:
        raise ValueError(
            f"shapes are n_tokens {n_tokens.shape}, truncated {truncated.shape}, expected one (n,) for both, n > 0"
        )
    return TokenLengths(
        n_texts=len(n_tokens),
        median=float(np.median(n_tokens)),
        longest=int(n_tokens.max()),
        n_truncated=int(np.count_nonzero(truncated)),
    )
