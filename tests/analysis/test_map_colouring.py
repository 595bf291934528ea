"""What the points of the map are coloured by."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.analysis.map_colouring import (
    ColourBy,
    ColourKind,
    Groups,
    Measure,
    colour_choices,
    colour_rows,
    error_rate,
)
from core.artifacts.schema import ModelName
from tests.analysis.small_rows import small_rows

TUNED = ModelName.FINETUNED


def groups_of(by: ColourBy, rows=None) -> list[str]:
    """Return the name of each row's group."""
    colouring = colour_rows(rows or small_rows(), by)
    assert isinstance(colouring, Groups)
    return [colouring.names[code] for code in colouring.codes]


def test_true_and_predicted_classes_are_named():
    assert groups_of(ColourBy(kind=ColourKind.TRUE))[:3] == ["joy", "sadness", "fear"]
    assert groups_of(ColourBy(kind=ColourKind.PREDICTED, model=TUNED))[4:6] == ["fear", "joy"]


def test_outcome_is_that_of_the_model():
    wrong_by_tuned = [
        i for i, o in enumerate(groups_of(ColourBy(kind=ColourKind.OUTCOME, model=TUNED))) if o == "wrong"
    ]
    by_logreg = groups_of(ColourBy(kind=ColourKind.OUTCOME, model=ModelName.LOGREG))
    assert wrong_by_tuned == [4, 5, 7]
    assert [i for i, o in enumerate(by_logreg) if o == "wrong"] == [2, 3, 6, 7]


def test_change_by_fine_tuning_tells_four_cases():
    assert groups_of(ColourBy(kind=ColourKind.CHANGE)) == [
        "correct in both",
        "correct in both",
        "fixed by fine-tuning",
        "fixed by fine-tuning",
        "broken by fine-tuning",
        "broken by fine-tuning",
        "fixed by fine-tuning",
        "wrong in both",
    ]


def test_confidence_spans_from_chance_to_one():
    colouring = colour_rows(small_rows(), ColourBy(kind=ColourKind.CONFIDENCE, model=TUNED))
    assert isinstance(colouring, Measure)
    assert colouring.values[5] == np.float32(0.95)
    assert (colouring.low, colouring.high, colouring.is_share) == (1 / 3, 1.0, True)


def test_values_of_metadata_stand_by_frequency_and_missing_ones_are_grey():
    colouring = colour_rows(small_rows(), ColourBy(kind=ColourKind.COLUMN, column="meta_topic"))
    assert isinstance(colouring, Groups)
    assert (colouring.names, colouring.n_own) == (("work", "home", "(blank)"), 2)
    assert colouring.counts(np.ones(8, dtype=bool)).tolist() == [4, 3, 1]


def test_rare_values_of_metadata_are_gathered():
    rows = small_rows()
    frame = rows.frame.loc[rows.frame.index.repeat(5)].reset_index(drop=True)
    frame["meta_author"] = [f"author {i:02}" for i in range(20)] + ["author 19"] * 20
    colouring = colour_rows(replace(rows, frame=frame), ColourBy(kind=ColourKind.COLUMN, column="meta_author"))
    assert isinstance(colouring, Groups)
    assert colouring.names[0] == "author 19"
    assert (colouring.n_own, colouring.names[-1]) == (12, "other values")
    assert colouring.counts(np.ones(40, dtype=bool)).tolist() == [21] + [1] * 11 + [8]


def test_many_numbers_are_a_measure_with_gaps():
    rows = small_rows()
    frame = rows.frame.loc[rows.frame.index.repeat(2)].reset_index(drop=True)
    frame["meta_price"] = [None, *np.arange(15) / 2]
    colouring = colour_rows(replace(rows, frame=frame), ColourBy(kind=ColourKind.COLUMN, column="meta_price"))
    assert isinstance(colouring, Measure)
    assert (colouring.low, colouring.high) == (0.0, 7.0)
    assert np.isnan(colouring.values[0])


def test_column_without_any_value_is_one_grey_group():
    rows = small_rows()
    frame = rows.frame.assign(meta_empty=pd.Series([None] * 8, dtype="float64"))
    colouring = colour_rows(replace(rows, frame=frame), ColourBy(kind=ColourKind.COLUMN, column="meta_empty"))
    assert isinstance(colouring, Groups)
    assert (colouring.names, colouring.n_own) == (("(blank)",), 0)


def test_error_rate_averages_to_the_share_of_wrong_answers():
    outcomes = colour_rows(small_rows(), ColourBy(kind=ColourKind.OUTCOME, model=TUNED))
    assert isinstance(outcomes, Groups)
    assert error_rate(outcomes).values.mean() == np.float32(3 / 8)
    assert error_rate(outcomes).high == 1.0


def test_choices_follow_what_the_run_has():
    both = {by.kind for by in colour_choices(small_rows(), TUNED)}
    one = {by.kind for by in colour_choices(small_rows(models=(ModelName.LOGREG,)), ModelName.LOGREG)}
    none = {by.kind for by in colour_choices(small_rows(models=()), None)}
    assert both == set(ColourKind) - {ColourKind.CLUSTER}
    assert both - one == {ColourKind.CHANGE}
    assert none == {ColourKind.TRUE, ColourKind.SPLIT, ColourKind.COLUMN}


def test_smaller_clusters_share_a_group():
    rows = small_rows()
    clustered = replace(rows, frame=rows.frame.assign(cluster=np.array([0, 0, 0, 1, 10, 11, 12, 1], dtype=np.int16)))
    by = ColourBy(kind=ColourKind.CLUSTER)
    assert by in colour_choices(clustered, None)
    groups = colour_rows(clustered, by)
    assert groups.names == (*(f"cluster {k}" for k in range(11)), "smaller clusters")
    assert groups.codes.tolist() == [0, 0, 0, 1, 10, 11, 11, 1]
    assert groups.n_own == 11


@pytest.mark.parametrize("kind", [ColourKind.OUTCOME, ColourKind.COLUMN])
def test_choice_that_names_too_little_is_refused(kind):
    with pytest.raises(ValueError, match="names no"):
        colour_rows(small_rows(), ColourBy(kind=kind))
