"""Scores and their intervals against scikit-learn, scipy and statsmodels, and how often the intervals hold."""

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from core.analysis.answer_counts import count_answers
from core.analysis.bootstrap import OVERALL_SCORES, overall_intervals
from core.analysis.comparison import ModelScores
from core.analysis.paired_tests import f1_difference_intervals
from core.analysis.score_intervals import estimate_scores, f1_interval, f1_intervals
from core.artifacts.schema import ModelName, Origin, Split
from tests.analysis.drawn_answers import draw_counts, draw_rows, only, whole_population

LABEL, FIRST, SECOND = draw_rows(300, seed=5)


def scores_of(y_true, y_pred, *, n_classes: int = 4, n_resamples: int = 400) -> ModelScores:
    return estimate_scores(
        np.array(y_true), np.array(y_pred), n_classes=n_classes, model=ModelName.LOGREG, split=Split.TEST,
        origin=Origin.HELD_OUT, n_resamples=n_resamples, seed=1,
    )  # fmt: skip


def test_scores_are_those_of_scikit_learn():
    scores = scores_of(LABEL, SECOND)
    assert scores.accuracy.value == pytest.approx(accuracy_score(LABEL, SECOND))
    assert scores.macro_f1.value == pytest.approx(f1_score(LABEL, SECOND, average="macro"))
    assert scores.weighted_f1.value == pytest.approx(f1_score(LABEL, SECOND, average="weighted"))
    for name, function in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        values = [getattr(of_class, name).value for of_class in scores.per_class]
        assert values == pytest.approx(function(LABEL, SECOND, average=None))


def test_intervals_of_single_shares_are_wilsons():
    scores = scores_of(LABEL, SECOND)
    hits, support, n_predicted = (int(n.sum()) for n in ((LABEL == 3) & (SECOND == 3), LABEL == 3, SECOND == 3))
    n_right = int((LABEL == SECOND).sum())
    for found, (n_hits, n_rows) in (
        (scores.accuracy, (n_right, 300)),
        (scores.per_class[3].recall, (hits, support)),
        (scores.per_class[3].precision, (hits, n_predicted)),
    ):
        assert found.interval == pytest.approx(tuple(binomtest(n_hits, n_rows).proportion_ci(method="wilson")))
        assert found.interval == pytest.approx(proportion_confint(n_hits, n_rows, method="wilson"))


def test_f1_of_a_class_has_the_wilson_interval_of_its_hits_among_rows_with_the_class():
    # 6 hits, 8 rows, 10 answers: 12 rows have the class as label or answer, J = 6/12, F1 = 12/18
    low, high = proportion_confint(6, 12, method="wilson")
    assert f1_interval(6, 8, 10) == pytest.approx((2 * low / (1 + low), 2 * high / (1 + high)))
    assert f1_interval(0, 3, 0)[0] == 0
    assert f1_interval(3, 3, 3)[1] == 1
    assert f1_interval(3, 3, 3)[0] < 0.62  # three rows prove little


def test_overall_intervals_are_those_of_scipys_bca_bootstrap():
    def macro_f1(y_true, y_pred, axis=-1):
        f1 = [
            2 * ((y_true == k) & (y_pred == k)).sum(axis) / ((y_true == k).sum(axis) + (y_pred == k).sum(axis))
            for k in range(4)
        ]
        return np.mean(f1, axis=0)

    counts = count_answers(LABEL, [FIRST, SECOND], n_classes=4)
    one, both = (overall_intervals(found, n_resamples=8000, seed=3) for found in (only(counts, 1), counts))
    how = {"n_resamples": 8000, "paired": True, "method": "BCa", "rng": np.random.default_rng(4), "vectorized": True}
    alone = bootstrap((LABEL, SECOND), macro_f1, **how).confidence_interval
    assert one["macro_f1"] == pytest.approx(tuple(alone), abs=0.004)
    paired = bootstrap(
        (LABEL, FIRST, SECOND), lambda y, a, b, axis=-1: macro_f1(y, b, axis) - macro_f1(y, a, axis), **how
    ).confidence_interval
    assert both["macro_f1"] == pytest.approx(tuple(paired), abs=0.004)
    right = bootstrap(
        ((LABEL == SECOND).astype(float) - (LABEL == FIRST),), np.mean, **(how | {"paired": False})
    ).confidence_interval
    assert both["accuracy"] == pytest.approx(tuple(right), abs=0.004)


def test_intervals_hold_the_truth_in_93_to_97_of_100_samples():
    truth, rng = whole_population(), np.random.default_rng(1)
    before, after = truth.tally(0), truth.tally(1)
    held: dict[str, list[bool]] = {}

    def note(name: str, ends: tuple[float, float], value: float) -> None:
        held.setdefault(name, []).append(ends[0] <= value <= ends[1])

    for draw in range(600):
        counts = draw_counts(250, rng)
        alone, both = (overall_intervals(found, n_resamples=1000, seed=draw) for found in (only(counts, 1), counts))
        for score in OVERALL_SCORES:
            note(score, alone[score], getattr(after, score)[0])
            note(f"difference in {score}", both[score], getattr(after, score)[0] - getattr(before, score)[0])
        for k, (of_f1, of_difference) in enumerate(
            zip(f1_intervals(counts, 1), f1_difference_intervals(counts), strict=True)
        ):
            note(f"F1 of class {k}", of_f1, after.f1[0, k])
            note(f"difference in F1 of class {k}", of_difference, after.f1[0, k] - before.f1[0, k])
    assert {name: np.mean(hits) for name, hits in held.items() if not 0.93 <= np.mean(hits) <= 0.97} == {}


def test_model_without_a_mistake_has_no_bootstrap_interval_but_wilsons():
    scores = scores_of([0, 1, 2, 3] * 5, [0, 1, 2, 3] * 5)
    assert (scores.macro_f1.value, scores.macro_f1.interval) == (1, None)
    assert scores.accuracy.interval == pytest.approx(proportion_confint(20, 20, method="wilson"))


def test_class_without_rows_or_answers_has_no_scores():
    # class 1 has a row and no answer, class 2 an answer and no row, class 3 neither
    scores = scores_of([0, 0, 1], [0, 2, 0])
    assert scores.per_class[1].precision is None
    assert scores.per_class[2].recall is None
    assert (scores.per_class[3].precision, scores.per_class[3].recall, scores.per_class[3].f1) == (None, None, None)
    assert scores.macro_f1.value == pytest.approx((0.5 + 0 + 0) / 3)


@pytest.mark.parametrize(
    ("y_true", "y_pred", "problem"),
    [([], [], "n > 0"), ([0, 1], [0], "expected one"), ([0, 4], [0, 1], "expected 0…3"), ([0, 1], [-1, 1], "-1…1")],
)
def test_what_cannot_be_scored_is_refused(y_true, y_pred, problem):
    with pytest.raises(ValueError, match=problem):
        scores_of(y_true, y_pred)
