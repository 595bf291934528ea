"""The two baselines on frozen embeddings: always the most frequent class, and logistic regression."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from core.artifacts.schema import Split
from core.errors import ModelError
from core.models.settings import BaselineSettings

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearHead:
    """A linear classifier on embeddings: softmax(x · coefᵀ + intercept).

    `coef` is float32 of shape (classes, dimension), `intercept` of shape (classes,). A two-class logistic regression,
    which scikit-learn keeps as one row, has zeros as the row of class 0, which gives the same probabilities.
    """

    coef: FloatArray
    intercept: FloatArray

    def predict_proba(self, embeddings: npt.NDArray[np.floating[Any]]) -> FloatArray:
        """Return class probabilities, float32 of shape (n, classes)."""
        logits = embeddings.astype(np.float32) @ self.coef.T + self.intercept
        logits -= logits.max(axis=1, keepdims=True)
        exponentials = np.exp(logits)
        probs: FloatArray = exponentials / exponentials.sum(axis=1, keepdims=True)
        return probs

    def save(self, path: Path) -> None:
        """Write the head as safetensors.

        Raises:
            OSError: If it cannot be written.
        """
        path.write_bytes(save({"coef": self.coef, "intercept": self.intercept}))

    @classmethod
    def load(cls, path: Path) -> "LinearHead":
        """Read a head.

        Raises:
            ModelError: If the file is not one.
        """
        try:
            tensors = load_file(path)
            coef, intercept = tensors["coef"], tensors["intercept"]
            if coef.ndim != 2 or intercept.shape != coef.shape[:1]:
                raise ValueError(f"coef has the shape {coef.shape}, intercept {intercept.shape}")
            return cls(coef=coef.astype(np.float32), intercept=intercept.astype(np.float32))
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            raise ModelError(
                f"{path} cannot be read as a linear head ({type(error).__name__}), expected safetensors with coef and"
                f" intercept; make it again with: python -m scripts.train_baselines"
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedBaseline:
    """A baseline's probabilities for every row, float32 of shape (n, classes), out-of-fold on the train rows."""

    estimator: Any
    probs: FloatArray
    converged: bool


def fit_dummy(
    embeddings: FloatArray, labels: IntArray, split: npt.NDArray[np.object_], n_classes: int
) -> FittedBaseline:
    """Fit `DummyClassifier(most_frequent)` on the train rows; it never looks at the embeddings."""
    train = split == Split.TRAIN
    estimator = DummyClassifier(strategy="most_frequent").fit(embeddings[train], labels[train])
    return FittedBaseline(estimator=estimator, probs=_all_classes(estimator, embeddings, n_classes), converged=True)


def fit_logreg(
    embeddings: FloatArray,
    labels: IntArray,
    split: npt.NDArray[np.object_],
    n_classes: int,
    *,
    settings: BaselineSettings,
    seed: int,
) -> FittedBaseline:
    """Fit a logistic regression on the train rows, and once per fold for their out-of-fold probabilities.

    Args:
        embeddings: Shape (n, dimension).
        labels: Shape (n,), in [0, n_classes).
        split: Shape (n,), values of `Split`.
        n_classes: Number of classes of the run.
        settings: Regularisation, iterations, folds.
        seed: Seed of the folds.

    Raises:
        ModelError: If the train rows are too few for two folds.
    """
    train = np.flatnonzero(split == Split.TRAIN)
    n_folds = min(settings.n_folds, int(np.bincount(labels[train]).max()))
    if n_folds < 2:
        raise ModelError(
            f"no class has two train rows ({len(train):,} rows), expected some for out-of-fold probabilities; give a"
            f" larger corpus"
        )
    estimator = LogisticRegression(C=settings.logreg_c, max_iter=settings.logreg_max_iter)
    fitted, converged = _fit(clone(estimator), embeddings[train], labels[train])
    probs = _all_classes(fitted, embeddings, n_classes)
    folds = StratifiedKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = list(folds.split(train, labels[train]))
    for kept, left_out in parts:
        if len(np.unique(labels[train[kept]])) < 2:
            raise ModelError(
                f"a fold of {len(kept):,} train rows holds one class only, expected two; give a larger corpus or fewer"
                f" folds with --n-folds"
            )
        fold, fold_converged = _fit(clone(estimator), embeddings[train[kept]], labels[train[kept]])
        probs[train[left_out]] = _all_classes(fold, embeddings[train[left_out]], n_classes)
        converged = converged and fold_converged
    return FittedBaseline(estimator=fitted, probs=probs, converged=converged)


def linear_head(estimator: Any, n_classes: int) -> LinearHead:
    """Return a fitted logistic regression as a head over all classes of the run."""
    coef, intercept = estimator.coef_, estimator.intercept_
    if len(estimator.classes_) == 2:
        coef = np.vstack([np.zeros_like(coef), coef])
        intercept = np.concatenate([np.zeros_like(intercept), intercept])
    full_coef = np.zeros((n_classes, coef.shape[1]), dtype=np.float32)
    full_intercept = np.full(n_classes, -np.inf, dtype=np.float32)
    full_coef[estimator.classes_] = coef
    full_intercept[estimator.classes_] = intercept
    return LinearHead(coef=full_coef, intercept=full_intercept)


def save_estimator(estimator: Any, path: Path) -> None:
    """Write the fitted scikit-learn estimator with joblib, for the user's own Python; Misread never reads it."""
    joblib.dump(estimator, path)


def _fit(estimator: Any, embeddings: FloatArray, labels: IntArray) -> tuple[Any, bool]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(embeddings, labels)
    return estimator, not any(issubclass(warning.category, ConvergenceWarning) for warning in caught)


def _all_classes(estimator: Any, embeddings: FloatArray, n_classes: int) -> FloatArray:
    """Return probabilities with a column per class of the run, zero for classes that the estimator has not seen."""
    probs = np.zeros((len(embeddings), n_classes), dtype=np.float32)
    probs[:, estimator.classes_] = estimator.predict_proba(embeddings)
    return probs
