import numpy as np

from core.analysis.confusions import (
    ConfusedPair,
    Confusion,
    best_of,
    biggest_confusions,
    confused_pairs,
    improvement,
    most_confused_classes,
)
from core.artifacts.schema import ModelName
from tests.measured import metrics_of

NAMES = ["b", "a", "C", "d"]
COUNTS = [[10, 2, 0, 0], [0, 6, 2, 0], [5, 0, 5, 0], [0, 0, 0, 3]]
METRICS = metrics_of(COUNTS, NAMES, f1=[0.7, None, 0.2, 0.9])


def test_most_rows_come_first_then_the_larger_share():
    assert biggest_confusions(METRICS) == [
        Confusion(true="C", predicted="b", n_rows=5, share_of_true=0.5),
        Confusion(true="a", predicted="C", n_rows=2, share_of_true=0.25),
        Confusion(true="b", predicted="a", n_rows=2, share_of_true=2 / 12),
    ]


def test_limit_and_a_perfect_model():
    assert len(biggest_confusions(METRICS, limit=1)) == 1
    assert biggest_confusions(metrics_of([[3, 0], [0, 0]], ["a", "b"])) == []


def test_most_confused_counts_mistakes_as_truth_and_as_prediction_of_all_models():
    # Mistakes of one model: b 2+5, a 2+2, C 5+2, d 0; the other adds 9 to a and to d.
    other = metrics_of([[0, 0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0], [0, 0, 0, 0]], NAMES)
    assert most_confused_classes([METRICS], limit=2) == [0, 2]
    assert most_confused_classes([METRICS, other], limit=2) == [1, 3]


def test_pairs_of_two_models_go_by_the_last_then_by_the_first():
    before = metrics_of([[5, 1, 2], [3, 4, 0], [0, 0, 9]], NAMES[:3], model=ModelName.LOGREG)
    after = metrics_of([[6, 2, 0], [2, 5, 0], [0, 0, 9]], NAMES[:3])
    assert confused_pairs([before, after]) == [
        ConfusedPair(true=1, predicted=0, n_rows=(3, 2), support=7),
        ConfusedPair(true=0, predicted=1, n_rows=(1, 2), support=8),
        ConfusedPair(true=0, predicted=2, n_rows=(2, 0), support=8),
    ]
    assert confused_pairs([metrics_of([[3, 0], [0, 0]], ["a", "b"])]) == []


def test_pair_knows_its_difference_and_share():
    pair = ConfusedPair(true=1, predicted=0, n_rows=(3, 2), support=8)
    assert (pair.difference, pair.share_of_true) == (-1, 0.25)


def test_more_on_the_diagonal_and_less_off_it_is_better():
    assert np.array_equal(improvement(np.array([[3.0, -3.0], [2.0, -2.0]])), [[3, 3], [-2, -2]])


def test_best_has_the_highest_macro_f1_and_of_equals_is_the_best_expected():
    logreg = metrics_of(COUNTS, NAMES, model=ModelName.LOGREG, macro_f1=0.8)
    finetuned = metrics_of(COUNTS, NAMES, model=ModelName.FINETUNED, macro_f1=0.8)
    dummy = metrics_of(COUNTS, NAMES, model=ModelName.DUMMY, macro_f1=0.9)
    assert best_of([logreg, finetuned]) is finetuned
    assert best_of([dummy, logreg, finetuned]) is dummy
