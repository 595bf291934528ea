import numpy as np
import pytest

from core.analysis.outcome_counts import ErrorOrder, count_outcomes
from core.analysis.row_filter import Outcome
from core.artifacts.schema import ModelName, Origin
from tests.analysis.small_rows import small_rows

EVERY = np.ones(8, dtype=bool)


def as_lists(counts):
    return {outcome: of.tolist() for outcome, of in counts.by_outcome.items()}


def test_counts_by_hand():
    # labels 0 1 2 0 1 2 0 1; wrong by the baseline: 2, 3, 6, 7; by the fine-tuned model: 4, 5, 7
    counts = count_outcomes(small_rows(), EVERY, ModelName.FINETUNED)
    assert counts.n_rows.tolist() == [3, 3, 2]
    assert counts.n_wrong.tolist() == [0, 2, 1]
    assert as_lists(counts) == {
        Outcome.FIXED: [2, 0, 1],
        Outcome.BROKEN: [0, 1, 1],
        Outcome.WRONG_IN_BOTH: [0, 1, 0],
    }
    assert (counts.n_errors, counts.error_rate, counts.n_right_in_both) == (3, 0.375, 2)
    assert counts.total(Outcome.FIXED) == 3
    assert counts.total(Outcome.WRONG) is None
    assert counts.origin is Origin.HELD_OUT


def test_mistakes_are_those_of_the_chosen_model_while_the_comparison_stays():
    counts = count_outcomes(small_rows(), EVERY, ModelName.LOGREG)
    assert counts.n_wrong.tolist() == [2, 1, 1]
    assert counts.total(Outcome.FIXED) == 3


def test_only_scored_rows_count():
    counts = count_outcomes(small_rows(), np.arange(8) >= 6, ModelName.FINETUNED)
    assert counts.n_rows.tolist() == [1, 1, 0]
    assert counts.error_rate == 0.5
    assert np.isnan(counts.rates()[2])


def test_one_model_has_mistakes_only():
    counts = count_outcomes(small_rows(models=(ModelName.LOGREG,)), EVERY, ModelName.LOGREG)
    assert as_lists(counts) == {Outcome.WRONG: [2, 1, 1]}
    assert counts.n_right_in_both is None


def test_no_rows():
    counts = count_outcomes(small_rows(), ~EVERY, ModelName.FINETUNED)
    assert (counts.n_errors, counts.error_rate, counts.origin) == (0, None, None)
    assert counts.order(ErrorOrder.RATE) == [0, 1, 2]


@pytest.mark.parametrize(
    ("by", "order"), [(ErrorOrder.MOST, [1, 2, 0]), (ErrorOrder.RATE, [1, 2, 0]), (ErrorOrder.CORPUS, [0, 1, 2])]
)
def test_order(by, order):
    assert count_outcomes(small_rows(), EVERY, ModelName.FINETUNED).order(by) == order


def test_most_errors_and_highest_rate_differ():
    counts = count_outcomes(small_rows(), np.isin(np.arange(8), [0, 2, 3, 5, 6]), ModelName.LOGREG)
    # joy: 2 of 3 wrong; fear: 1 of 2; sadness has no row
    assert counts.order(ErrorOrder.MOST) == [0, 2, 1]
    only = count_outcomes(small_rows(), np.isin(np.arange(8), [0, 2, 3, 6]), ModelName.LOGREG)
    # joy: 2 of 3; fear: 1 of 1
    assert only.order(ErrorOrder.MOST) == [0, 2, 1]
    assert only.order(ErrorOrder.RATE) == [2, 0, 1]
