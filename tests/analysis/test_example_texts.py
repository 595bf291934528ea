import pandas as pd

from core.analysis.example_texts import pick_example_ids


def examples(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["split", "label", "n_chars", "n_words"]).reset_index(names="id")


def test_one_short_test_text_of_each_class_nearest_to_a_short_sentence():
    rows = examples(
        ("train", 0, 36, 6),  # learned from
        ("test", 0, 50, 8),
        ("test", 0, 30, 6),  # nearest to 36 characters
        ("test", 1, 36, 3),  # too few words
        ("test", 1, 81, 12),  # too long
        ("test", 2, 40, 7),
        ("test", 2, 32, 5),  # as near, but later
    )
    assert pick_example_ids(rows, limit=5) == [2, 5]
    assert pick_example_ids(rows, limit=1) == [2]


def test_corpus_without_short_texts_has_none():
    assert pick_example_ids(examples(("test", 0, 500, 90)), limit=5) == []
    assert pick_example_ids(examples(), limit=5) == []
