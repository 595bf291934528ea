import numpy as np
import pytest

from core.analysis.metrics import SplitMetrics, compute_metrics
from core.analysis.token_lengths import compute_token_lengths
from core.analysis.worked_examples import excerpt_confusion, explain_average_gap, work_through_class
from core.artifacts.schema import ModelName, Origin, Split

# a: 10 rows, 8 found, 1 wrongly named so; b: 6, 5, 3; c: 2, 1, 0
SMALL = [[8, 2, 0], [1, 5, 0], [0, 1, 1]]


def measured(confusion: list[list[int]]) -> SplitMetrics:
    pairs = [(i, j) for i, row in enumerate(confusion) for j, n in enumerate(row) for _ in range(n)]
    y_true, y_pred = np.array(pairs).T
    n_classes = len(confusion)
    return compute_metrics(
        y_true,
        y_pred,
        np.full((len(pairs), n_classes), 1 / n_classes),
        classes=tuple("abcdef"[:n_classes]),
        model=ModelName.FINETUNED,
        split=Split.TEST,
        origin=Origin.HELD_OUT,
    )


def test_excerpt_has_the_two_classes_of_the_biggest_confusion_and_adds_up_the_rest():
    excerpt = excerpt_confusion(measured([[9, 0, 1, 0], [2, 3, 4, 1], [0, 0, 5, 2], [0, 0, 0, 1]]))
    assert excerpt is not None
    assert (excerpt.biggest.n_rows, excerpt.biggest.share_of_true) == (4, 0.4)
    assert excerpt.names == ("b", "c")
    assert excerpt.counts == ((3, 4, 3), (0, 5, 2))


def test_without_a_mistake_there_is_no_excerpt_and_the_largest_class_is_worked_through():
    perfect = measured([[2, 0], [0, 5]])
    assert excerpt_confusion(perfect) is None
    worked = work_through_class(perfect)
    assert (worked.scores.name, worked.true_positives, worked.false_negatives, worked.false_positives) == ("b", 5, 0, 0)


def test_worked_class_is_the_true_class_of_the_biggest_confusion_and_its_f1_follows_from_its_counts():
    worked = work_through_class(measured(SMALL))
    assert (worked.scores.name, worked.true_positives, worked.false_negatives, worked.false_positives) == ("a", 8, 2, 1)
    assert worked.scores.recall == pytest.approx(8 / 10)
    assert worked.scores.precision == pytest.approx(8 / 9)
    assert worked.scores.f1 == pytest.approx(16 / 19)  # 2·8 / (2·8 + 1 + 2)


def test_worked_class_that_was_never_predicted_has_no_precision():
    worked = work_through_class(measured([[0, 3], [0, 4]]))
    assert (worked.scores.name, worked.true_positives, worked.false_positives) == ("a", 0, 0)
    assert (worked.scores.precision, worked.scores.recall, worked.scores.f1) == (None, 0, 0)


def test_weighted_f1_is_higher_where_the_largest_class_is_the_best():
    # F1 16/19, 10/14, 2/3: macro 0.7410, weighted 0.7800; the parts are 0.0225 (a), 0 (b), 0.0165 (c)
    gap = explain_average_gap(measured(SMALL))
    assert gap.gap == pytest.approx(0.0390, abs=1e-4)
    assert gap.scores.name == "a"
    assert (gap.macro_share, gap.weighted_share) == (pytest.approx(1 / 3), pytest.approx(10 / 18))


def test_weighted_f1_is_lower_where_a_rare_class_is_the_best():
    # F1 1/2, 1/2, 1: macro 2/3, weighted 12/22; the parts are -0.0202 (a), -0.0202 (b), -0.0808 (c)
    gap = explain_average_gap(measured([[5, 5, 0], [5, 5, 0], [0, 0, 2]]))
    assert gap.gap == pytest.approx(12 / 22 - 2 / 3)
    assert gap.scores.name == "c"
    assert gap.weighted_share == pytest.approx(2 / 22)


def test_a_rare_class_that_is_never_found_accounts_for_more_than_a_frequent_one_that_always_is():
    # F1 10/11, 1, 0: macro 0.6364, weighted 0.8678; the parts are 0.0331 (a), 0.0441 (b), 0.1543 (c)
    gap = explain_average_gap(measured([[10, 0, 0], [0, 10, 0], [2, 0, 0]]))
    assert gap.gap == pytest.approx(0.2314, abs=1e-4)
    assert gap.scores.name == "c"


def test_class_with_neither_row_nor_prediction_counts_for_nothing():
    gap = explain_average_gap(measured([[3, 1, 0], [0, 4, 0], [0, 0, 0]]))
    assert gap.macro_share == 1 / 2
    assert gap.scores.name != "c"


def test_truncated_share_and_median_of_token_lengths():
    lengths = compute_token_lengths(np.array([4, 9, 200, 130, 12]), np.array([False, False, True, True, False]))
    assert (lengths.n_texts, lengths.median, lengths.longest, lengths.n_truncated) == (5, 12, 200, 2)
    assert lengths.truncated_share == 0.4


@pytest.mark.parametrize(("n_tokens", "truncated"), [([], []), ([4, 9], [False])])
def test_token_lengths_of_no_text_or_of_two_shapes_are_refused(n_tokens, truncated):
    with pytest.raises(ValueError, match="expected one"):
        compute_token_lengths(np.array(n_tokens, dtype=int), np.array(truncated, dtype=bool))
