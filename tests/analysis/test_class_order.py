from itertools import pairwise

import numpy as np
import pytest

from core.analysis.class_order import ClassOrder, confused_together, f1_gains, order_classes
from core.artifacts.schema import ModelName
from tests.measured import metrics_of

NAMES = ["b", "a", "C", "d"]
COUNTS = [[10, 2, 0, 0], [0, 6, 2, 0], [5, 0, 5, 0], [0, 0, 0, 3]]
BEFORE = metrics_of(COUNTS, NAMES, model=ModelName.LOGREG, f1=[0.1, 0.5, 0.2, 0.1])
AFTER = metrics_of(COUNTS, NAMES, f1=[0.7, None, 0.3, 0.9])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ClassOrder.CORPUS, [0, 1, 2, 3]),
        (ClassOrder.NAME, [1, 0, 2, 3]),
        (ClassOrder.WEAKEST, [2, 0, 3, 1]),
        (ClassOrder.GAIN, [3, 0, 2, 1]),  # gains 0.8, 0.6, 0.1, none
    ],
)
def test_class_orders(order, expected):
    assert order_classes(order, [BEFORE, AFTER]) == expected


def test_gains_are_in_class_order_and_none_without_both():
    gains = f1_gains(BEFORE, AFTER)
    assert gains[1] is None
    assert [round(gain, 10) for gain in gains if gain is not None] == [0.6, 0.1, 0.8]


def test_gain_of_one_model_leaves_the_order():
    assert order_classes(ClassOrder.GAIN, [metrics_of(COUNTS, NAMES)]) == [0, 1, 2, 3]


def is_next_to(order: list[int], a: int, b: int) -> bool:
    return abs(order.index(a) - order.index(b)) == 1


def test_confused_classes_stand_side_by_side_in_whichever_direction_they_are_confused():
    counts = np.eye(6, dtype=int) * 20
    counts[0, 4] = counts[5, 1] = counts[2, 3] = 8
    order = confused_together([metrics_of(counts.tolist(), list("abcdef"))])
    assert sorted(order) == [0, 1, 2, 3, 4, 5]
    assert is_next_to(order, 0, 4)
    assert is_next_to(order, 5, 1)
    assert is_next_to(order, 2, 3)


def test_groups_of_three_among_150_classes_stay_together():
    rng = np.random.default_rng(0)
    groups = rng.permutation(150).reshape(50, 3)
    counts = np.eye(150, dtype=int) * 50
    for group in groups:
        counts[np.ix_(group, group)] += 6
    order = confused_together([metrics_of(counts.tolist(), [str(k) for k in range(150)])])
    group_of = {int(k): n for n, group in enumerate(groups) for k in group}
    assert sum(group_of[a] == group_of[b] for a, b in pairwise(order)) == 100


def test_confusions_count_by_share_of_their_class():
    """More rows of the large class 0 are taken for class 1 than of 2 and 3, but these lose half of theirs."""
    counts = [[980, 20, 0, 0], [0, 50, 0, 0], [0, 5, 5, 0], [0, 5, 0, 5]]
    order = confused_together([metrics_of(counts, list("abcd"))])
    assert is_next_to(order, 1, 2)
    assert is_next_to(order, 1, 3)


@pytest.mark.parametrize("counts", [[[3, 1], [1, 3]], [[3, 0, 0], [0, 3, 0], [0, 0, 0]]])
def test_two_classes_or_no_confusion_keep_the_order(counts):
    names = list("abc")[: len(counts)]
    assert confused_together([metrics_of(counts, names)]) == list(range(len(counts)))
