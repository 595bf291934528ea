import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from core.errors import ModelError
from core.models.checkpoints import resolve_checkpoint
from core.models.classifier import TransformerClassifier, load_classifier_model
from tests.tiny_models import tiny_rows

TEXTS = [row["text"] for row in tiny_rows(20)] + ["party", "the day was quiet " * 40]


@pytest.fixture(scope="module", params=["tiny_bert", "tiny_distilbert"])
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier of three classes with random weights, of each architecture in turn."""
    encoder = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("classifier") / request.param
    torch.manual_seed(0)
    model = load_classifier_model(resolve_checkpoint(str(encoder)), ("calm", "cross", "merry"))
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(encoder).save_pretrained(folder)
    return folder


def test_probabilities_equal_the_pipeline_of_transformers(checkpoint: Path):
    answer = pipeline("text-classification", model=str(checkpoint), top_k=None, device="cpu")(TEXTS, truncation=True)
    expected = [
        [{one["label"]: one["score"] for one in row}[name] for name in ("calm", "cross", "merry")] for row in answer
    ]
    classifier = TransformerClassifier.load(checkpoint)
    assert classifier.classes == ("calm", "cross", "merry")
    np.testing.assert_allclose(classifier.predict_proba(TEXTS).probs, expected, atol=1e-5)


def test_answers_keep_the_order_of_the_texts(checkpoint: Path):
    classifier = TransformerClassifier.load(checkpoint)
    forwards, backwards = classifier.predict_proba(TEXTS), classifier.predict_proba(TEXTS[::-1])
    np.testing.assert_allclose(backwards.probs[::-1], forwards.probs, atol=1e-6)
    assert backwards.n_tokens[::-1].tolist() == forwards.n_tokens.tolist()


def test_text_is_cut_where_the_caller_says_else_where_the_checkpoint_does(checkpoint: Path):
    text = ["the day was quiet " * 4]
    assert TransformerClassifier.load(checkpoint).predict_proba(text).truncated.tolist() == [False]
    assert TransformerClassifier.load(checkpoint, max_length=8).predict_proba(text).truncated.tolist() == [True]


def test_no_texts_give_no_rows(checkpoint: Path):
    assert TransformerClassifier.load(checkpoint).predict_proba([]).probs.shape == (0, 3)


def test_encoder_without_a_head_is_refused_with_what_to_run(tiny_bert: Path):
    with pytest.raises(
        ModelError, match=r"holds a BertModel, expected a …ForSequenceClassification; fine-tune it with"
    ):
        TransformerClassifier.load(tiny_bert)


def test_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(ModelError, match=r"has no config.json \(found: nothing\)"):
        TransformerClassifier.load(tmp_path)


def test_missing_folder_is_refused_with_what_to_check(tmp_path: Path):
    with pytest.raises(ModelError, match=r"no checkpoint folder at .*as written by scripts.fine_tune"):
        TransformerClassifier.load(tmp_path / "nowhere")


def test_classifier_of_several_classes_at_once_is_refused(checkpoint: Path, tmp_path: Path):
    folder = tmp_path / "multi"
    shutil.copytree(checkpoint, folder)
    config = json.loads((folder / "config.json").read_text()) | {"problem_type": "multi_label_classification"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="made for multi_label_classification, expected one class per text"):
        TransformerClassifier.load(folder)


@pytest.mark.parametrize("n_bytes", [0, 10, 5_000])
def test_truncated_weights_are_refused(checkpoint: Path, tmp_path: Path, n_bytes: int):
    shutil.copytree(checkpoint, tmp_path / "cut")
    weights = tmp_path / "cut" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:n_bytes])
    with pytest.raises(ModelError, match="cannot be loaded as a classifier"):
        TransformerClassifier.load(tmp_path / "cut")


def test_weights_without_the_head_are_refused_instead_of_drawn_at_random(checkpoint: Path, tmp_path: Path):
    shutil.copytree(checkpoint, tmp_path / "headless")
    weights = tmp_path / "headless" / "model.safetensors"
    tensors = load_file(checkpoint / "model.safetensors")
    save_file({k: v for k, v in tensors.items() if k != "classifier.weight"}, weights, metadata={"format": "pt"})
    with pytest.raises(
        ModelError, match=r"lack 1 of the model that config.json describes \(first: classifier.weight\)"
    ):
        TransformerClassifier.load(tmp_path / "headless")


def test_new_head_on_weights_that_lack_a_layer_is_refused(tiny_distilbert: Path, tmp_path: Path):
    shutil.copytree(tiny_distilbert, tmp_path / "gap")
    tensors = load_file(tiny_distilbert / "model.safetensors")
    kept = {name: tensor for name, tensor in tensors.items() if ".layer.1." not in name}
    save_file(kept, tmp_path / "gap" / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="expected all of them; get the checkpoint again"):
        load_classifier_model(resolve_checkpoint(str(tmp_path / "gap")), ("calm", "cross"))


def test_new_head_replaces_one_of_other_classes(checkpoint: Path):
    model = load_classifier_model(resolve_checkpoint(str(checkpoint)), ("no", "yes"))
    assert model.config.id2label == {0: "no", 1: "yes"}
    assert model.classifier.weight.shape == (2, 32)


def test_model_that_gives_no_numbers_is_refused(checkpoint: Path):
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint)
    with torch.no_grad():
        model.classifier.bias.fill_(torch.nan)
    classifier = TransformerClassifier(model, TransformerClassifier.load(checkpoint).tokenizer)
    with pytest.raises(ModelError, match="its training has diverged; train again with a lower --learning-rate"):
        classifier.predict_proba(["party"])
