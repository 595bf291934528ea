from pathlib import Path

import joblib
import numpy as np
import pytest
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from core.errors import ModelError
from core.models.baselines import LinearHead, fit_dummy, fit_logreg, linear_head, save_estimator
from core.models.settings import BaselineSettings


def clouds(n_rows: int, classes: tuple[int, ...], *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points of dimension 6 around one centre per class, and their labels."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(classes, size=n_rows)
    centres = rng.normal(size=(max(classes) + 1, 6))
    return (centres[labels] + rng.normal(size=(n_rows, 6))).astype(np.float32), labels


def splits(n_train: int, n_test: int) -> np.ndarray:
    return np.array(["train"] * n_train + ["test"] * n_test, dtype=object)


@pytest.mark.parametrize("classes", [(0, 1, 2), (0, 1)])
def test_head_gives_the_probabilities_of_scikit_learn(classes: tuple[int, ...]):
    points, labels = clouds(80, classes)
    estimator = LogisticRegression(max_iter=1000).fit(points, labels)
    probs = linear_head(estimator, len(classes)).predict_proba(points)
    assert probs.dtype == np.float32
    np.testing.assert_allclose(probs, estimator.predict_proba(points), atol=1e-5)


@pytest.mark.parametrize("seen", [(0, 2), (0, 1, 3)])
def test_head_gives_zero_to_a_class_without_train_rows(seen: tuple[int, ...]):
    points, labels = clouds(80, seen)
    estimator = LogisticRegression(max_iter=1000).fit(points, labels)
    probs = linear_head(estimator, 4).predict_proba(points)
    np.testing.assert_allclose(probs[:, seen], estimator.predict_proba(points), atol=1e-5)
    assert (probs[:, [k for k in range(4) if k not in seen]] == 0).all()


def test_train_rows_get_out_of_fold_probabilities_and_the_others_those_of_the_whole_fit():
    points, labels = clouds(100, (0, 1, 2))
    settings = BaselineSettings(n_folds=4, logreg_c=0.5)
    fitted = fit_logreg(points, labels, splits(70, 30), 3, settings=settings, seed=7)
    expected = cross_val_predict(
        LogisticRegression(C=0.5, max_iter=3000),
        points[:70],
        labels[:70],
        cv=StratifiedKFold(4, shuffle=True, random_state=7),
        method="predict_proba",
    )
    np.testing.assert_allclose(fitted.probs[:70], expected, atol=1e-5)
    whole = LogisticRegression(C=0.5, max_iter=3000).fit(points[:70], labels[:70])
    np.testing.assert_allclose(fitted.probs[70:], whole.predict_proba(points[70:]), atol=1e-5)
    assert np.abs(fitted.probs[:70] - whole.predict_proba(points[:70])).max() > 1e-3


def test_class_of_one_row_is_left_out_of_one_fold_only():
    points, labels = clouds(31, (0, 1))
    labels[30] = 2
    fitted = fit_logreg(points, labels, splits(31, 0), 3, settings=BaselineSettings(n_folds=5), seed=0)
    np.testing.assert_allclose(fitted.probs.sum(axis=1), 1, atol=1e-5)
    assert fitted.probs[30, 2] == 0  # nobody who has not seen the row knows its class


def test_more_folds_than_rows_of_any_class_are_lowered():
    points, labels = clouds(6, (0, 1))
    labels[:] = [0, 1, 0, 1, 0, 1]
    fitted = fit_logreg(points, labels, splits(6, 0), 2, settings=BaselineSettings(n_folds=100), seed=0)
    np.testing.assert_allclose(fitted.probs.sum(axis=1), 1, atol=1e-5)


def test_one_row_per_class_is_refused():
    points, labels = clouds(3, (0, 1, 2))
    labels[:] = [0, 1, 2]
    with pytest.raises(ModelError, match=r"no class has two train rows \(3 rows\)"):
        fit_logreg(points, labels, splits(3, 0), 3, settings=BaselineSettings(), seed=0)


def test_fold_of_one_class_is_refused():
    points = np.eye(3, dtype=np.float32)
    with pytest.raises(ModelError, match="holds one class only, expected two; give a larger corpus or fewer folds"):
        fit_logreg(points, np.array([0, 0, 1]), splits(3, 0), 2, settings=BaselineSettings(), seed=0)


def test_giving_up_early_is_not_convergence():
    points, labels = clouds(80, (0, 1, 2))
    for n_iterations, converged in ((1, False), (3000, True)):
        settings = BaselineSettings(logreg_max_iter=n_iterations)
        assert fit_logreg(points, labels, splits(80, 0), 3, settings=settings, seed=0).converged is converged


def test_dummy_is_always_the_most_frequent_train_class():
    points = np.zeros((7, 2), dtype=np.float32)
    labels = np.array([2, 1, 2, 0, 0, 0, 0])
    fitted = fit_dummy(points, labels, splits(3, 4), 3)
    assert fitted.probs.tolist() == [[0, 0, 1]] * 7


def test_head_reads_back_as_written(tmp_path: Path):
    head = LinearHead(
        coef=np.arange(6, dtype=np.float32).reshape(3, 2), intercept=np.array([0, 1, -np.inf], np.float32)
    )
    head.save(tmp_path / "head.safetensors")
    again = LinearHead.load(tmp_path / "head.safetensors")
    np.testing.assert_array_equal(again.coef, head.coef)
    np.testing.assert_array_equal(again.intercept, head.intercept)


def test_estimator_is_for_the_users_own_python(tmp_path: Path):
    points, labels = clouds(40, (0, 1))
    estimator = LogisticRegression().fit(points, labels)
    save_estimator(estimator, tmp_path / "logreg.joblib")
    np.testing.assert_array_equal(joblib.load(tmp_path / "logreg.joblib").coef_, estimator.coef_)


@pytest.mark.parametrize("payload", [b"", b"garbage", b"\x08\0\0\0\0\0\0\0{}      ", b"\xff" * 64])
def test_garbage_is_no_head(tmp_path: Path, payload: bytes):
    (tmp_path / "head.safetensors").write_bytes(payload)
    with pytest.raises(ModelError, match="cannot be read as a linear head"):
        LinearHead.load(tmp_path / "head.safetensors")


def test_missing_head_is_refused(tmp_path: Path):
    with pytest.raises(ModelError, match=r"make it again with: python -m scripts.train_baselines"):
        LinearHead.load(tmp_path / "head.safetensors")


@pytest.mark.parametrize(("coef_shape", "n_intercepts"), [((3,), 3), ((3, 2), 2), ((3, 2, 1), 3)])
def test_head_of_shapes_that_do_not_fit_is_refused(tmp_path: Path, coef_shape: tuple[int, ...], n_intercepts: int):
    tensors = {"coef": np.zeros(coef_shape, np.float32), "intercept": np.zeros(n_intercepts, np.float32)}
    save_file(tensors, tmp_path / "head.safetensors")
    with pytest.raises(ModelError, match="cannot be read as a linear head"):
        LinearHead.load(tmp_path / "head.safetensors")
