"""A transformer with a classification head: load it, and get class probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification

from core.errors import ModelError
from core.models.batching import pad_batch, plan_batches
from core.models.checkpoints import Checkpoint, check_weights_complete, read_config, weights_sha256
from core.models.devices import choose_device, out_of_memory_explained
from core.models.encoder import WINDOW_ROWS, longest_input
from core.models.settings import Precision
from core.models.tokenization import Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProbabilities:
    """Class probabilities, float32 of shape (n, classes), and which texts were cut, of shape (n,)."""

    probs: npt.NDArray[np.float32]
    n_tokens: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]


class Classifier(Protocol):
    """Anything that gives class probabilities for texts, of which it reads the first `max_length` tokens."""

    classes: tuple[str, ...]
    max_length: int

    def predict_proba(self, texts: Sequence[str], *, progress: bool = False) -> ClassProbabilities:
        """Return one row of probabilities per text, in the order of the texts."""
        ...


class TransformerClassifier:
    """A sequence classification model; always computes in float32, so that a text gets the same answer everywhere."""

    def __init__(self, model: Any, tokenizer: Tokenizer) -> None:
        """Wrap a loaded model; class names are its `id2label`."""
        device = choose_device(Precision.FLOAT32)
        self.kind = device.kind
        self.model = model.to(self.kind).eval()
        self.tokenizer = tokenizer
        self.max_length = tokenizer.max_length
        self.batch_tokens = device.batch_tokens
        names = model.config.id2label
        self.classes = tuple(str(names[k]) for k in range(len(names)))

    @classmethod
    def load(cls, folder: Path, *, max_length: int | None = None) -> "TransformerClassifier":
        """Load a fine-tuned checkpoint folder.

        Args:
            folder: The checkpoint.
            max_length: Tokens after which a text is cut; what the checkpoint's tokenizer says when None.

        Raises:
            ModelError: If it is no checkpoint of a classifier with one class per text.
        """
        if not folder.is_dir():
            raise ModelError(
                f"no checkpoint folder at {folder}; expected config.json and model.safetensors as written by"
                f" scripts.fine_tune, so check --model_dir"
            )
        sha256 = weights_sha256(folder)
        config = read_config(folder)
        architectures = config.get("architectures") or []
        if not any(str(name).endswith("ForSequenceClassification") for name in architectures):
            raise ModelError(
                f"{folder} holds a {', '.join(map(str, architectures)) or 'model of unknown kind'}, expected a"
                f" …ForSequenceClassification; fine-tune it with: python -m scripts.fine_tune --model_ckpt {folder}"
            )
        if config.get("problem_type") not in (None, "single_label_classification"):
            raise ModelError(
                f"{folder} is made for {config['problem_type']}, expected one class per text; give another checkpoint"
                f" with --model_dir"
            )
        checkpoint = Checkpoint(folder=folder, name=folder.name, sha256=sha256)
        longest = longest_input(checkpoint)
        tokenizer = Tokenizer(folder, max_length=longest if max_length is None else min(max_length, longest))
        return cls(load_classifier_model(checkpoint), tokenizer)

    @torch.inference_mode()
    def predict_proba(self, texts: Sequence[str], *, progress: bool = False) -> ClassProbabilities:
        """Return class probabilities, batched by length.

        Raises:
            ModelError: If the model gives no numbers.
        """
        probs = np.zeros((len(texts), len(self.classes)), dtype=np.float32)
        n_tokens = np.zeros(len(texts), dtype=np.int32)
        truncated = np.zeros(len(texts), dtype=np.bool_)
        with tqdm(total=len(texts), unit="text", desc="predicting", disable=not progress) as bar:
            for start in range(0, len(texts), WINDOW_ROWS):
                tokenized = self.tokenizer(texts[start : start + WINDOW_ROWS])
                stop = start + len(tokenized.token_ids)
                n_tokens[start:stop] = tokenized.n_tokens
                truncated[start:stop] = tokenized.truncated
                lengths = [len(row) for row in tokenized.token_ids]
                for rows in plan_batches(lengths, batch_tokens=self.batch_tokens):
                    with out_of_memory_explained(self.batch_tokens):
                        probs[start + rows] = self._predict_batch([tokenized.token_ids[i] for i in rows])
                    bar.update(len(rows))
        if not np.isfinite(probs).all():
            raise ModelError(
                "the model gives probabilities that are not finite, expected numbers: its training has diverged; train"
                " again with a lower --learning-rate"
            )
        return ClassProbabilities(probs=probs, n_tokens=n_tokens, truncated=truncated)

    def _predict_batch(self, token_ids: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        input_ids, attention_mask = pad_batch(token_ids, pad_id=self.tokenizer.pad_id)
        logits = self.model(input_ids=input_ids.to(self.kind), attention_mask=attention_mask.to(self.kind)).logits
        probs: npt.NDArray[np.float32] = logits.float().softmax(dim=-1).cpu().numpy()
        return probs


def load_classifier_model(checkpoint: Checkpoint, classes: tuple[str, ...] | None = None) -> Any:
    """Return a checkpoint as a sequence classification model.

    Args:
        checkpoint: An encoder, or an already fine-tuned classifier.
        classes: Class names for a new head; the checkpoint's own head when None.

    Raises:
        ModelError: If the checkpoint cannot be loaded, or lacks weights other than those of a new head.
    """
    head: dict[str, Any] = {}
    if classes is not None:
        head = {
            "num_labels": len(classes),
            "id2label": dict(enumerate(classes)),
            "label2id": {name: k for k, name in enumerate(classes)},
            "problem_type": "single_label_classification",
            "ignore_mismatched_sizes": True,
        }
    try:
        model, loaded = AutoModelForSequenceClassification.from_pretrained(
            checkpoint.folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
            **head,
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"{checkpoint.folder} cannot be loaded as a classifier ({' '.join(str(error).split())[:160]}), expected a"
            f" Hugging Face checkpoint; check the folder, or make it with: python -m scripts.fine_tune"
        ) from error
    missing = set(loaded["missing_keys"])
    if classes is not None:
        # an encoder comes without a head, and often without the layer that feeds it
        encoder = f"{model.base_model_prefix}."
        missing = {name for name in missing if name.startswith(encoder) and ".pooler." not in name}
    check_weights_complete(checkpoint.folder, missing)
    return model
