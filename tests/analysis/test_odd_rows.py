"""Odd texts and outliers, worked out by hand."""

import numpy as np
import pytest

from core.analysis.odd_texts import OddText, find_odd_texts, main_script
from core.analysis.outliers import find_outliers
from core.artifacts.schema import NONE


def odd(texts: list[str]) -> dict[str, list[int]]:
    return {found.kind.value: found.ids.tolist() for found in find_odd_texts(texts) if len(found.ids)}


def test_each_kind_of_odd_text():
    usual = [f"this is text number {i}" for i in range(40)]
    texts = [*usual, " ...!", "wonderful", "это русский текст", "x " * 200, ""]
    assert odd(texts) == {"empty": [40, 44], "one_word": [41], "other_script": [42], "very_long": [43]}


def test_a_usual_corpus_has_no_odd_text():
    assert odd(["one two three", "four five six", "seven eight nine"]) == {}
    assert odd([]) == {}


def test_two_scripts_of_a_corpus_are_both_usual():
    assert odd(["an english text", "русский текст"] * 10) == {}


def test_script_without_spaces_is_not_one_word():
    assert odd(["我今天很高兴", "他很难过", "天气很好"]) == {}
    assert odd(["happy", "very sad today", "so so"]) == {"one_word": [0]}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello", "LATIN"),
        ("été", "LATIN"),
        ("привет hi", "CYRILLIC"),
        ("ひらがな漢字", "CJK"),
        ("123 !", ""),
        ("😀", ""),
    ],
)
def test_main_script(text, script):
    assert main_script(text) == script


def test_long_texts_are_the_longer_the_odder():
    texts = ["ten chars."] * 20 + ["y" * 40, "z" * 80]
    long = next(found for found in find_odd_texts(texts) if found.kind is OddText.VERY_LONG)
    # the fence stands at 10 + 3 · max(1, 0) = 13 characters
    assert long.score.tolist() == pytest.approx([1 - 13 / 40, 1 - 13 / 80])


def test_outlier_lies_below_the_fence_of_the_train_rows():
    """Means of train: 0.8, 0.8, 0.9, 0.9, so the fence is 0.8 - 1.5 · 0.1 = 0.65."""
    similarity = np.array([[0.8], [0.8], [0.9], [0.9], [0.66], [0.6]])
    nearest = np.ones((6, 1), dtype=np.int32)
    found = find_outliers(nearest, similarity, np.array([True] * 4 + [False] * 2))
    assert found.ids.tolist() == [5]
    assert found.distance.tolist() == pytest.approx([0.4])


def test_absent_neighbours_do_not_count():
    nearest = np.array([[1, NONE], [0, NONE], [0, NONE], [NONE, NONE]])
    similarity = np.array([[0.9, 0.0], [0.9, 0.0], [0.2, 0.0], [0.0, 0.0]])
    found = find_outliers(nearest, similarity, np.array([True, True, False, False]))
    assert found.ids.tolist() == [2]
    assert found.distance.tolist() == pytest.approx([0.8])


def test_no_train_row_with_neighbours_leaves_no_outlier():
    assert len(find_outliers(np.full((2, 1), NONE), np.zeros((2, 1)), np.array([True, False])).ids) == 0
