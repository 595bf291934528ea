import math
from collections import Counter

import numpy as np
import pytest

from core.analysis.typical_words import MIN_Z, WordCounts, compute_typical_words, count_words


def words_of(text: str) -> list[str]:
    counts = count_words([text])
    return sorted(word for word, n in zip(counts.words, counts.matrix.toarray()[0], strict=True) for _ in range(n))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't STOP, don't!", ["don't", "don't", "stop"]),
        ("it’s 'quoted' rock'n'roll", ["it’s", "quoted", "rock'n'roll"]),
        ("a_b under_score", ["a", "b", "score", "under"]),
        ("naïve café Straße ÜBER", ["café", "naïve", "straße", "über"]),
        ("cafe\u0301 again", ["again", "cafe\u0301"]),
        ("हिन्दी शब्द", ["शब्द", "हिन्दी"]),
        ("covid19 :) 42", ["42", "covid19"]),
        ("<img src=x onerror=alert(1)>", ["1", "alert", "img", "onerror", "src", "x"]),
    ],
)
def test_words(text, expected):
    assert words_of(text) == sorted(expected)


def test_texts_without_a_word():
    counts = count_words(["!!!", ""])
    assert counts.matrix.shape == (2, 0)
    assert compute_typical_words(counts, np.array([0, 1]), n_classes=2) == [[], []]


def z_by_hand(texts, label, k, word) -> float:
    """The published formula once more, word by word, with plain dictionaries."""
    inside, outside, all_words = Counter(), Counter(), Counter()
    for text, of in zip(texts, label, strict=True):
        for token in text.split():
            all_words[token] += 1
            (inside if of == k else outside)[token] += 1
    a0, a = sum(all_words.values()), all_words[word]
    n_i, n_j, y_i, y_j = sum(inside.values()), sum(outside.values()), inside[word], outside[word]
    delta = math.log((y_i + a) / (n_i + a0 - y_i - a)) - math.log((y_j + a) / (n_j + a0 - y_j - a))
    return delta / math.sqrt(1 / (y_i + a) + 1 / (y_j + a))


def test_scores_equal_the_published_formula():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 3, 120)
    vocabulary = [["sun", "rain", "the", "of"], ["fun", "rain", "the", "of"], ["run", "sun", "the", "of"]]
    texts = [" ".join(rng.choice(vocabulary[k], 12)) for k in label]
    typical = compute_typical_words(count_words(texts), label, n_classes=3)
    assert [of_class[0].word for of_class in typical] == ["sun", "fun", "run"] or typical[0][0].word in ("sun", "rain")
    for k, of_class in enumerate(typical):
        assert of_class
        for word in of_class:
            assert word.z == pytest.approx(z_by_hand(texts, label, k, word.word))
            assert word.n_in_class == sum(
                text.split().count(word.word) for text, c in zip(texts, label, strict=True) if c == k
            )
        assert [w.z for w in of_class] == sorted((w.z for w in of_class), reverse=True)
        assert all(word.z >= MIN_Z for word in of_class)


def test_hand_case():
    # joy 4 × "yes", 1 × "the"; fear 4 × "no", 1 × "the": α of yes is 4, of all 10, each side has 5 words
    texts, label = ["yes yes yes yes the", "no no no no the"], np.array([0, 1])
    (word,) = compute_typical_words(count_words(texts), label, n_classes=2)[0]
    assert (word.word, word.n_in_class, word.n_in_rest) == ("yes", 4, 0)
    assert word.log_odds == pytest.approx(math.log(8 / 7) - math.log(4 / 11))
    assert word.z == pytest.approx((math.log(8 / 7) - math.log(4 / 11)) / math.sqrt(1 / 8 + 1 / 4))


def test_a_rare_word_ranks_below_a_frequent_one_however_exclusive():
    texts = ["glad " * 30 + "zebra " + "the " * 50, "glad " * 5 + "the " * 80]
    ranked = [word.word for word in compute_typical_words(count_words(texts), np.array([0, 1]), n_classes=2)[0]]
    assert ranked[0] == "glad"


def test_absent_class_and_words_of_other_rows_are_left_out():
    counts = count_words(["yes yes yes", "no no no", "never never"])
    some = WordCounts(matrix=counts.matrix[:2], words=counts.words)
    typical = compute_typical_words(some, np.array([0, 2]), n_classes=4)
    assert [[word.word for word in of_class] for of_class in typical] == [["yes"], [], ["no"], []]


def test_one_class_alone_has_nothing_to_compare_with():
    assert compute_typical_words(count_words(["a b", "b c"]), np.array([1, 1]), n_classes=2) == [[], []]


def test_words_that_occur_once_are_left_out():
    typical = compute_typical_words(count_words(["once twice twice", "no no no no"]), np.array([0, 1]), n_classes=2)
    assert [word.word for word in typical[0]] == ["twice"]


def test_at_most_so_many_words():
    texts = [" ".join(f"w{i} " * 5 for i in range(30)), "other " * 100]
    assert len(compute_typical_words(count_words(texts), np.array([0, 1]), n_classes=2, n_words=7)[0]) == 7


def test_labels_must_fit():
    with pytest.raises(ValueError, match="2 labels for 1 texts"):
        compute_typical_words(count_words(["a"]), np.array([0, 1]), n_classes=2)
