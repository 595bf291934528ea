import itertools

import numpy as np

from core.analysis.outcome_counts import count_outcomes
from core.analysis.row_filter import Outcome
from core.artifacts.schema import ModelName
from core.charts.outcomes import make_outcome_chart
from core.charts.palette import OUTCOME_COLOURS, WRONG_COLOUR
from tests.analysis.small_rows import small_rows
from tests.charts.test_palette import DEFICIENCIES, JUST_NOTICEABLE, contrast, dark_background, seen_distance


def spec_of(**asked):
    rows = small_rows()
    counts = count_outcomes(rows, np.ones(8, dtype=bool), ModelName.FINETUNED)
    return make_outcome_chart(counts, rows.classes, order=[1, 2, 0], **asked).to_dict()


def data_of(spec, position):
    return spec["datasets"][spec["layer"][position]["data"]["name"]]


def test_segments_are_the_outcomes_that_occur_from_top_to_bottom():
    segments = data_of(spec_of(), 1)
    assert [(s["label"], s["outcome"], s["rows"]) for s in segments] == [
        ("sadness", Outcome.WRONG_IN_BOTH, 1),
        ("sadness", Outcome.BROKEN, 1),
        ("fear", Outcome.FIXED, 1),
        ("fear", Outcome.BROKEN, 1),
        ("joy", Outcome.FIXED, 2),
    ]
    assert all(s["asked"] for s in segments)


def test_numbers_say_what_the_model_gets_wrong():
    texts = {end["label"]: end["text"] for end in data_of(spec_of(), 2)}
    assert texts == {"sadness": "2 wrong of 3 · 66.7%", "fear": "1 wrong of 2 · 50.0%", "joy": "0 wrong of 3 · 0.0%"}


def test_what_the_filter_does_not_ask_for_fades():
    asked = [s for s in data_of(spec_of(true=(1,), outcomes=(Outcome.BROKEN,)), 1) if s["asked"]]
    assert [(s["label"], s["outcome"]) for s in asked] == [("sadness", Outcome.BROKEN)]


def test_click_selects_class_and_outcome_on_segments_and_beside_them():
    spec = spec_of()
    [param] = [p for p in spec["params"] if "select" in p]
    assert param["select"]["fields"] == ["k", "outcome"]
    assert {(end["k"], end["outcome"]) for end in data_of(spec, 0)} == {(k, Outcome.WRONG) for k in range(3)}


def test_model_without_a_mistake_draws():
    rows = small_rows()
    counts = count_outcomes(rows, np.arange(8) < 2, ModelName.FINETUNED)
    spec = make_outcome_chart(counts, rows.classes, order=[0, 1, 2]).to_dict()
    assert [end["text"] for end in data_of(spec, 2)] == ["0 wrong of 1 · 0.0%", "0 wrong of 1 · 0.0%", "no rows"]


def test_outcomes_stay_apart_for_colour_blind_readers_in_both_themes():
    compared = [OUTCOME_COLOURS[o] for o in (Outcome.FIXED, Outcome.BROKEN, Outcome.WRONG_IN_BOTH)]
    assert compared[2] == WRONG_COLOUR
    for matrix in DEFICIENCIES.values():
        for pair in itertools.combinations(compared, 2):
            assert seen_distance(*pair, matrix) > 2.5 * JUST_NOTICEABLE
    assert min(contrast(c, b) for c in compared for b in ("#ffffff", dark_background())) >= 3
