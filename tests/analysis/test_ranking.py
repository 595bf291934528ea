from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.analysis.ranking import RankBy, filter_for_review, loss_of, names_answers, rank_rows, rank_values
from core.analysis.row_filter import CONFIDENCE, MapBox, Outcome, Projection, Range, RowFilter
from core.analysis.rows import Rows
from core.artifacts.schema import ModelName, Split
from tests.analysis.small_rows import small_rows

MODEL = ModelName.FINETUNED
EVERY = np.ones(8, dtype=bool)
#             id: 0    1    2    3    4    5    6    7
TRUE_PROB = [0.5, 0.1, 1.0, 0.1, 0.9, 0.0, 0.2, 0.3]
CONFIDENCE_OF = [0.5, 0.8, 1.0, 0.8, 0.9, 0.7, 0.6, 0.6]
MARGIN = [0.0, 0.7, 1.0, 0.7, 0.8, 0.5, 0.3, 0.3]


def rows() -> Rows:
    small = small_rows()
    given = {"true_prob": TRUE_PROB, "confidence": CONFIDENCE_OF, "margin": MARGIN}
    columns = {f"{MODEL}_{name}": pd.Series(values, dtype="float32") for name, values in given.items()}
    return replace(small, frame=small.frame.assign(**columns))


@pytest.mark.parametrize(
    ("by", "ids"),
    [
        (RankBy.LOSS, [5, 1, 3, 6, 7, 0, 4, 2]),
        (RankBy.CONFIDENCE, [2, 4, 1, 3, 5, 6, 7, 0]),
        (RankBy.MARGIN, [0, 6, 7, 5, 1, 3, 4, 2]),
    ],
)
def test_order_by_hand_with_ties_in_the_order_of_ids(by, ids):
    assert rank_rows(rows(), EVERY, MODEL, by).tolist() == ids


def test_only_selected_rows_are_ranked():
    selected = np.isin(np.arange(8), [0, 3, 5])
    assert rank_rows(rows(), selected, MODEL, RankBy.LOSS).tolist() == [5, 3, 0]
    assert rank_rows(rows(), ~EVERY, MODEL, RankBy.LOSS).tolist() == []


def test_values_belong_to_the_ids_they_are_asked_for():
    values = rank_values(rows(), np.array([0, 6]), MODEL, RankBy.LOSS)
    assert values == pytest.approx([0.693147, 1.609438], abs=1e-5)  # ln 2, ln 5
    assert rank_values(rows(), np.array([7, 2]), MODEL, RankBy.MARGIN) == pytest.approx([0.3, 1.0])
    assert rank_values(rows(), np.array([7, 2]), MODEL, RankBy.CONFIDENCE) == pytest.approx([0.6, 1.0])


def test_loss_at_the_ends_is_finite_and_not_minus_zero():
    loss = loss_of(np.array([1.0, 0.0], dtype=np.float32))
    assert str(loss[0]) == "0.0"
    assert loss[1] == pytest.approx(36.0437, abs=1e-3)  # −ln 2.22e-16


@pytest.mark.parametrize(
    "silent",
    [
        RowFilter(),
        RowFilter(split=Split.TRAIN, model=ModelName.LOGREG),
        RowFilter(true=(1,)),
        RowFilter(text="happy"),
        RowFilter(ranges=(Range(column=CONFIDENCE, low=0.9),)),
        RowFilter(box=MapBox(projection=Projection.UMAP, x_low=0, x_high=1, y_low=0, y_high=1)),
    ],
)
def test_filter_that_names_no_answer_is_narrowed_to_the_mistakes(silent):
    assert not names_answers(silent)
    assert filter_for_review(silent) == replace(silent, outcomes=(Outcome.WRONG,))


@pytest.mark.parametrize(
    "telling",
    [
        RowFilter(true=(1,), predicted=(1,)),
        RowFilter(predicted=(0,)),
        RowFilter(outcomes=(Outcome.CORRECT,)),
        RowFilter(outcomes=(Outcome.FIXED, Outcome.BROKEN)),
        RowFilter(ids=(3,)),
    ],
)
def test_filter_that_names_answers_stays_as_it_is(telling):
    assert filter_for_review(telling) == telling
