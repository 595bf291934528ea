"""Fine-tuning once more per fold, so that every train row is predicted by a model that has not seen its label."""

import shutil
import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from core.errors import ModelError
from core.models.classifier import TransformerClassifier
from core.models.finetuning import fine_tune
from core.models.finetuning_job import FineTuneJob, LabelledTexts, make_job

IntArray = npt.NDArray[np.integer]


def predict_out_of_fold(
    job: FineTuneJob, *, n_folds: int, share: Callable[[FineTuneJob], object]
) -> npt.NDArray[np.float32]:
    """Return out-of-fold class probabilities of a job's train texts, float32 of shape (train, classes).

    Each fold is a training of its own with the job's settings and seed. What a finished fold predicted is kept beside
    the job's checkpoints, so that a stopped computation goes on with the next fold.

    Args:
        job: The training of all train texts.
        n_folds: Folds, at least two.
        share: Called with each fold's job before it starts, to let fellow processes take part.

    Raises:
        ModelError: If no class has two train rows, or training breaks down.
    """
    labels = np.asarray(job.train.labels)
    n_splits = min(n_folds, int(np.bincount(labels).max()))
    if n_splits < 2:
        raise ModelError(
            f"no class has two train rows ({len(labels):,} rows), expected some for out-of-fold predictions; give a"
            f" larger corpus or leave out --out-of-fold"
        )
    folds = StratifiedKFold(n_splits=n_splits, shuffle=True, random_state=job.seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = list(folds.split(labels, labels))
    probs = np.zeros((len(labels), len(job.classes)), dtype=np.float32)
    for number, (kept, left_out) in enumerate(parts):
        print(f"fold {number + 1} of {n_splits} for out-of-fold predictions …", flush=True)
        probs[left_out] = _predict_fold(job, number, kept, left_out, share)
    return probs


def _predict_fold(
    job: FineTuneJob, number: int, kept: IntArray, left_out: IntArray, share: Callable[[FineTuneJob], object]
) -> npt.NDArray[np.float32]:
    finished = job.output_dir / f"fold_{number}.npy"
    if finished.exists():
        found: npt.NDArray[np.float32] = np.load(finished)
        return found
    scratch = job.output_dir / f"fold_{number}"
    scratch.mkdir(parents=True, exist_ok=True)
    fold = make_job(
        LabelledTexts(texts=[job.train.texts[i] for i in kept], labels=[job.train.labels[i] for i in kept]),
        job.validation,
        classes=job.classes,
        checkpoint=job.checkpoint,
        settings=job.settings,
        seed=job.seed,
        scratch=scratch,
    )
    share(fold)
    tuned = fine_tune(fold)
    probs = (
        TransformerClassifier(tuned.model, tuned.tokenizer).predict_proba([job.train.texts[i] for i in left_out]).probs
    )
    part = finished.with_suffix(".part.npy")
    np.save(part, probs)
    part.replace(finished)
    shutil.rmtree(scratch, ignore_errors=True)
    return probs
