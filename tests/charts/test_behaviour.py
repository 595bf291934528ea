"""Charts of changed answers: order, scales, what a click selects."""

import numpy as np
import pandas as pd

from core.analysis.behaviour import Behaviour, compute_behaviour
from core.artifacts.schema import Edit, ModelName
from core.charts.answer_shift import classes_that_move, make_answer_shift_chart, points_text
from core.charts.behaviour import (
    classes_by_changes,
    make_change_matrix_chart,
    make_change_rates_chart,
    order_edits,
)
from core.charts.picking import PICKED
from core.charts.specs import to_spec, with_plain_rows

LOGREG, FINETUNED = ModelName.LOGREG, ModelName.FINETUNED


def behaviour_of(n_classes: int = 3, n_rows: int = 60) -> Behaviour:
    """Return rates, alike for both models: links change a quarter, capitals all, small letters none, emoji 1 of 2."""
    ids = np.arange(n_rows)
    frames = []
    for model in (LOGREG, FINETUNED):
        for edit, changed in {
            Edit.LOWER_CASE: ids < 0,
            Edit.LINK: ids % 4 == 0,
            Edit.UPPER_CASE: ids >= 0,
            Edit.NO_EMOJI: ids == 0,
        }.items():
            some = ids[:2] if edit is Edit.NO_EMOJI else ids
            frames.append(
                pd.DataFrame({"id": some, "model": model.value, "edit": edit.value, "pred": changed[some] + 0})
            )
    tests = pd.concat(frames).assign(confidence=0.8, original_pred=0, original_confidence=0.9)
    found = compute_behaviour(tests, ids % n_classes, np.ones(n_rows, dtype=bool), n_classes=n_classes)
    assert found is not None
    return found


BEHAVIOUR = behaviour_of()
ORDER = [Edit.LINK, Edit.LOWER_CASE, Edit.UPPER_CASE, Edit.NO_EMOJI]


def rows_of(chart) -> list[dict]:
    return max(with_plain_rows(to_spec(chart))["datasets"].values(), key=len)


def test_edits_that_keep_the_meaning_stand_first_each_kind_by_its_rate():
    assert order_edits(BEHAVIOUR, FINETUNED) == ORDER


def test_rates_have_a_dot_per_edit_and_model_and_few_texts_do_not_stretch_the_axis():
    chart = make_change_rates_chart(BEHAVIOUR, ORDER[:2] + ORDER[3:], chosen=Edit.LINK)
    link = next(row for row in rows_of(chart) if row["edit"] == "link after" and row["model"] == "Fine-tuned")
    assert (link["changed"], link["rows"], link["share"]) == (15, 60, 0.25)
    assert link["interval"] == "15.8% – 37.2%"  # Wilson, 15 of 60
    assert link["at"] == list(Edit).index(Edit.LINK)
    spec = to_spec(chart)
    ends = {
        layer["encoding"]["x"]["scale"]["domain"][1]
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("x", {})
    }
    assert ends == {0.5}  # emoji: 1 of 2, with an interval up to 91%
    assert any(param["name"] == PICKED and param["select"]["fields"] == ["at"] for param in spec["params"])


def test_cell_of_the_matrix_names_edit_and_class_and_few_texts_get_no_colour():
    chart = make_change_matrix_chart(BEHAVIOUR, FINETUNED, ["a", "b", "c"], ORDER, shown=[0, 1, 2])
    cells = {(row["edit"], row["class"]): row for row in rows_of(chart)}
    link = cells["link after", "b"]
    assert (link["rows"], link["changed"], link["text"]) == (20, 5, "25%")
    assert divmod(link["cell"], 3) == (list(Edit).index(Edit.LINK), 1)
    emoji = cells["without emoji", "a"]
    assert (emoji["text"], emoji["colour"]) == ("100%", 0)
    assert ("without emoji", "c") not in cells  # no text of that class


def test_only_classes_with_most_changes_are_shown_of_many():
    assert classes_by_changes(BEHAVIOUR, LOGREG, limit=20) == [0, 1, 2]
    many = behaviour_of(n_classes=77, n_rows=154)
    shown = classes_by_changes(many, LOGREG, limit=5)
    assert len(shown) == 5
    changed = many.by_class[LOGREG].n_changed.sum(axis=0)
    assert min(changed[shown]) >= max(np.delete(changed, shown))


def test_classes_that_move_are_the_winners_and_those_that_change_most():
    before = {LOGREG: np.array([0.6, 0.3, 0.05, 0.05]), FINETUNED: np.array([0.1, 0.8, 0.1, 0.0])}
    after = {LOGREG: np.array([0.6, 0.1, 0.05, 0.25]), FINETUNED: np.array([0.1, 0.8, 0.1, 0.0])}
    assert classes_that_move(before, after, limit=1) == [0, 1]
    assert classes_that_move(before, after, limit=3) == [0, 1, 3]


def test_shift_says_the_difference_in_points():
    chart = make_answer_shift_chart(LOGREG, np.array([0.8, 0.2]), np.array([0.345, 0.655]), ["a", "b"], shown=[0, 1])
    assert [row["points"] for row in rows_of(chart)] == ["−45.5", "+45.5"]
    assert (points_text(-0.0002), points_text(0.0)) == ("0.0", "0.0")
