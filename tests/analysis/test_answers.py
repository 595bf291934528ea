import numpy as np
import pandas as pd
import pytest

from core.analysis.answers import (
    Answers,
    agreement,
    answer_table,
    join_answers,
    likeliest_classes,
    most_predicted_classes,
)
from core.artifacts.schema import ModelName

CLASSES = ("joy", "love", "fear", "anger")


def answers_of(model: ModelName, probs: list[list[float]], *, truncated: list[bool] | None = None) -> Answers:
    n_texts = len(probs)
    return Answers(
        model=model,
        classes=CLASSES,
        probs=np.array(probs, dtype=np.float32),
        n_tokens=np.arange(1, n_texts + 1, dtype=np.int32),
        truncated=np.array(truncated or [False] * n_texts),
        max_length=128,
    )


FINETUNED = answers_of(ModelName.FINETUNED, [[0.7, 0.1, 0.1, 0.1], [0.1, 0.2, 0.3, 0.4]], truncated=[False, True])
LOGREG = answers_of(ModelName.LOGREG, [[0.6, 0.0, 0.4, 0.0], [0.5, 0.3, 0.2, 0.0]])


def test_winners_with_their_probabilities():
    assert FINETUNED.names == ["joy", "anger"]
    np.testing.assert_allclose(FINETUNED.confidence, [0.7, 0.4], rtol=1e-6)
    assert FINETUNED.counts == [1, 0, 0, 1]
    assert LOGREG.counts == [2, 0, 0, 0]


def test_models_agree_where_they_name_one_class():
    assert agreement([FINETUNED, LOGREG]).tolist() == [True, False]
    assert agreement([FINETUNED]).tolist() == [True, True]
    with pytest.raises(ValueError, match="no model"):
        agreement([])


def test_likeliest_classes_are_those_that_any_model_gives_most():
    # of text 1, the best of either model: joy 0.5, love 0.3, fear 0.3, anger 0.4
    assert likeliest_classes([FINETUNED, LOGREG], 1, limit=4) == [0, 3, 1, 2]
    assert likeliest_classes([FINETUNED, LOGREG], 1, limit=3) == [0, 3, 1]
    assert likeliest_classes([FINETUNED], 0, limit=2) == [0, 1]


def test_every_winner_is_shown_however_few_classes_are():
    assert likeliest_classes([FINETUNED, LOGREG], 1, limit=1) == [0, 3]


def test_winner_that_is_less_sure_than_losers_of_the_other_model_is_shown():
    sure = answers_of(ModelName.LOGREG, [[0.4, 0.35, 0.25, 0.0]])
    unsure = answers_of(ModelName.FINETUNED, [[0.2, 0.2, 0.2, 0.24]])
    assert likeliest_classes([unsure, sure], 0, limit=2) == [0, 3]


def test_most_predicted_classes_leave_out_those_without_a_text():
    assert most_predicted_classes([FINETUNED, LOGREG], limit=9) == [0, 3]
    assert most_predicted_classes([FINETUNED, LOGREG], limit=1) == [0]


def test_table_keeps_rows_and_order_of_the_texts_and_leaves_blank_ones_empty():
    table = answer_table(["a", " ", "b"], [0, 2], [FINETUNED, LOGREG])
    expected = pd.DataFrame(
        {
            "row": [1, 2, 3],
            "text": ["a", " ", "b"],
            "finetuned": ["joy", None, "anger"],
            "finetuned_probability": [0.7, np.nan, 0.4],
            "logreg": ["joy", None, "joy"],
            "logreg_probability": [0.6, np.nan, 0.5],
            "agree": pd.array([True, None, False], dtype="boolean"),
            "truncated": pd.array([False, None, True], dtype="boolean"),
        }
    )
    pd.testing.assert_frame_equal(table, expected, check_dtype=False)


def test_table_of_one_model_has_nothing_to_agree_on():
    assert list(answer_table(["a", "b"], [0, 1], [LOGREG])) == [
        "row",
        "text",
        "logreg",
        "logreg_probability",
        "truncated",
    ]


def test_parts_are_joined_in_order():
    halves = [answers_of(ModelName.LOGREG, [row]) for row in LOGREG.probs.tolist()]
    joined = join_answers(halves)
    np.testing.assert_array_equal(joined.probs, LOGREG.probs)
    assert joined.n_tokens.tolist() == [1, 1]
    with pytest.raises(ValueError, match="all of one model"):
        join_answers([FINETUNED, LOGREG])
    with pytest.raises(ValueError, match="at least one"):
        join_answers([])
