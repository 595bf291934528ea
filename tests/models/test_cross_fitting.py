"""Out-of-fold predictions of a fine-tuned model: no row is predicted by a model that was trained on it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ModelError
from core.models.classifier import TransformerClassifier
from core.models.cross_fitting import predict_out_of_fold
from core.models.finetuning import fine_tune
from core.models.finetuning_job import FineTuneJob, LabelledTexts, make_job
from core.models.settings import CheckpointSettings, FineTuneSettings, Precision
from tests.tiny_models import SIGNAL_WORDS, tiny_rows

CLASSES = tuple(SIGNAL_WORDS)


def labelled(n_rows: int, *, seed: int) -> LabelledTexts:
    rows = tiny_rows(n_rows, seed=seed)
    return LabelledTexts(texts=[row["text"] for row in rows], labels=[CLASSES.index(row["label"]) for row in rows])


def job_of(checkpoint: Path, scratch: Path, **changes: Any) -> FineTuneJob:
    inputs: dict[str, Any] = {
        "train": labelled(24, seed=1),
        "validation": labelled(9, seed=2),
        "classes": CLASSES,
        "checkpoint": CheckpointSettings(model_ckpt=str(checkpoint), max_length=32, precision=Precision.FLOAT32),
        "settings": FineTuneSettings(num_train_epochs=1, batch_size=8, learning_rate=1e-2, out_of_fold=2),
        "seed": 0,
        "scratch": scratch,
    }
    return make_job(**(inputs | changes))


def test_each_row_is_predicted_by_the_model_of_the_other_folds(tiny_distilbert: Path, tmp_path: Path):
    job, folds = job_of(tiny_distilbert, tmp_path / "scratch"), []
    probs = predict_out_of_fold(job, n_folds=2, share=folds.append)
    texts = list(job.train.texts)
    left_out = [[i for i, text in enumerate(texts) if text not in set(fold.train.texts)] for fold in folds]
    assert sorted(i for part in left_out for i in part) == list(range(24))
    again = fine_tune(job_of(tiny_distilbert, tmp_path / "again", train=folds[1].train))
    expected = TransformerClassifier(again.model, again.tokenizer).predict_proba([texts[i] for i in left_out[1]]).probs
    np.testing.assert_allclose(probs[left_out[1]], expected, atol=1e-5)

    started: list[FineTuneJob] = []
    resumed = predict_out_of_fold(job_of(tiny_distilbert, tmp_path / "scratch"), n_folds=2, share=started.append)
    assert started == []
    np.testing.assert_array_equal(resumed, probs)


def test_too_few_rows_for_folds_are_refused(tiny_distilbert: Path, tmp_path: Path):
    alone = LabelledTexts(texts=["a", "b", "c"], labels=[0, 1, 2])
    with pytest.raises(ModelError, match="no class has two train rows"):
        predict_out_of_fold(job_of(tiny_distilbert, tmp_path, train=alone), n_folds=2, share=print)
