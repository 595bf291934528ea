"""Suspected labels: who may judge, who is suspected, and that nothing has seen the label that it judges."""

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_self_confidence_for_each_label
from sklearn.metrics import log_loss

from core.analysis.label_issues import find_suspects, judge_by_letters, judges_of, pool_probabilities
from core.artifacts.schema import ModelName, Origin


def noisy(n_rows: int = 300, n_flipped: int = 15) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels of which the first are wrong, the true ones, and probabilities that know better."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, n_rows)
    logits = 4 * np.eye(3)[truth] + rng.normal(size=(n_rows, 3))
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    label = truth.copy()
    label[:n_flipped] = (label[:n_flipped] + 1) % 3
    return label, truth, probs


def test_flipped_labels_are_found_with_the_right_suggestion():
    label, truth, probs = noisy()
    suspects = find_suspects(label, probs, label_odds=15)
    assert set(suspects.positions.tolist()) <= set(range(15))
    assert len(suspects.positions) >= 12
    assert (suspects.suggested == truth[suspects.positions]).all()


def test_odds_of_one_are_cleanlabs_own_cut_in_its_order():
    label, _, probs = noisy()
    probs = 0.5 * probs + 0.5 * np.random.default_rng(1).dirichlet([1, 1, 1], len(label))
    expected = np.flatnonzero(find_label_issues(label, probs))
    quality = get_self_confidence_for_each_label(label, probs)
    suspects = find_suspects(label, probs, label_odds=1)
    assert suspects.positions.tolist() == expected[np.argsort(quality[expected], kind="stable")].tolist()
    assert suspects.score == pytest.approx(1 - quality[suspects.positions])


def test_odds_are_those_of_the_suggestion_against_the_label():
    label, _, probs = noisy()
    for suspect in find_suspects(label, probs, label_odds=50).positions:
        assert probs[suspect].max() >= 50 * probs[suspect, label[suspect]]


@pytest.mark.parametrize("label", [np.array([], dtype=np.int64), np.array([1, 1, 1])])
def test_fewer_than_two_classes_leave_nothing_to_doubt(label):
    assert len(find_suspects(label, np.full((len(label), 3), 1 / 3), label_odds=15).positions) == 0


def test_class_without_rows_is_no_obstacle():
    label, _, probs = noisy()
    four = np.column_stack([probs, np.full(len(probs), 1e-9)])
    found = find_suspects(label, four / four.sum(axis=1, keepdims=True), label_odds=15)
    assert found.positions.tolist() == find_suspects(label, probs, label_odds=15).positions.tolist()


def test_pool_foretells_labels_at_least_as_well_as_its_best_member():
    label, _, good = noisy(n_flipped=0)
    useless = np.random.default_rng(2).dirichlet([1, 1, 1], len(label))
    pooled = pool_probabilities([good, useless], label)
    assert pooled.sum(axis=1) == pytest.approx(1)
    assert log_loss(label, pooled) <= log_loss(label, good) + 1e-6


def test_pool_of_one_keeps_its_order():
    label, _, probs = noisy()
    assert (pool_probabilities([probs], label).argmax(axis=1) == probs.argmax(axis=1)).all()


def test_only_models_that_have_not_seen_the_labels_judge():
    origins = {
        ModelName.DUMMY: Origin.HELD_OUT,
        ModelName.LOGREG: Origin.OUT_OF_FOLD,
        ModelName.FINETUNED: Origin.IN_SAMPLE,
    }
    assert judges_of(origins) == (ModelName.LOGREG,)
    assert judges_of(origins | {ModelName.FINETUNED: Origin.HELD_OUT}) == (ModelName.LOGREG, ModelName.FINETUNED)


def test_model_of_letters_has_not_seen_the_label_that_it_judges():
    """A text of its own for each row: a model that has seen it would know its random label."""
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), 12)) for _ in range(240)]
    label = rng.integers(0, 2, 240)
    train = np.arange(240) < 200
    probs = judge_by_letters(texts, label, train, n_classes=3, seed=0)
    assert (probs.argmax(axis=1) == label)[train].mean() < 0.65
    assert probs.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert (probs[:, 2] == 0).all()


def test_model_of_letters_learns_from_other_rows():
    texts = ["good good day", "bad bad day"] * 30
    probs = judge_by_letters(texts, np.array([1, 0] * 30), np.arange(60) < 50, n_classes=2, seed=0)
    assert (probs.argmax(axis=1) == [1, 0] * 30).all()
