import pytest

from core.models.settings import EncoderSettings, FineTuneSettings
from scripts.presets import PRESETS, Recipe
from tests.scripts.command import call, error_line

EMOTIONS = ("sadness", "joy", "love", "anger", "fear", "surprise")


def test_emotion_is_the_reference_recipe():
    recipe = PRESETS["emotion"]
    assert recipe.corpus.dataset == "dair-ai/emotion"
    assert recipe.corpus.classes == EMOTIONS
    assert recipe.encoder == EncoderSettings(model_ckpt="distilbert-base-uncased", max_length=512)
    assert recipe.training == FineTuneSettings(
        num_train_epochs=2,
        batch_size=64,
        learning_rate=2e-5,
        weight_decay=0.01,
        warmup_ratio=0,
        lr_scheduler_type="linear",
    )


def test_demo_needs_nothing_but_what_is_installed():
    recipe = PRESETS["demo"]
    assert recipe.corpus.dataset == "demo"
    assert recipe.encoder.model_ckpt == "minilm"
    training = recipe.training
    assert (training.batch_size, training.num_train_epochs, training.learning_rate) == (16, 4, 2e-4)


def test_emotion_minilm_is_the_emotion_corpus_with_the_packaged_encoder():
    recipe = PRESETS["emotion-minilm"]
    assert recipe.corpus == PRESETS["emotion"].corpus
    assert recipe.encoder.model_ckpt == "minilm"
    assert (recipe.training.batch_size, recipe.training.num_train_epochs) == (64, 3)


def test_recipe_without_a_preset_is_all_defaults():
    assert Recipe() == Recipe(encoder=EncoderSettings(), training=FineTuneSettings())


def test_unknown_preset_is_refused_with_the_known_ones(tmp_path):
    message = error_line(call("build", "--preset", "emotions", "--artifacts-dir", tmp_path))
    assert message == "--preset is 'emotions', expected one of demo, emotion, emotion-minilm; choose one of these"


@pytest.mark.slow
def test_emotion_without_a_hub_names_the_way_out(tmp_path):
    message = error_line(call("build", "--preset", "emotion", "--artifacts-dir", tmp_path / "artifacts"))
    assert "the hub corpus of that name cannot be loaded" in message
    assert message.endswith("check the id and the network, or give a local copy with --dataset PATH")
    assert not (tmp_path / "artifacts" / "emotion").exists()


@pytest.mark.slow
def test_emotion_with_a_local_corpus_and_no_hub_names_both_ways_out_for_the_encoder(tmp_path):
    corpus = tmp_path / "local.csv"
    lines = ["text,label", *(f"text {i} of {name},{name}" for name in EMOTIONS for i in range(10))]
    corpus.write_text("\n".join(lines))
    options = ("--dataset", corpus, "--artifacts-dir", tmp_path / "artifacts")
    message = error_line(call("build", "--preset", "emotion", *options))
    assert "distilbert-base-uncased cannot be loaded" in message
    assert message.endswith("give a local path with --model_ckpt, or take the packaged one with --encoder minilm")
