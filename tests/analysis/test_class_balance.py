import numpy as np
import pytest

from core.analysis.class_balance import compute_class_balance
from core.artifacts.schema import Split
from tests.analysis.small_rows import small_rows


def test_rows_of_each_class_in_each_split():
    balance = compute_class_balance(small_rows(), np.ones(8, dtype=bool))
    assert balance.counts == {Split.TRAIN: (2, 1, 1), Split.VALIDATION: (0, 1, 1), Split.TEST: (1, 1, 0)}
    assert balance.totals == (3, 3, 2)
    assert balance.n_rows(Split.TRAIN) == 4
    assert balance.shares(Split.TRAIN) == (0.5, 0.25, 0.25)


def test_largest_classes_of_a_split_or_of_all_stand_first():
    balance = compute_class_balance(small_rows(), np.ones(8, dtype=bool))
    assert balance.largest_first() == [0, 1, 2]
    assert balance.largest_first(Split.VALIDATION) == [1, 2, 0]
    assert compute_class_balance(small_rows(), np.zeros(8, dtype=bool)).largest_first(Split.TEST) == [0, 1, 2]


def test_only_counted_rows_count_and_a_split_without_any_is_left_out():
    counted = np.array([True, False, False, False, False, False, True, True])
    balance = compute_class_balance(small_rows(), counted)
    assert balance.counts == {Split.TRAIN: (1, 0, 0), Split.TEST: (1, 1, 0)}
    assert balance.n_rows(Split.VALIDATION) == 0


def test_no_rows_at_all():
    balance = compute_class_balance(small_rows(), np.zeros(8, dtype=bool))
    assert balance.counts == {}
    assert balance.totals == (0, 0, 0)
    with pytest.raises(KeyError):
        balance.shares(Split.TRAIN)
