"""Texts → token ids, with the length before cutting."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from transformers import AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from core.errors import ModelError

transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

_TOKENIZER_FILES = ("tokenizer.json", "vocab.*", "*.model", "*.tiktoken")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizedTexts:
    """Token ids per text, cut to `max_length`; `n_tokens` (int32) counts them before the cut, special ones included."""

    token_ids: list[list[int]]
    n_tokens: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]


class Tokenizer:
    """A checkpoint's tokenizer with one fixed maximal length."""

    def __init__(self, folder: Path, *, max_length: int) -> None:
        """Load the tokenizer of the checkpoint in `folder`.

        Raises:
            ModelError: If the folder has no readable tokenizer, or `max_length` leaves no room for a token.
        """
        try:
            # without any of these files, AutoTokenizer returns one that knows no words
            if not any(path for pattern in _TOKENIZER_FILES for path in folder.glob(pattern)):
                raise FileNotFoundError(folder / "tokenizer.json")
            self.pretrained: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder} has no readable tokenizer ({type(error).__name__}), expected tokenizer.json or its parts;"
                f" get the checkpoint again, tokenizer included"
            ) from error
        self.n_special: int = self.pretrained.num_special_tokens_to_add()
        if max_length <= self.n_special:
            raise ModelError(
                f"--max-length is {max_length}, expected more than the {self.n_special} special tokens; raise it"
            )
        self.max_length = min(max_length, self.pretrained.model_max_length)
        self.pad_id: int = self.pretrained.pad_token_id or 0

    def __call__(self, texts: Sequence[str]) -> TokenizedTexts:
        """Tokenize texts, special tokens included; a text longer than `max_length` is cut at its end."""
        token_ids = self._encode(texts, truncation=False)
        n_tokens = np.array([len(row) for row in token_ids], dtype=np.int32)
        truncated = n_tokens > self.max_length
        long = np.flatnonzero(truncated).tolist()
        if long:
            for i, row in zip(long, self._encode([texts[i] for i in long], truncation=True), strict=True):
                token_ids[i] = row
        return TokenizedTexts(token_ids=token_ids, n_tokens=n_tokens, truncated=truncated)

    def _encode(self, texts: Sequence[str], *, truncation: bool) -> list[list[int]]:
        if not texts:
            return []
        encoded = self.pretrained(
            list(texts),
            truncation=truncation,
            max_length=self.max_length if truncation else None,
            return_attention_mask=False,
            return_token_type_ids=False,
            verbose=False,
        )
        token_ids: list[list[int]] = encoded["input_ids"]
        return token_ids
