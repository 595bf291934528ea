"""Copies, leaks and contradicting labels, on texts small enough to see them."""

import numpy as np
import pytest

from core.analysis.duplicates import (
    Pairs,
    find_label_conflicts,
    find_leaks,
    find_repeats,
    group_texts,
    later_of_each,
    near_pairs,
    nearest_of_each,
    normalise,
)
from core.artifacts.schema import NONE

#        0             1              2            3        4             5       6      7             8
TEXTS = ["I am happy", "i am  HAPPY!", "I am sad.", "other", "I am happy", "new", "new", "I am sad", "!!!"]
SPLIT = np.array(["train"] * 4 + ["validation"] * 3 + ["test"] * 2, dtype=object)
LABEL = np.array([0, 1, 2, 0, 0, 1, 1, 0, 1])


def as_dict(pairs: Pairs) -> dict[int, int]:
    return dict(zip(pairs.ids.tolist(), pairs.others.tolist(), strict=True))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("I am happy", " i AM\thappy!! "),
        ("ﬁne … day", "fine day"),
        ("Straße", "STRASSE"),
        ("soft\u00adhyphen", "softhyphen"),
        ("don't", "don’t"),
    ],
)
def test_texts_that_differ_in_case_space_or_punctuation_are_one(left, right):
    assert normalise(left) == normalise(right)


@pytest.mark.parametrize(
    ("left", "right"), [("great 😀", "great 😡"), ("कि", "की"), ("1 + 1", "1 - 1"), ("can", "ca n")]
)
def test_texts_that_say_something_else_are_two(left, right):
    assert normalise(left) != normalise(right)


def test_texts_of_nothing_but_punctuation_are_compared_as_they_stand():
    group = group_texts(["!!!", "???", "!!!", ""])
    assert group[0] == group[2]
    assert len(set(group.tolist())) == 3


def test_a_repeat_is_the_later_row_of_the_same_split():
    assert as_dict(find_repeats(group_texts(TEXTS), SPLIT)) == {1: 0, 6: 5}


def test_a_leak_is_a_held_out_row_whose_text_stands_in_train():
    assert as_dict(find_leaks(group_texts(TEXTS), SPLIT)) == {4: 0, 7: 2}


def test_conflicting_rows_point_at_the_first_row_with_another_label():
    assert as_dict(find_label_conflicts(group_texts(TEXTS), LABEL)) == {0: 1, 1: 0, 2: 7, 4: 1, 7: 2}


def test_conflicts_of_three_labels():
    pairs = find_label_conflicts(np.array([5, 5, 5, 6]), np.array([0, 1, 2, 0]))
    assert as_dict(pairs) == {0: 1, 1: 0, 2: 0}


def test_no_conflict_without_repeated_texts():
    assert len(find_label_conflicts(np.arange(4), np.array([0, 1, 0, 1]))) == 0


NEAR_TEXTS = [
    "i feel passionate about",
    "i feel most passionate about",
    "i feel dreadful today",
    "i feel passionate about",
]


def near(similarity: list[list[float]]) -> Pairs:
    return near_pairs(
        NEAR_TEXTS,
        group_texts(NEAR_TEXTS),
        np.array([0, 1, 2, 3]),
        np.array([[1, 3], [0, 2], [0, NONE], [0, 1]]),
        np.array(similarity, dtype=np.float32),
        min_similarity=0.95,
        min_shared=0.7,
    )


def test_near_texts_share_vector_and_letters():
    """Rows 0 and 3 are equal, 2 has the vector but not the letters, 3 has the letters of 1 but not the vector."""
    pairs = near([[0.97, 1.0], [0.97, 0.99], [0.99, 1.0], [1.0, 0.94]])
    assert as_dict(pairs) == {0: 1, 1: 0}
    assert pairs.similarity.tolist() == pytest.approx([0.97, 0.97])


def test_only_the_later_of_two_near_rows_counts_whichever_way_they_were_found():
    pairs = Pairs(ids=np.array([0, 4, 4]), others=np.array([3, 1, 2]), similarity=np.array([0.96, 0.97, 0.98]))
    assert as_dict(later_of_each(pairs)) == {3: 0, 4: 2}
    assert as_dict(nearest_of_each(pairs)) == {0: 3, 4: 2}
    assert as_dict(pairs.without(np.array([4]))) == {0: 3}
