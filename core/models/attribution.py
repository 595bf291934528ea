"""How much each word of a text adds to the probability of a class, by integrated gradients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from core.errors import ModelError
from core.models.classifier import Classifier, TransformerClassifier
from core.models.encoder import pool
from core.models.predictor import LogregClassifier
from core.models.tokenization import Tokenizer

if TYPE_CHECKING:
    from captum.attr import LayerIntegratedGradients

N_STEPS = 32
ADDS_UP = 0.05
"""Convergence delta up to which parts are said to add up; beyond it, they are computed again with more steps."""
_MORE_STEPS = 4
_TOKENS_AT_ONCE = 2_048

_Forward = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What each word of a text adds to the probability of one class.

    Words are places in the text, `start` and `end` as int32 of shape (words,), in order; words that the model never
    saw, since the text was cut, are not among them. `scores` are float32 of shape (words,). `prob` is the probability
    of the class, `baseline_prob` that of as much padding; sum(scores) = prob - baseline_prob + delta.
    """

    target: int
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]
    prob: float
    baseline_prob: float
    delta: float


class Attributor:
    """Integrated gradients of a class probability, over the word embeddings of a transformer.

    The path leads from a text of padding tokens to the text itself, special tokens alike on both ends. Gradients are
    averaged at the points of Gauss-Legendre quadrature.

    Source: Sundararajan, Taly & Yan 2017, "Axiomatic Attribution for Deep Networks", eq. 1, as in captum's
    `LayerIntegratedGradients`; its convergence delta is the sum of the attributions minus what they should add up to.
    """

    def __init__(self, classifier: Classifier, *, n_steps: int = N_STEPS) -> None:
        """Prepare a classifier; its weights are left alone.

        Args:
            classifier: A fine-tuned transformer, or a frozen encoder with its linear head.
            n_steps: Points of the path at which gradients are taken; four times as many where they do not suffice.

        Raises:
            ModelError: If its tokenizer cannot tell which characters a token stands for.
        """
        self.n_steps = n_steps
        self.model, self.tokenizer, self._forward, self.kind = _parts_of(classifier)
        if not self.tokenizer.pretrained.is_fast:
            raise ModelError(
                "the tokenizer does not say which characters a token stands for, expected a fast one (tokenizer.json);"
                " words cannot be attributed with it"
            )

    def attribute(self, text: str, targets: Sequence[int]) -> list[Attribution]:
        """Return one attribution per class asked for.

        Args:
            text: One text.
            targets: Classes whose probability is explained.
        """
        from captum.attr import LayerIntegratedGradients  # a second to import, and only needed here

        encoded = self.tokenizer.pretrained(
            text,
            truncation=True,
            max_length=self.tokenizer.max_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        ids = torch.tensor([encoded["input_ids"]], device=self.kind)
        special = torch.tensor([encoded["special_tokens_mask"]], device=self.kind).bool()
        padding = torch.where(special, ids, torch.full_like(ids, self.tokenizer.pad_id))
        mask = torch.ones_like(ids)
        with torch.inference_mode():
            probs, baseline_probs = (self._forward(given, mask)[0].cpu().numpy() for given in (ids, padding))
        start, end, word_of_token = _words(text, encoded)
        gradients = LayerIntegratedGradients(self._forward, self.model.get_input_embeddings())
        found = []
        for target in targets:
            token_scores, delta = self._integrate(gradients, ids, padding, mask, target, n_steps=self.n_steps)
            if abs(delta) > ADDS_UP:
                more = _MORE_STEPS * self.n_steps
                token_scores, delta = self._integrate(gradients, ids, padding, mask, target, n_steps=more)
            inside = word_of_token >= 0
            scores = np.bincount(word_of_token[inside], weights=token_scores[inside], minlength=len(start))
            found.append(
                Attribution(
                    target=int(target),
                    start=start,
                    end=end,
                    scores=scores.astype(np.float32),
                    prob=float(probs[target]),
                    baseline_prob=float(baseline_probs[target]),
                    delta=delta,
                )
            )
        return found

    def _integrate(
        self,
        gradients: "LayerIntegratedGradients",
        ids: torch.Tensor,
        padding: torch.Tensor,
        mask: torch.Tensor,
        target: int,
        *,
        n_steps: int,
    ) -> tuple[npt.NDArray[np.float32], float]:
        """Return the score of each token, shape (tokens,), and the convergence delta."""
        attributed, delta = gradients.attribute(
            inputs=ids,
            baselines=padding,
            target=target,
            additional_forward_args=(mask,),
            n_steps=n_steps,
            method="gausslegendre",
            internal_batch_size=max(1, _TOKENS_AT_ONCE // ids.shape[1]),
            return_convergence_delta=True,
        )
        scores: npt.NDArray[np.float32] = attributed.sum(dim=-1)[0].detach().float().cpu().numpy()
        return scores, float(delta[0])


def _parts_of(classifier: Classifier) -> tuple[Any, Tokenizer, _Forward, str]:
    """Return the transformer, its tokenizer, a function from ids and mask to class probabilities, and the device."""
    if isinstance(classifier, TransformerClassifier):
        model = classifier.model.requires_grad_(False)

        def classify(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            probs: torch.Tensor = model(input_ids=ids, attention_mask=mask).logits.float().softmax(dim=-1)
            return probs

        return model, classifier.tokenizer, classify, classifier.kind
    if isinstance(classifier, LogregClassifier):
        encoder = classifier.encoder
        model = encoder.model.requires_grad_(False)
        kind = encoder.device.kind
        coef = torch.from_numpy(classifier.head.coef).to(kind)
        intercept = torch.from_numpy(classifier.head.intercept).to(kind)

        def encode_and_classify(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            hidden_states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            vectors = pool(hidden_states, mask, encoder.settings.pooling)
            return (vectors @ coef.T + intercept).softmax(dim=-1)

        return model, encoder.tokenizer, encode_and_classify, kind
    raise ModelError(f"a {type(classifier).__name__} cannot be attributed, expected a transformer; use another model")


def _words(text: str, encoded: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return where the words of a text begin and end, and which word each token belongs to, -1 for special tokens.

    Words are those that the tokenizer splits a text into before it splits words into tokens; white space that it counts
    to a word is left out.
    """
    word_ids = encoded.word_ids()
    places: dict[int, list[int]] = {}
    for word, (first, last) in zip(word_ids, encoded["offset_mapping"], strict=True):
        if word is not None:
            place = places.setdefault(word, [first, last])
            place[0], place[1] = min(place[0], first), max(place[1], last)
    order = sorted(places, key=lambda word: places[word])
    position = {word: k for k, word in enumerate(order)}
    start, end = [], []
    for word in order:
        first, last = places[word]
        part = text[first:last]
        start.append(first + len(part) - len(part.lstrip()))
        end.append(last - len(part) + len(part.rstrip()) if part.strip() else last)
    return (
        np.array(start, dtype=np.int32),
        np.array(end, dtype=np.int32),
        np.array([-1 if word is None else position[word] for word in word_ids], dtype=np.int64),
    )
