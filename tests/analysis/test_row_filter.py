import pandas as pd
import pytest

from core.analysis.row_filter import (
    MapBox,
    Outcome,
    Projection,
    Range,
    RowFilter,
    Values,
    baseline_and_tuned,
    is_measure,
    model_in_view,
    outcome_mask,
    select_rows,
)
from core.artifacts.schema import ModelName, Split
from tests.analysis.small_rows import small_rows

EVERYTHING = RowFilter(split=None)


def ids(row_filter: RowFilter, **rows: object) -> list[int]:
    return select_rows(small_rows(**rows), row_filter).nonzero()[0].tolist()


def test_without_a_choice_it_is_the_test_split():
    assert ids(RowFilter()) == [6, 7]
    assert ids(EVERYTHING) == [0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"true": (1,)}, [1, 4, 7]),
        ({"true": (1, 2)}, [1, 2, 4, 5, 7]),
        ({"predicted": (2,)}, [2, 4, 7]),
        ({"predicted": (1,), "model": ModelName.LOGREG}, [1, 3, 4, 6]),
        ({"outcomes": (Outcome.WRONG,)}, [4, 5, 7]),
        ({"outcomes": (Outcome.CORRECT,), "model": ModelName.LOGREG}, [0, 1, 4, 5]),
        ({"outcomes": (Outcome.FIXED,)}, [2, 3, 6]),
        ({"outcomes": (Outcome.BROKEN,)}, [4, 5]),
        ({"outcomes": (Outcome.WRONG_IN_BOTH,)}, [7]),
        ({"outcomes": (Outcome.FIXED, Outcome.WRONG_IN_BOTH)}, [2, 3, 6, 7]),
        ({"text": "happy"}, [0, 3, 6]),
        ({"text": "a.b"}, [2]),
        ({"text": "%"}, [5]),
        ({"text": "ÜBER"}, [7]),
        ({"ranges": (Range(column="n_words", low=2, high=2),)}, [3, 5, 6]),
        ({"ranges": (Range(column="n_words", low=3),)}, [0, 1]),
        ({"ranges": (Range(column="meta_stars", high=1),)}, [0, 3, 5, 7]),
        ({"ranges": (Range(column="confidence", low=0.95),)}, [6]),
        ({"ranges": (Range(column="confidence", low=0.949, high=1.0),)}, [5, 6]),
        ({"values": (Values(column="meta_topic", values=("home",)),)}, [1, 4, 7]),
        ({"values": (Values(column="meta_stars", values=("2.5", "5")),)}, [1, 4, 6]),
        ({"box": MapBox(projection=Projection.UMAP, x_low=1, x_high=4, y_low=1, y_high=2)}, [2, 3, 4]),
        ({"ids": (6, 0)}, [0, 6]),
        ({"true": (0,), "text": "happy", "ids": (0, 1, 6)}, [0, 6]),
    ],
)
def test_each_part(part, expected):
    assert ids(RowFilter(split=None, **part)) == expected


def test_parts_hold_together():
    assert ids(RowFilter(split=Split.TRAIN, true=(0,), values=(Values(column="meta_topic", values=("work",)),))) == [0]
    assert ids(RowFilter(true=(2,))) == []


def test_without_predictions_what_is_about_answers_is_left_aside():
    about_answers = RowFilter(split=None, predicted=(1,), outcomes=(Outcome.WRONG,))
    assert ids(about_answers, models=()) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_comparing_outcomes_are_empty_with_one_model():
    rows = small_rows(models=(ModelName.LOGREG,))
    assert baseline_and_tuned(rows.models) is None
    assert not outcome_mask(rows, Outcome.FIXED, ModelName.LOGREG).any()
    assert outcome_mask(rows, Outcome.WRONG, ModelName.LOGREG).nonzero()[0].tolist() == [2, 3, 6, 7]


def test_logistic_regression_is_the_baseline_when_there_are_two():
    every = tuple(ModelName)
    assert baseline_and_tuned(every) == (ModelName.LOGREG, ModelName.FINETUNED)
    assert baseline_and_tuned((ModelName.DUMMY, ModelName.FINETUNED)) == (ModelName.DUMMY, ModelName.FINETUNED)


def test_model_in_view_is_the_best_expected_unless_chosen():
    models = (ModelName.DUMMY, ModelName.LOGREG)
    assert model_in_view(RowFilter(), models) is ModelName.LOGREG
    assert model_in_view(RowFilter(model=ModelName.DUMMY), models) is ModelName.DUMMY
    assert model_in_view(RowFilter(model=ModelName.FINETUNED), models) is ModelName.LOGREG
    assert model_in_view(RowFilter(), ()) is None


def test_a_range_is_replaced_and_an_open_one_removed():
    narrow = EVERYTHING.with_range(Range(column="n_words", low=2)).with_range(Range(column="n_words", high=5))
    assert narrow.ranges == (Range(column="n_words", high=5),)
    assert narrow.range_of("n_words").high == 5
    assert narrow.range_of("n_chars") == Range(column="n_chars")
    assert narrow.with_range(Range(column="n_words")).ranges == ()


def test_values_are_replaced_and_none_removes_them():
    chosen = EVERYTHING.with_values(Values(column="meta_topic", values=("work",)))
    assert chosen.values_of("meta_topic") == ("work",)
    assert chosen.with_values(Values(column="meta_topic", values=())).values == ()


def test_scores_leave_aside_what_depends_on_label_or_answers():
    asked = RowFilter(
        true=(1,),
        predicted=(0,),
        outcomes=(Outcome.WRONG,),
        text="x",
        ids=(3,),
        ranges=(Range(column="confidence", low=0.5), Range(column="n_words", low=2)),
    )
    assert asked.without_answers() == RowFilter(text="x", ids=(3,), ranges=(Range(column="n_words", low=2),))


def test_numbers_with_many_values_are_measures_and_few_are_choices():
    frame = small_rows().frame
    assert is_measure(frame["n_words"])
    assert not is_measure(frame["meta_stars"])
    assert not is_measure(frame["meta_topic"])
    assert not is_measure(pd.Series(range(12), name="meta_age"))
    assert is_measure(pd.Series(range(13), name="meta_age"))
    assert not is_measure(pd.Series([True, False] * 20, name="meta_seen"))
