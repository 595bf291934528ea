import numpy as np
import pytest
import torch

from core.models.batching import pad_batch, plan_batches


def plan(lengths: list[int], **bounds: int) -> list[list[int]]:
    return [rows.tolist() for rows in plan_batches(lengths, **bounds)]


def test_plan_takes_the_longest_rows_first_and_fills_the_budget():
    # order by length: 2 (9 tokens), 4 (6), 0 (5), 3 (5), 1 (2); 12 // 9 = 1 row, 12 // 6 = 2 rows, 12 // 5 = 2 rows
    assert plan([5, 2, 9, 5, 6], batch_tokens=12) == [[2], [4, 0], [3, 1]]


def test_rows_of_equal_length_stay_in_order():
    assert plan([3, 3, 3, 3, 3], batch_tokens=6) == [[0, 1], [2, 3], [4]]


def test_row_above_the_budget_is_a_batch_of_its_own():
    assert plan([4, 100, 4], batch_tokens=8) == [[1], [0, 2]]


def test_max_rows_bounds_a_batch_beside_the_budget():
    assert plan([2, 2, 2, 2, 2], batch_tokens=1_000, max_rows=2) == [[0, 1], [2, 3], [4]]


def test_rows_without_tokens_are_planned():
    assert plan([0, 0, 1], batch_tokens=2) == [[2, 0], [1]]


def test_no_rows_make_no_batches():
    assert plan([], batch_tokens=8) == []


@pytest.mark.parametrize("batch_tokens", [1, 7, 64, 1_000])
def test_every_row_is_in_exactly_one_batch_within_the_budget(batch_tokens: int):
    lengths = np.random.default_rng(0).integers(1, 60, size=500)
    batches = plan_batches(lengths, batch_tokens=batch_tokens)
    assert sorted(np.concatenate(batches).tolist()) == list(range(500))
    assert all(len(rows) * lengths[rows].max() <= batch_tokens for rows in batches if len(rows) > 1)
    longest = [int(lengths[rows].max()) for rows in batches]
    assert longest == sorted(longest, reverse=True)


@pytest.mark.parametrize("bounds", [{"batch_tokens": 0}, {"batch_tokens": 8, "max_rows": 0}])
def test_a_bound_below_one_is_refused(bounds: dict[str, int]):
    with pytest.raises(ValueError, match="expected at least 1"):
        plan([1], **bounds)


def test_pad_batch_fills_up_to_the_longest_row():
    input_ids, attention_mask = pad_batch([[7, 8, 9], [5]], pad_id=1)
    assert input_ids.tolist() == [[7, 8, 9], [5, 1, 1]]
    assert attention_mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert input_ids.dtype == attention_mask.dtype == torch.int64
