from dataclasses import replace

import pytest

from core.analysis.outcome_counts import count_outcomes
from core.analysis.row_filter import CONFIDENCE, Outcome, Range, RowFilter, select_rows
from core.artifacts.schema import ModelName, Split
from core.charts.picking import PICKED
from core.ui import class_clicks
from core.ui.class_clicks import on_cell_click, on_class_click, unchosen
from core.ui.errors.outcomes import on_outcome_click
from core.ui.view import View
from tests.analysis.small_rows import small_rows

ROWS = small_rows()
LOGREG = ModelName.LOGREG
TRAIN = RowFilter(split=Split.TRAIN)


@pytest.fixture
def click(monkeypatch):
    """Return what a click on a chart makes of a filter; None if nothing."""

    def click(row_filter: RowFilter, point: object, *, model: ModelName = ModelName.FINETUNED, on: str = "cell"):
        made = []
        monkeypatch.setattr(class_clicks, "change_filter", lambda wanted, rows: made.append(wanted))
        points = [] if point is None else [point]
        monkeypatch.setattr(class_clicks.st, "session_state", {"chart": {"selection": {PICKED: points}}})
        view = View(run=None, rows=ROWS, filter=row_filter)
        {
            "cell": on_cell_click(view, "chart", model),
            "class": on_class_click(view, "chart"),
            "outcome": on_outcome_click(view, "chart"),
        }[on]()
        return made[0] if made else None

    return click


def test_cell_of_the_baseline_chooses_label_answer_and_model(click):
    chosen = click(TRAIN, {"i": 0, "j": 1}, model=ModelName.LOGREG)
    assert chosen == replace(TRAIN, model=ModelName.LOGREG, true=(0,), predicted=(1,))
    assert select_rows(ROWS, chosen).nonzero()[0].tolist() == [3]


def test_cell_of_the_best_model_needs_no_model_in_the_filter(click):
    before = replace(TRAIN, model=ModelName.LOGREG)
    assert click(before, {"i": 2, "j": 2}, model=ModelName.FINETUNED) == replace(TRAIN, true=(2,), predicted=(2,))


def test_sums_choose_a_row_a_column_or_everything(click):
    assert click(TRAIN, {"i": 1, "j": -1}, model=ModelName.FINETUNED) == replace(TRAIN, true=(1,))
    assert click(TRAIN, {"i": -1, "j": 1}, model=ModelName.FINETUNED) == replace(TRAIN, predicted=(1,))
    assert click(replace(TRAIN, true=(1,)), {"i": -1, "j": -1}, model=ModelName.FINETUNED) == TRAIN


def test_cell_selects_as_many_rows_as_it_counts_whatever_outcome_was_chosen(click):
    before = replace(TRAIN, outcomes=(Outcome.WRONG,)).with_range(Range(column=CONFIDENCE, low=0.99))
    chosen = click(before, {"i": 0, "j": 0}, model=ModelName.FINETUNED)
    assert select_rows(ROWS, chosen).nonzero()[0].tolist() == [0, 3]


def test_of_all_splits_a_cell_chooses_the_one_that_it_counts(click):
    assert click(RowFilter(split=None), {"i": 1, "j": 2}, model=ModelName.FINETUNED).split is Split.TEST


def test_other_parts_of_the_filter_stay(click):
    before = replace(TRAIN, text="happy").with_range(Range(column="n_words", high=3))
    assert click(before, {"k": 0}, on="class") == replace(before, true=(0,))


def test_second_click_takes_the_choice_back(click):
    cell = replace(TRAIN, true=(0,), predicted=(1,), model=ModelName.LOGREG)
    assert click(cell, {"i": 0, "j": 1}, model=ModelName.LOGREG) == replace(TRAIN, model=ModelName.LOGREG)
    assert click(replace(TRAIN, true=(2,)), {"k": 2}, on="class") == TRAIN


def test_same_cell_of_another_model_is_another_choice(click):
    cell = replace(TRAIN, true=(0,), predicted=(1,), model=ModelName.LOGREG)
    chosen = click(cell, {"i": 0, "j": 1}, model=ModelName.FINETUNED)
    assert chosen == replace(TRAIN, true=(0,), predicted=(1,))


@pytest.mark.parametrize(
    "point", [None, {}, {"i": 0}, {"i": 3, "j": 0}, {"i": -2, "j": 0}, {"i": 0.5, "j": 0}, {"i": "0", "j": 0}, "x",
              {"i": float("nan"), "j": 0}, {"i": float("inf"), "j": 0}]
)  # fmt: skip
def test_what_is_no_cell_changes_nothing(click, point):
    assert click(TRAIN, point, model=ModelName.LOGREG) is None


def test_bar_has_no_sum(click):
    assert click(TRAIN, {"k": -1}, on="class") is None


def test_outcome_of_a_class_selects_as_many_rows_as_its_bar_counts(click):
    wrong = {"k": 1, "outcome": "wrong"}
    before = RowFilter(split=None, model=ModelName.LOGREG, predicted=(2,), ids=(6, 7))
    chosen = click(before.with_range(Range(column=CONFIDENCE, low=0.99)), wrong, on="outcome")
    # of the test split and the ids, row 7 has class 1, and the logistic regression gets it wrong
    assert chosen == RowFilter(
        split=Split.TEST, model=ModelName.LOGREG, true=(1,), outcomes=(Outcome.WRONG,), ids=(6, 7)
    )
    assert select_rows(ROWS, chosen).nonzero()[0].tolist() == [7]
    counts = count_outcomes(ROWS, select_rows(ROWS, View(run=None, rows=ROWS, filter=before).scored_filter), LOGREG)
    assert counts.n_wrong.tolist() == [1, 1, 0]
    assert click(chosen, wrong, on="outcome") == RowFilter(split=Split.TEST, model=ModelName.LOGREG, ids=(6, 7))


@pytest.mark.parametrize(
    "point", [None, {}, {"k": 0}, {"k": 3, "outcome": "wrong"}, {"k": 0, "outcome": "odd"}, {"k": 0, "outcome": []},
              {"k": "0", "outcome": "wrong"}, "x"]
)  # fmt: skip
def test_what_is_no_outcome_of_a_class_changes_nothing(click, point):
    assert click(TRAIN, point, on="outcome") is None


def test_letting_go_keeps_split_model_and_the_rest():
    chosen = replace(
        TRAIN, model=ModelName.LOGREG, true=(0,), predicted=(1,), outcomes=(Outcome.WRONG,), text="happy"
    ).with_range(Range(column=CONFIDENCE, low=0.5))
    assert unchosen(View(run=None, rows=ROWS, filter=chosen)) == replace(TRAIN, model=ModelName.LOGREG, text="happy")
