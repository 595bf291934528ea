"""A run whose models really read text: the packaged MiniLM with a linear head, and a tiny fine-tuned checkpoint."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from transformers import AutoTokenizer

from core.artifacts.manifest import EncoderInfo
from core.artifacts.schema import (
    EMBEDDINGS,
    FEATURES,
    FINETUNED_DIR,
    LOGREG_HEAD,
    TEXTS,
    ModelName,
    Origin,
    Stage,
    predictions_table,
    probability_columns,
)
from core.artifacts.workspace import Workspace, open_workspace
from core.models.baselines import LinearHead
from core.models.checkpoints import MINILM_NAME, MINILM_SHA256, Checkpoint
from core.models.classifier import load_classifier_model
from tests.fake_runs import EMOTIONS, write_fake_run
from tests.tiny_models import write_tiny_bert

DIMENSION = 384
MAX_LENGTH = 16
MOST_FREQUENT = 1


def write_live_run(
    artifacts_dir: Path,
    name: str = "live",
    *,
    classes: Sequence[str] = EMOTIONS,
    n_rows: int = 120,
    finetuned: bool = True,
    head: bool = True,
    encoder_name: str = MINILM_NAME,
    without: Sequence[str] = (),
) -> Path:
    """Write a run and return its folder.

    Args:
        artifacts_dir: Where runs live.
        name: Name of the run.
        classes: Class names.
        n_rows: Rows of the corpus.
        finetuned: Whether it was fine-tuned.
        head: Whether there is a logistic regression.
        encoder_name: What the manifest calls the frozen encoder.
        without: Files to delete afterwards, though the manifest lists them.
    """
    write_fake_run(artifacts_dir, name, classes=classes, n_rows=n_rows, stages=[Stage.PREPARE_DATA])
    with open_workspace(artifacts_dir, name) as workspace:
        _extract_features(workspace, encoder_name)
        if head:
            _train_baselines(workspace, len(classes))
        if finetuned:
            _fine_tune(workspace, tuple(classes), artifacts_dir / ".tiny-bert")
        workspace.publish()
    for path in without:
        (artifacts_dir / name / path).unlink()
    return artifacts_dir / name


def _extract_features(workspace: Workspace, encoder_name: str) -> None:
    n_rows = workspace.run.manifest.n_rows
    with workspace.stage(Stage.EXTRACT_FEATURES, settings={}, inputs=[TEXTS.path], libraries=[]) as writer:
        writer.encoder = EncoderInfo(
            name=encoder_name, sha256=MINILM_SHA256, pooling="cls", dimension=DIMENSION, max_length=MAX_LENGTH
        )
        writer.table(FEATURES, pd.DataFrame({"id": np.arange(n_rows), "n_tokens": 9, "truncated": False}))
        with writer.path(EMBEDDINGS, n_rows=n_rows) as path, path.open("wb") as file:
            np.save(file, np.zeros((n_rows, DIMENSION), np.float16))


def _train_baselines(workspace: Workspace, n_classes: int) -> None:
    n_rows = workspace.run.manifest.n_rows
    always = pd.DataFrame(np.zeros((n_rows, n_classes), np.float32), columns=probability_columns(n_classes))
    always[f"prob_{MOST_FREQUENT}"] = np.float32(1)
    always = always.assign(id=np.arange(n_rows), pred=MOST_FREQUENT, origin=Origin.HELD_OUT.value)
    coef = np.random.default_rng(0).normal(size=(n_classes, DIMENSION)).astype(np.float32) / 2
    with workspace.stage(Stage.TRAIN_BASELINES, settings={}, inputs=[EMBEDDINGS], libraries=[]) as writer:
        for model in (ModelName.DUMMY, ModelName.LOGREG):
            writer.table(predictions_table(model), always)
        with writer.path(LOGREG_HEAD) as path:
            LinearHead(coef=coef, intercept=np.zeros(n_classes, np.float32)).save(path)


def _fine_tune(workspace: Workspace, classes: tuple[str, ...], encoder: Path) -> None:
    if not encoder.exists():
        write_tiny_bert(encoder)
    settings = {"max_length": MAX_LENGTH}
    with (
        workspace.stage(Stage.FINE_TUNE, settings=settings, inputs=[TEXTS.path], libraries=[]) as writer,
        writer.folder(FINETUNED_DIR) as folder,
    ):
        n_rows = workspace.run.manifest.n_rows
        evenly = pd.DataFrame(np.full((n_rows, len(classes)), 1 / len(classes), np.float32))
        evenly.columns = probability_columns(len(classes))
        evenly = evenly.assign(id=np.arange(n_rows), pred=0, origin=Origin.HELD_OUT.value)
        writer.table(predictions_table(ModelName.FINETUNED), evenly)
        torch.manual_seed(0)
        load_classifier_model(Checkpoint(folder=encoder, name="tiny", sha256=""), classes).save_pretrained(folder)
        AutoTokenizer.from_pretrained(encoder).save_pretrained(folder)
