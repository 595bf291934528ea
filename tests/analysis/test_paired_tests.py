"""Paired tests against scipy, statsmodels, full enumeration and hand-worked cases."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, f1_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from core.analysis.answer_counts import count_answers
from core.analysis.comparison import PairedComparison
from core.analysis.exchange_test import exchange_test
from core.analysis.paired_tests import Answers, compare_pair, f1_difference_intervals, mcnemar_p
from core.artifacts.schema import ModelName, Origin, Split
from tests.analysis.drawn_answers import draw_rows

LABEL, FIRST, SECOND = draw_rows(300, seed=5)


def compare(y_true, first, second, *, n_classes: int = 4, n_resamples: int = 400) -> PairedComparison:
    before, after = (
        Answers(model=model, origin=Origin.HELD_OUT, pred=np.array(pred))
        for model, pred in ((ModelName.LOGREG, first), (ModelName.FINETUNED, second))
    )
    return compare_pair(
        np.array(y_true), before, after, n_classes=n_classes, split=Split.TEST, n_resamples=n_resamples, seed=2
    )


def test_rows_are_counted_by_who_is_right():
    pair = compare([0, 0, 1, 1, 2, 3], [0, 1, 1, 0, 3, 3], [0, 0, 0, 1, 2, 0])
    assert (pair.n_both_right, pair.n_fixed, pair.n_broken, pair.n_both_wrong, pair.n_rows) == (1, 3, 2, 0, 6)
    assert pair.accuracy.difference.value == pytest.approx(1 / 6)


@pytest.mark.parametrize(("n_fixed", "n_broken"), [(0, 0), (3, 0), (7, 2), (50, 50), (631, 35)])
def test_mcnemar_is_exact(n_fixed, n_broken):
    table = [[100, n_broken], [n_fixed, 10]]
    expected = mcnemar(table, exact=True).pvalue if n_fixed + n_broken else 1
    assert mcnemar_p(n_fixed, n_broken) == pytest.approx(expected)
    if n_fixed + n_broken:
        assert mcnemar_p(n_fixed, n_broken) == pytest.approx(binomtest(n_broken, n_fixed + n_broken).pvalue)


def test_differences_are_second_minus_first_as_scikit_learn_has_them():
    pair = compare(LABEL, FIRST, SECOND)
    gain = accuracy_score(LABEL, SECOND) - accuracy_score(LABEL, FIRST)
    assert pair.accuracy.difference.value == pytest.approx(gain)
    for name, average in (("macro_f1", "macro"), ("weighted_f1", "weighted")):
        gain = f1_score(LABEL, SECOND, average=average) - f1_score(LABEL, FIRST, average=average)
        assert getattr(pair, name).difference.value == pytest.approx(gain)
    gains = f1_score(LABEL, SECOND, average=None) - f1_score(LABEL, FIRST, average=None)
    assert [found.f1.value for found in pair.per_class] == pytest.approx(gains)


def test_exchange_test_is_the_share_of_all_exchanges_that_reach_the_difference():
    label = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1])
    first = np.array([1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1])
    second = np.array([0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1])
    differ = np.flatnonzero(first != second)
    by_chance = []
    for sides in product([False, True], repeat=len(differ)):
        one, other = first.copy(), second.copy()
        swapped = differ[list(sides)]
        one[swapped], other[swapped] = second[swapped], first[swapped]
        scores = [
            np.append(f1_score(label, y, average=None), f1_score(label, y, average="macro")) for y in (one, other)
        ]
        by_chance.append(np.abs(scores[1] - scores[0]))
    exact = np.mean(np.array(by_chance) >= np.array(by_chance)[0] - 1e-12, axis=0)
    test = exchange_test(count_answers(label, [first, second], n_classes=2), n_exchanges=20_000, seed=1)
    assert [*test.f1, test.macro_f1] == pytest.approx(exact, abs=0.015)
    assert exact.max() < 1


def test_three_rows_of_a_class_prove_nothing_even_if_all_are_fixed():
    pair = compare([0] * 20 + [1] * 3, [0] * 23, [0] * 20 + [1] * 3, n_classes=2)
    small = pair.per_class[1]
    assert small.f1.value == 1
    assert small.f1.low < 0.3
    assert small.p_value == pytest.approx(0.25, abs=0.06)


def test_p_values_of_classes_are_corrected_for_looking_at_all_of_them():
    pair = compare(LABEL, FIRST, SECOND)
    p_values = [found.p_value for found in pair.per_class]
    assert [found.p_adjusted for found in pair.per_class] == pytest.approx(multipletests(p_values, method="fdr_bh")[1])
    assert max(p_values) > min(p_values)


def test_one_class_of_many_that_really_differs_can_be_found():
    label = np.repeat(np.arange(150), 20)
    first = np.where(label == 7, 8, label)
    found = compare(label, first, label, n_classes=150).per_class
    assert found[7].p_adjusted < 0.05
    assert found[20].p_adjusted == 1


def test_intervals_of_class_differences_are_near_the_bootstraps_with_many_rows():
    rng = np.random.default_rng(8)
    label, first, second = draw_rows(4000, seed=9)
    gains = []
    for _ in range(400):
        rows = rng.integers(0, 4000, 4000)
        f1 = []
        for pred in (first, second):
            hits = np.bincount(label[rows][label[rows] == pred[rows]], minlength=4)
            f1.append(2 * hits / (np.bincount(label[rows], minlength=4) + np.bincount(pred[rows], minlength=4)))
        gains.append(f1[1] - f1[0])
    expected = np.quantile(gains, [0.025, 0.975], axis=0).T
    found = f1_difference_intervals(count_answers(label, [first, second], n_classes=4))
    assert np.allclose(found, expected, atol=0.008)
    assert (found[:, 1] - found[:, 0]).max() < 0.12


def test_other_way_round_is_the_same_with_the_sign_turned():
    one, other = compare(LABEL, FIRST, SECOND), compare(LABEL, SECOND, FIRST)
    assert (one.n_fixed, one.accuracy.p_value) == (other.n_broken, other.accuracy.p_value)
    for found, turned in zip(one.per_class, other.per_class, strict=True):
        assert (found.f1.low, found.f1.high) == pytest.approx((-turned.f1.high, -turned.f1.low))


def test_same_answers_leave_nothing_to_test():
    pair = compare(LABEL, FIRST, FIRST)
    assert (pair.accuracy.difference.value, pair.accuracy.difference.interval, pair.accuracy.p_value) == (0, None, 1)
    assert pair.macro_f1.p_value == 1
    assert {found.p_adjusted for found in pair.per_class} == {1}


def test_class_without_f1_in_either_model_is_not_compared():
    pair = compare([0, 0, 1], [0, 2, 1], [0, 0, 1])
    assert [found is None for found in pair.per_class] == [False, False, True, True]
