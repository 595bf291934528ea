import pandas as pd
import pytest

from core.analysis.typical_words import count_words
from core.analysis.words import contains_word, is_word

TEXTS = pd.Series(
    ["Happy, happy!", "unhappy", "HAPPY_day", "happy's", "I don't", "don", "schön", "schön\u200be", "", "हिन्दी है"]
)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("happy", [0, 2]),
        ("HAPPY", [0, 2]),
        ("don't", [4]),
        ("don", [5]),
        ("schön", [6, 7]),
        ("हिन्दी", [9]),
        ("हिन", []),
    ],
)
def test_a_word_is_found_as_a_whole_in_any_case(word, found):
    assert contains_word(TEXTS, word).nonzero()[0].tolist() == found


def test_a_text_has_exactly_the_words_that_are_counted_in_it():
    counts = count_words(TEXTS.tolist())
    for position, word in enumerate(counts.words):
        counted = counts.matrix[:, position].toarray().ravel() > 0
        assert contains_word(TEXTS, word).tolist() == counted.tolist(), word


@pytest.mark.parametrize(("text", "expected"), [("happy", True), ("Don't", True), ("two words", False), ("!", False)])
def test_what_one_word_is(text, expected):
    assert is_word(text) is expected
