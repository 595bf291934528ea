"""Attributions of a run, read back for one row."""

import numpy as np
import pandas as pd
import pytest

from core.analysis.word_scores import StoredWordScores, WordScores
from core.artifacts.schema import ATTRIBUTIONS, ModelName

TEXT = "so glad"


def stored(*lines: tuple) -> StoredWordScores:
    frame = pd.DataFrame(lines, columns=[field.name for field in ATTRIBUTIONS.schema])
    return StoredWordScores(frame=frame, ids=frame["id"].to_numpy())


def test_row_is_found_by_model_and_class():
    found = stored(
        (3, "finetuned", 0, 0, 2, 0.1, 0.01),
        (3, "finetuned", 0, 3, 7, 0.4, 0.01),
        (3, "finetuned", 5, 3, 7, -0.4, 0.02),
        (3, "logreg", 0, 0, 2, 0.3, 0.0),
        (4, "logreg", 0, 0, 2, 0.9, 0.0),
    ).of_row(3, TEXT)
    assert {model: list(classes) for model, classes in found.items()} == {
        ModelName.FINETUNED: [0, 5],
        ModelName.LOGREG: [0],
    }
    words = found[ModelName.FINETUNED][0]
    assert (words.start.tolist(), words.end.tolist(), words.scores.tolist()) == ([0, 3], [2, 7], [0.1, 0.4])
    assert (words.delta, words.largest) == (0.01, 0.4)
    assert stored((3, "logreg", 0, 0, 2, 0.3, 0.0)).of_row(2, TEXT) == {}


def test_words_outside_the_text_or_over_each_other_are_left_out():
    found = stored(
        (0, "logreg", 1, -4, 2, 0.1, 0.0),
        (0, "logreg", 1, 0, 2, 0.2, 0.0),
        (0, "logreg", 1, 1, 4, 0.3, 0.0),
        (0, "logreg", 1, 3, 7, 0.4, 0.0),
        (0, "logreg", 1, 5, 8, 0.5, 0.0),
        (0, "logreg", 1, 6, 6, 0.6, 0.0),
        (0, "logreg", 2, 70, 80, 0.6, 0.0),
    ).of_row(0, TEXT)
    assert list(found[ModelName.LOGREG]) == [1]
    assert found[ModelName.LOGREG][1].scores.tolist() == [0.2, 0.4]


def test_probability_of_blank_words_follows_from_the_parts():
    words = WordScores(target=0, start=np.array([0, 3]), end=np.array([2, 7]), scores=np.array([0.3, -0.1]), delta=0.05)
    # 0.3 − 0.1 is 0.05 more than the two probabilities differ
    assert words.blank_prob(0.9) == pytest.approx(0.75)
    assert words.blank_prob(0.1) == 0
    assert words.strongest(at_most=1) == [0]


def test_text_without_words_has_no_strongest():
    none = np.array([], dtype=np.int32)
    words = WordScores(target=0, start=none, end=none, scores=none.astype(np.float32), delta=0.0)
    assert (words.largest, words.strongest(at_most=4), words.blank_prob(0.4)) == (0.0, [], 0.4)
