from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from core.artifacts.manifest import CorpusInfo, EncoderInfo
from core.artifacts.run import Run
from core.artifacts.schema import FINETUNED_DIR, LOGREG_HEAD, ModelName, Split, Stage
from core.artifacts.workspace import open_workspace
from core.errors import ModelError
from core.models.baselines import LinearHead
from core.models.checkpoints import resolve_checkpoint
from core.models.classifier import load_classifier_model
from core.models.predictor import load_classifier
from tests.tiny_models import HIDDEN_SIZE

CLASSES = ("calm", "cross", "merry")


@pytest.fixture
def make_run(tmp_path: Path, tiny_bert: Path) -> Callable[..., Run]:
    """Makes a run that has nothing but its models."""

    def make(
        *,
        head_shape: tuple[int, int] = (3, HIDDEN_SIZE),
        checkpoint_classes: tuple[str, ...] = CLASSES,
        max_length: int = 16,
        trained_max_length: int = 8,
        encoder_sha256: str | None = None,
    ) -> Run:
        encoder = resolve_checkpoint(str(tiny_bert))
        with open_workspace(tmp_path, "small") as workspace:
            with workspace.stage(Stage.PREPARE_DATA, settings={}, inputs=[], libraries=[]) as writer:
                writer.corpus = CorpusInfo(
                    name="small", source="small.csv", sha256="0" * 64, classes=CLASSES, n_rows=dict.fromkeys(Split, 1)
                )
            with workspace.stage(Stage.EXTRACT_FEATURES, settings={}, inputs=[], libraries=[]) as writer:
                writer.encoder = EncoderInfo(
                    name="tiny-bert",
                    sha256=encoder_sha256 or encoder.sha256,
                    pooling="cls",
                    dimension=HIDDEN_SIZE,
                    max_length=max_length,
                )
            with (
                workspace.stage(Stage.TRAIN_BASELINES, settings={}, inputs=[], libraries=[]) as writer,
                writer.path(LOGREG_HEAD) as path,
            ):
                coef = np.random.default_rng(0).normal(size=head_shape).astype(np.float32)
                LinearHead(coef=coef, intercept=np.zeros(head_shape[0], np.float32)).save(path)
            settings = {"max_length": trained_max_length}
            with (
                workspace.stage(Stage.FINE_TUNE, settings=settings, inputs=[], libraries=[]) as writer,
                writer.folder(FINETUNED_DIR) as folder,
            ):
                torch.manual_seed(0)
                load_classifier_model(encoder, checkpoint_classes).save_pretrained(folder)
                AutoTokenizer.from_pretrained(tiny_bert).save_pretrained(folder)
            workspace.publish()
        return Run.open(tmp_path / "small")

    return make


def test_logreg_is_the_head_on_the_vectors_of_the_encoder(make_run: Callable[..., Run], tiny_bert: Path):
    run = make_run()
    classifier = load_classifier(run, ModelName.LOGREG, model_ckpt=str(tiny_bert))
    vectors = np.zeros((2, HIDDEN_SIZE), dtype=np.float16)
    classifier.encoder.encode(["party", "the furious day"], vectors)
    expected = LinearHead.load(run.root / LOGREG_HEAD).predict_proba(vectors)
    answer = classifier.predict_proba(["party", "the furious day"])
    assert classifier.classes == CLASSES
    np.testing.assert_array_equal(answer.probs, expected)
    assert answer.n_tokens.tolist() == [3, 5]


def test_each_model_cuts_texts_where_it_was_trained_to(make_run: Callable[..., Run], tiny_bert: Path):
    run = make_run(max_length=16, trained_max_length=8)
    ten_tokens = ["the day was quiet and then we danced"]
    for model, truncated in ((ModelName.LOGREG, False), (ModelName.FINETUNED, True)):
        classifier = load_classifier(run, model, model_ckpt=str(tiny_bert))
        assert classifier.predict_proba(ten_tokens).truncated.tolist() == [truncated]


def test_dummy_cannot_read_text(make_run: Callable[..., Run]):
    with pytest.raises(ModelError, match="the model dummy cannot read new text, expected finetuned or logreg"):
        load_classifier(make_run(), ModelName.DUMMY)


def test_encoder_with_other_weights_is_refused(make_run: Callable[..., Run], tiny_distilbert: Path):
    with pytest.raises(
        ModelError, match=r"the encoder tiny-distilbert has weights .*give the right one with --model_ckpt"
    ):
        load_classifier(make_run(), ModelName.LOGREG, model_ckpt=str(tiny_distilbert))


def test_head_of_another_run_is_refused(make_run: Callable[..., Run], tiny_bert: Path):
    with pytest.raises(ModelError, match=r"has coefficients of shape \(2, 32\), expected \(3, 32\)"):
        load_classifier(make_run(head_shape=(2, HIDDEN_SIZE)), ModelName.LOGREG, model_ckpt=str(tiny_bert))


def test_checkpoint_of_other_classes_is_refused(make_run: Callable[..., Run]):
    with pytest.raises(ModelError, match="knows the classes no, yes, expected those of the run, calm, cross, merry"):
        load_classifier(make_run(checkpoint_classes=("no", "yes")), ModelName.FINETUNED)


def test_checkpoint_that_is_not_there_comes_with_the_command_that_makes_it(make_run: Callable[..., Run]):
    run = make_run()
    (run.root / FINETUNED_DIR).rename(run.root / "moved")
    with pytest.raises(
        ModelError, match=r"has no fine-tuned checkpoint at .*; make it with: python -m scripts.restore"
    ):
        load_classifier(run, ModelName.FINETUNED)


def test_head_that_is_not_there_comes_with_the_command_that_makes_it(make_run: Callable[..., Run]):
    run = make_run()
    (run.root / LOGREG_HEAD).unlink()
    with pytest.raises(
        ModelError, match=r"has no logistic regression; make it with: python -m scripts.train_baselines"
    ):
        load_classifier(run, ModelName.LOGREG)
