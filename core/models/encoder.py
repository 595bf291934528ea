"""A frozen encoder: one vector per text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from tqdm import tqdm
from transformers import AutoModel

from core.errors import ModelError
from core.models.batching import IntArray, pad_batch, plan_batches
from core.models.checkpoints import Checkpoint, check_weights_complete, read_config
from core.models.devices import Device, choose_device, out_of_memory_explained
from core.models.processes import Processes, SingleProcess
from core.models.settings import EncoderSettings, Pooling, Precision
from core.models.tokenization import TokenizedTexts, Tokenizer

WINDOW_ROWS = 16_384
"""Texts that are tokenized and sorted by length at a time; bounds the memory, whatever the corpus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCounts:
    """Tokens per text before cutting (int32), and whether it was cut; both of shape (n,)."""

    n_tokens: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]


class Encoder(Protocol):
    """Anything that turns texts into vectors of one length."""

    dimension: int

    def encode(self, texts: Sequence[str], out: npt.NDArray[np.float16]) -> TokenCounts:
        """Write the vector of text i into `out[i]`; `out` has the shape (len(texts), dimension)."""
        ...


class TransformerEncoder:
    """A Hugging Face encoder, any architecture that `AutoModel` loads and that needs only ids and a mask."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        settings: EncoderSettings,
        *,
        device: Device | None = None,
        max_rows: int | None = None,
    ) -> None:
        """Load the encoder.

        Args:
            checkpoint: Where its weights are.
            settings: Pooling, maximal length, precision, token budget of a batch.
            device: Where to compute; the best of this machine when None.
            max_rows: Upper bound of texts per batch, beside the token budget.

        Raises:
            ModelError: If the checkpoint cannot be loaded, or the device lacks the precision.
        """
        self.settings = settings
        self.device = device or choose_device(settings.precision)
        self.tokenizer = Tokenizer(checkpoint.folder, max_length=min(settings.max_length, longest_input(checkpoint)))
        self.max_length = self.tokenizer.max_length
        self.batch_tokens = settings.batch_tokens or self.device.batch_tokens
        self.max_rows = max_rows
        self.model: Any = load_encoder_model(checkpoint).to(self.device.kind).eval()
        self.dimension: int = self.model.config.hidden_size

    def encode(
        self,
        texts: Sequence[str],
        out: npt.NDArray[np.float16],
        *,
        processes: Processes | None = None,
        progress: bool = False,
    ) -> TokenCounts:
        """Write one vector per text into `out`, in the order of the texts.

        Batches are planned over all processes together, so neither their number nor the order of work changes what a
        text is batched with.

        Args:
            texts: The texts, shape (n,).
            out: float16 of shape (n, dimension); may be a memory map. Only the main process's is written to.
            processes: Fellow processes that share the batches.
            progress: Whether to show a bar with rate and time left.

        Raises:
            ModelError: If a vector is not finite in float16.
        """
        processes = processes or SingleProcess()
        n_tokens = np.zeros(len(texts), dtype=np.int32)
        truncated = np.zeros(len(texts), dtype=np.bool_)
        with tqdm(total=len(texts), unit="text", desc="encoding", disable=not (progress and processes.is_main)) as bar:
            for start in range(0, len(texts), WINDOW_ROWS):
                tokenized = self.tokenizer(texts[start : start + WINDOW_ROWS])
                stop = start + len(tokenized.token_ids)
                n_tokens[start:stop] = tokenized.n_tokens
                truncated[start:stop] = tokenized.truncated
                for rows, vectors in self._encode_window(tokenized, processes, bar):
                    out[start + rows] = vectors
        return TokenCounts(n_tokens=n_tokens, truncated=truncated)

    def _encode_window(
        self, tokenized: TokenizedTexts, processes: Processes, bar: "tqdm[Any]"
    ) -> Iterator[tuple[IntArray, npt.NDArray[np.float16]]]:
        lengths = np.minimum(tokenized.n_tokens, self.max_length)
        batches = plan_batches(lengths, batch_tokens=self.batch_tokens, max_rows=self.max_rows)
        mine = []
        for number, rows in enumerate(batches):
            if number % processes.size == processes.rank:
                with out_of_memory_explained(self.batch_tokens):
                    mine.append((rows, self.encode_batch([tokenized.token_ids[i] for i in rows])))
            bar.update(len(rows))
        for part in processes.gather(mine):
            if processes.is_main:
                yield from part

    @torch.inference_mode()
    def encode_batch(self, token_ids: Sequence[Sequence[int]]) -> npt.NDArray[np.float16]:
        """Return the vectors of one batch, float16 of shape (rows, dimension)."""
        input_ids, attention_mask = pad_batch(token_ids, pad_id=self.tokenizer.pad_id)
        input_ids, attention_mask = input_ids.to(self.device.kind), attention_mask.to(self.device.kind)
        with torch.autocast(
            self.device.kind, dtype=self.device.dtype, enabled=self.device.precision is not Precision.FLOAT32
        ):
            hidden_states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = pool(hidden_states.float(), attention_mask, self.settings.pooling)
        vectors: npt.NDArray[np.float16] = pooled.to(torch.float16).cpu().numpy()
        if not np.isfinite(vectors).all():
            raise ModelError(
                f"the encoder gave vectors that are not finite in {self.device.precision}, expected numbers; run again"
                f" with --precision float32"
            )
        return vectors


def pool(hidden_states: torch.Tensor, attention_mask: torch.Tensor, pooling: Pooling) -> torch.Tensor:
    """Return one vector per text, shape (rows, dimension), from token vectors of shape (rows, tokens, dimension)."""
    if pooling is Pooling.CLS:
        return hidden_states[:, 0]
    weights = attention_mask.unsqueeze(-1).to(hidden_states.dtype)
    return (hidden_states * weights).sum(dim=1) / weights.sum(dim=1)


def load_encoder_model(checkpoint: Checkpoint) -> Any:
    """Return the bare encoder of a checkpoint, in float32.

    Raises:
        ModelError: If the checkpoint cannot be loaded, or lacks weights.
    """
    try:
        model, loading_info = AutoModel.from_pretrained(
            checkpoint.folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"{checkpoint.folder} cannot be loaded as an encoder ({' '.join(str(error).split())[:160]}), expected a"
            f" Hugging Face checkpoint; check --model_ckpt"
        ) from error
    # the pooler is a head of its own, which no vector here passes through
    check_weights_complete(checkpoint.folder, {n for n in loading_info["missing_keys"] if not n.startswith("pooler.")})
    return model


def longest_input(checkpoint: Checkpoint) -> int:
    """Return how many tokens the checkpoint has positions for."""
    config = read_config(checkpoint.folder)
    positions = config.get("max_position_embeddings") or config.get("n_positions") or 1_000_000
    offset = 2 if config.get("model_type") in {"roberta", "xlm-roberta", "camembert", "mpnet"} else 0
    return int(positions) - offset
