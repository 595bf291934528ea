"""Integrated gradients: exact where they are known by hand, and against an integration of our own."""

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from core.errors import ModelError
from core.models.attribution import Attributor
from core.models.baselines import LinearHead
from core.models.checkpoints import Checkpoint, resolve_checkpoint
from core.models.classifier import TransformerClassifier, load_classifier_model
from core.models.encoder import TransformerEncoder
from core.models.predictor import LogregClassifier
from core.models.settings import EncoderSettings, Pooling, Precision
from core.models.tokenization import Tokenizer
from tests.tiny_models import HIDDEN_SIZE

CLASSES = ("calm", "cross", "merry")
TEXT = "They danced, and shouted at zoe!"


class BagOfWords(torch.nn.Module):
    """Two classes, whose logits are the sum of one number per token, and 0."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, weights: dict[str, float]) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(len(tokenizer), 1)
        self.embedding.weight.data.zero_()
        for token, weight in weights.items():
            self.embedding.weight.data[tokenizer.convert_tokens_to_ids(token)] = weight
        self.config = SimpleNamespace(id2label={0: "merry", 1: "cross"})

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.embedding

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> SimpleNamespace:
        total = (self.embedding(input_ids)[..., 0] * attention_mask).sum(dim=1)
        return SimpleNamespace(logits=torch.stack([total, torch.zeros_like(total)], dim=1))


@pytest.fixture(scope="module")
def fine_tuned(tiny_bert: Path, tiny_distilbert: Path) -> dict[str, TransformerClassifier]:
    def load(folder: Path) -> TransformerClassifier:
        torch.manual_seed(0)
        model = load_classifier_model(Checkpoint(folder=folder, name="tiny", sha256=""), CLASSES)
        return TransformerClassifier(model, Tokenizer(folder, max_length=32))

    return {"bert": load(tiny_bert), "distilbert": load(tiny_distilbert)}


def bag_of_words(folder: Path, weights: dict[str, float], *, max_length: int = 32) -> TransformerClassifier:
    tokenizer = Tokenizer(folder, max_length=max_length)
    return TransformerClassifier(BagOfWords(tokenizer.pretrained, weights), tokenizer)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def blank(ids: list[int], tokenizer: PreTrainedTokenizerFast) -> list[int]:
    return [ids[0], *[tokenizer.pad_token_id] * (len(ids) - 2), ids[-1]]


def test_words_of_a_sum_share_the_difference_by_their_weight(tiny_bert):
    # zo is unknown, so it is read as z and ##o; of 2.5 in all they weigh 1.5, danced 2, furious −1, the comma nothing
    classifier = bag_of_words(tiny_bert, {"z": 1.0, "##o": 0.5, "danced": 2.0, "furious": -1.0})
    found, opposite = Attributor(classifier).attribute("zo danced, furious", [0, 1])
    assert list(zip(found.start, found.end, strict=True)) == [(0, 2), (3, 9), (9, 10), (11, 18)]
    whole = sigmoid(2.5) - 0.5
    np.testing.assert_allclose(found.scores, np.array([1.5, 2, 0, -1]) / 2.5 * whole, atol=1e-5)
    np.testing.assert_allclose(opposite.scores, -found.scores, atol=1e-5)
    assert (found.target, opposite.target) == (0, 1)
    assert found.prob == pytest.approx(sigmoid(2.5), abs=1e-6)
    assert (found.baseline_prob, found.delta) == (pytest.approx(0.5), pytest.approx(0, abs=1e-5))


def test_words_beyond_the_cut_are_not_among_them(tiny_bert):
    classifier = bag_of_words(tiny_bert, {"danced": 1.0, "party": 1.0}, max_length=4)
    (found,) = Attributor(classifier).attribute("danced the party was", [0])
    assert found.end.tolist() == [6, 10]
    assert found.prob == pytest.approx(sigmoid(1.0), abs=1e-6)


@pytest.mark.parametrize(("text", "n_words"), [("!", 1), ("  ", 0), ("", 0)])
def test_texts_with_next_to_nothing_in_them(tiny_bert, text, n_words):
    (found,) = Attributor(bag_of_words(tiny_bert, {"!": 3.0})).attribute(text, [0])
    assert len(found.scores) == len(found.start) == n_words
    assert found.scores.sum() == pytest.approx(found.prob - 0.5, abs=1e-4)


def test_steps_are_added_where_the_parts_do_not_add_up(tiny_bert):
    # the middle of the path is all that counts, and two points miss it by eight percentage points
    (found,) = Attributor(bag_of_words(tiny_bert, {"danced": 12.0}), n_steps=2).attribute("danced", [0])
    assert abs(found.delta) < 0.02
    assert found.scores[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("kind", ["bert", "distilbert"])
def test_scores_are_those_of_an_integration_by_hand(fine_tuned, kind):
    classifier, target = fine_tuned[kind], 2
    model, tokenizer = classifier.model, classifier.tokenizer.pretrained
    (found,) = Attributor(classifier).attribute(TEXT, [target])
    encoded = tokenizer(TEXT, return_offsets_mapping=True)
    embed = model.get_input_embeddings()
    end, start = (embed(torch.tensor([ids])).detach() for ids in (
        encoded["input_ids"], blank(encoded["input_ids"], tokenizer)
    ))  # fmt: skip
    alphas = (torch.arange(200).float() + 0.5) / 200
    path = (start + alphas[:, None, None] * (end - start)).requires_grad_(True)
    probs = model(inputs_embeds=path).logits.softmax(dim=-1)[:, target]
    (gradients,) = torch.autograd.grad(probs.sum(), path)
    per_token = (gradients.mean(dim=0) * (end - start)[0]).sum(dim=-1).numpy()
    expected = [
        sum(s for s, (a, b) in zip(per_token, encoded["offset_mapping"], strict=True) if first <= a < b <= last)
        for first, last in zip(found.start, found.end, strict=True)
    ]
    words = [TEXT[a:b] for a, b in zip(found.start, found.end, strict=True)]
    assert words == ["They", "danced", ",", "and", "shouted", "at", "zoe", "!"]
    np.testing.assert_allclose(found.scores, expected, atol=5e-5)
    assert np.abs(found.scores).max() > 0.002


@pytest.mark.parametrize("pooling", list(Pooling))
def test_logistic_regression_is_attributed_through_its_encoder(tiny_distilbert, pooling):
    settings = EncoderSettings(pooling=pooling, max_length=32, precision=Precision.FLOAT32)
    encoder = TransformerEncoder(resolve_checkpoint(str(tiny_distilbert)), settings)
    rng = np.random.default_rng(0)
    head = LinearHead(
        coef=rng.normal(size=(3, HIDDEN_SIZE)).astype(np.float32) / 3, intercept=np.array([0.1, 0, -0.1], np.float32)
    )
    classifier = LogregClassifier(encoder, head, CLASSES)
    (found,) = Attributor(classifier).attribute(TEXT, [1])
    tokenizer = encoder.tokenizer.pretrained
    ids = tokenizer(TEXT)["input_ids"]
    hidden_states = encoder.model(input_ids=torch.tensor([blank(ids, tokenizer)])).last_hidden_state[0].detach().numpy()
    vector = hidden_states[0] if pooling is Pooling.CLS else hidden_states.mean(axis=0)
    # vectors are kept as float16, attributions are not
    assert found.prob == pytest.approx(classifier.predict_proba([TEXT]).probs[0, 1], abs=2e-3)
    assert found.baseline_prob == pytest.approx(head.predict_proba(vector[None])[0, 1], abs=1e-5)
    assert found.scores.sum() == pytest.approx(found.prob - found.baseline_prob + found.delta, abs=1e-5)
    assert abs(found.delta) < 0.01
    assert np.abs(found.scores).max() > 0.002


def test_weights_and_answers_are_left_alone(fine_tuned):
    classifier = fine_tuned["bert"]
    before = classifier.predict_proba([TEXT]).probs
    Attributor(classifier).attribute(TEXT, [0])
    np.testing.assert_array_equal(classifier.predict_proba([TEXT]).probs, before)
    assert all(weight.grad is None for weight in classifier.model.parameters())


def test_what_cannot_be_attributed_is_refused(tiny_bert, monkeypatch):
    with pytest.raises(ModelError, match="a SimpleNamespace cannot be attributed, expected a transformer"):
        Attributor(SimpleNamespace(classes=CLASSES, max_length=8))
    classifier = bag_of_words(tiny_bert, {})
    monkeypatch.setattr(type(classifier.tokenizer.pretrained), "is_fast", False)
    with pytest.raises(ModelError, match="does not say which characters a token stands for"):
        Attributor(classifier)
