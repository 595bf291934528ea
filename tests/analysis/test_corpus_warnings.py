"""Checks of a corpus: each warns of what is wrong with its numbers, and says so when all is fine."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency, ks_2samp

from core.analysis.class_balance import ClassBalance
from core.analysis.class_overlap import class_overlap, find_class_overlap, near_shares
from core.analysis.class_warnings import find_imbalance, find_small_classes
from core.analysis.corpus_warnings import CorpusWarnings, Finding, Severity, listed, named
from core.analysis.split_shift import (
    find_label_shift,
    find_length_shift,
    find_vocabulary_shift,
    standardised_difference,
    unseen_shares,
)
from core.artifacts.schema import Split

CLASSES = ("joy", "fear", "love")


def balance(train: tuple[int, ...], test: tuple[int, ...] = (20, 20, 20)) -> ClassBalance:
    return ClassBalance(classes=CLASSES, counts={Split.TRAIN: train, Split.TEST: test})


def told(finding: Finding) -> tuple[Severity, Split | None, tuple[int, ...], int]:
    return finding.severity, finding.split, finding.classes, finding.n_rows


def test_classes_that_are_absent_or_small_are_named_with_their_rows():
    train, absent, small = find_small_classes(balance((100, 19, 5), (0, 20, 12)))
    assert told(train) == (Severity.NOTABLE, Split.TRAIN, (2, 1), 24)
    assert "2 classes have fewer than 20 texts in train (“love” 5, “fear” 19)" in train.sentence
    assert told(absent) == (Severity.SERIOUS, None, (), 0)
    assert "1 class has no text in test (“joy”)" in absent.sentence
    assert told(small) == (Severity.NOTABLE, Split.TEST, (2,), 12)


def test_twenty_rows_of_each_class_are_enough():
    (found,) = find_small_classes(balance((100, 100, 21)))
    assert found.severity is Severity.FINE
    assert "the fewest are the 20 of “joy” in test" in found.sentence


@pytest.mark.parametrize(("large", "severity"), [(180, Severity.FINE), (181, Severity.NOTABLE)])
def test_imbalance_warns_beyond_nine_to_one(large, severity):
    found = find_imbalance(balance((large, 20, 0)))
    assert found.severity is severity
    assert "“joy” has 90." in found.sentence
    assert found.n_rows == (20 if severity is Severity.NOTABLE else 0)


def test_label_shift_is_that_of_scipy_and_names_the_class():
    train, test = [400, 300, 300], [95, 35, 70]
    found = find_label_shift(train, test, split=Split.TEST, classes=CLASSES)
    p_value = chi2_contingency([train, test]).pvalue
    assert 0.001 < p_value < 0.002
    # w² = 0.075²/0.4 + 0.125²/0.3 + 0.05²/0.3 = 0.0745
    assert f"(p = {p_value:.3f}, Cohen's w 0.27)" in found.sentence
    assert "“fear” has 30.0% of the texts in train, 17.5% in test" in found.sentence
    assert told(found) == (Severity.NOTABLE, Split.TEST, (1,), 35)


def test_shares_that_chance_would_make_are_no_shift():
    assert find_label_shift([400, 300, 300], [9, 4, 7], split=Split.TEST, classes=CLASSES).severity is Severity.FINE
    assert find_label_shift([400, 300, 0], [40, 30, 0], split=Split.TEST, classes=CLASSES).severity is Severity.FINE
    assert find_label_shift([9, 0, 0], [3, 0, 0], split=Split.TEST, classes=CLASSES).severity is Severity.FINE


def test_length_shift_is_that_of_scipy():
    rng = np.random.default_rng(0)
    train, test = rng.poisson(20, 800), rng.poisson(22, 200)
    found = find_length_shift(train, test, split=Split.TEST)
    d = (test.mean() - train.mean()) / np.sqrt(
        ((800 - 1) * train.var(ddof=1) + (200 - 1) * test.var(ddof=1)) / (800 + 200 - 2)
    )
    assert standardised_difference(train, test) == pytest.approx(d)
    assert f"distance {ks_2samp(train, test).statistic:.2f}, Cohen's d {d:+.2f}" in found.sentence
    assert told(found) == (Severity.NOTABLE, Split.TEST, (), 200)
    assert find_length_shift(train, test + 20, split=Split.TEST).severity is Severity.SERIOUS


def test_lengths_of_the_same_kind_are_no_shift():
    rng = np.random.default_rng(0)
    assert find_length_shift(rng.poisson(20, 800), rng.poisson(20, 200), split=Split.TEST).severity is Severity.FINE
    assert find_length_shift(np.array([3, 3]), np.array([3]), split=Split.TEST).severity is Severity.FINE


def test_words_unseen_in_train_are_counted_by_occurrence():
    found, by_chance = unseen_shares(["a b c", "a b", "a x x y"], n_other=1, rng=np.random.default_rng(0))
    assert found == 3 / 4
    assert set(by_chance.round(4).tolist()) == {round(1 / 3, 4), 0.0, 0.75}  # whichever text is drawn: c, none, x x y


def test_vocabulary_warns_of_other_things_but_not_of_a_random_split():
    rng = np.random.default_rng(0)
    words = np.array([f"w{i}" for i in range(600)])
    texts = [" ".join(rng.choice(words, 8, p=np.arange(600, 0, -1) / 180300)) for _ in range(400)]
    fine = find_vocabulary_shift(texts[:300], texts[300:], split=Split.TEST, seed=0)
    assert fine.severity is Severity.FINE
    shifted = find_vocabulary_shift(texts[:300], [f"{text} z{text[1]}{i}" for i, text in enumerate(texts[300:])],
                                    split=Split.TEST, seed=0)  # fmt: skip
    assert told(shifted) == (Severity.SERIOUS, Split.TEST, (), 100)
    assert find_vocabulary_shift(["!"], ["?"], split=Split.TEST, seed=0).severity is Severity.FINE


def clouds(centres: list[list[float]], n_each: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    vectors = np.concatenate([centre + rng.normal(scale=0.2, size=(n_each, 3)) for centre in np.array(centres)])
    return vectors.astype(np.float16), np.repeat(np.arange(len(centres)), n_each)


def overlaps(vectors, label) -> list[Finding]:
    """Look for overlap among training texts that stand behind as many others, all alike."""
    ids = np.arange(len(label))
    of_all = np.concatenate([np.ones_like(vectors), vectors])
    return list(find_class_overlap(of_all, len(label) + ids, label, ids, classes=CLASSES, seed=0))


def test_classes_in_one_place_overlap_and_those_apart_do_not():
    vectors, label = clouds([[1, 0, 0], [1, 0, 0], [0, 0, 1]], 60)
    (found,) = overlaps(vectors, label)
    assert told(found) == (Severity.NOTABLE, Split.TRAIN, (0, 1), 120)
    assert "“joy” and “fear” overlap: among the 10 nearest" in found.sentence
    (fine,) = overlaps(*clouds([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 60))
    assert fine.severity is Severity.FINE
    (unknown,) = overlaps(*clouds([[1, 0, 0], [0, 1, 0]], 19))
    assert unknown.severity is Severity.NOT_CHECKED


def test_overlap_is_relative_to_the_sizes_of_the_classes():
    # 300 and 100 rows in one place: three of four neighbours are of the first class, whoever asks
    overlap = class_overlap(np.array([[0.75, 0.25, 0], [0.75, 0.25, 0], [0, 0, 0]]), np.array([300, 100, 0]))
    np.testing.assert_allclose(overlap, [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    # neighbours per size of the class: [[0.9, 0.1], [0.6, 0.4]] · [4/3, 4] = [[1.2, 0.4], [0.8, 1.6]]
    uneven = class_overlap(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([300, 100]))
    assert uneven[0, 1] == pytest.approx((0.4 + 0.8) / (1.2 + 1.6))
    half = class_overlap(np.array([[2 / 3, 1 / 3], [1 / 3, 2 / 3]]), np.array([50, 50]))
    assert half[0, 1] == pytest.approx(0.5)


def test_equal_texts_are_no_neighbours():
    vectors = np.array([[0, 1], [1, 0], [1, 0], [0.9, 0.1], [0, 1]], dtype=np.float16)
    train, label = np.array([1, 2, 3, 4]), np.array([0, 1, 0, 1])
    shares = near_shares(vectors, train, label, np.array([5, 5, 6, 7]), n_classes=2, seed=0)
    # rows 1 and 2 are one text: its neighbours are rows 3 and 4; row 3 has 1, 2, 4; row 4 has 1, 2, 3
    np.testing.assert_allclose(shares, [[2 / 5, 3 / 5], [3 / 5, 2 / 5]])


def test_warnings_come_worst_first_and_classes_must_exist():
    notable, serious, fine = (
        Finding(check="imbalance", severity=severity, sentence="s") for severity in ("notable", "serious", "fine")
    )
    assert CorpusWarnings(classes=CLASSES, findings=(notable, serious, fine)).warnings == [serious, notable]
    with pytest.raises(ValueError, match="beyond the 3"):
        CorpusWarnings(classes=CLASSES, findings=(notable.model_copy(update={"classes": (3,)}),))


def test_names_are_cut_and_counted():
    assert named("x " * 10_000) == f"“{'x ' * 19}x…”"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"
