import re
from html import unescape

import numpy as np
import pytest

from core.analysis.confusions import Normalise, cell_values
from core.charts.confusion import make_confusion_chart, make_difference_chart
from core.charts.images import ImageFormat, encode_chart
from core.charts.labels import short_labels
from core.charts.matrix import ALL
from core.charts.palette import RIGHT_COLOUR, WRONG_COLOUR, with_opacity
from core.charts.picking import PICKED

# Rows true, columns predicted; the third class has no row and is never predicted.
COUNTS = np.array([[6, 2, 0], [1, 3, 0], [0, 0, 0]])


def texts_of(chart) -> list[str]:
    svg = encode_chart(chart, ImageFormat.SVG).decode()
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def cells_of(chart, *, sums: bool = False) -> list[dict]:
    """Return the cells of the heat map, or those that hold the sums."""
    rows = list({(r["i"], r["j"]): r for rows in chart.to_dict()["datasets"].values() for r in rows}.values())
    return [row for row in rows if (row["i"] == ALL or row["j"] == ALL) == sums]


def colour_scale(chart) -> dict:
    return chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]


def drawn_values(chart) -> dict:
    return {(row["true"], row["predicted"]): row["value"] for row in cells_of(chart)}


def test_counts_stay_counts():
    assert cell_values(COUNTS, Normalise.COUNTS).tolist() == [[6, 2, 0], [1, 3, 0], [0, 0, 0]]


def test_by_truth_rows_add_up_to_one_and_an_absent_class_has_no_share():
    assert np.array_equal(
        cell_values(COUNTS, Normalise.BY_TRUTH),
        [[0.75, 0.25, 0], [0.25, 0.75, 0], [np.nan, np.nan, np.nan]],
        equal_nan=True,
    )


def test_by_prediction_columns_add_up_to_one():
    assert np.allclose(
        cell_values(COUNTS, Normalise.BY_PREDICTION),
        [[6 / 7, 0.4, np.nan], [1 / 7, 0.6, np.nan], [0, 0, np.nan]],
        equal_nan=True,
    )


def test_two_classes_show_names_and_all_four_counts():
    texts = texts_of(make_confusion_chart(np.array([[1234, 7], [0, 9]]), ["neg", "pos"]))
    assert {"1,234", "7", "0", "9"} <= set(texts)
    assert texts.count("neg") == texts.count("pos") == 2
    assert {"True class", "Predicted class"} <= set(texts)


def test_shares_show_percent_and_a_dash_for_an_absent_class():
    texts = texts_of(make_confusion_chart(COUNTS, ["a", "b", "c"], normalise=Normalise.BY_TRUTH))
    assert texts.count("75.0%") == texts.count("25.0%") == 2
    assert texts.count("–") == 3


def test_title_and_basis_stand_on_the_figure():
    texts = texts_of(make_confusion_chart(COUNTS, ["a", "b", "c"], title="Confusion", subtitle="run demo · test split"))
    assert {"Confusion", "run demo · test split"} <= set(texts)


@pytest.mark.parametrize("n_classes", [6, 20, 77, 150])
def test_every_class_is_named_on_both_axes(n_classes):
    classes = [f"class_number_{k}" for k in range(n_classes)]
    texts = texts_of(make_confusion_chart(np.eye(n_classes, dtype=int) * 5, classes))
    assert [name for name in classes if texts.count(name) != 2] == []


def test_long_names_are_shortened_alike_on_both_axes():
    classes = ["wrong_exchange_rate_for_cash_withdrawal", "wrong_exchange_rate_for_cash_deposits"]
    texts = texts_of(make_confusion_chart(np.eye(2, dtype=int), classes))
    assert all(texts.count(label) == 2 for label in short_labels(classes))


def test_many_classes_have_no_numbers_and_no_empty_cells():
    counts = np.eye(21, dtype=int) * 1000
    counts[3, 4] = 777
    chart = make_confusion_chart(counts, [f"c{k}" for k in range(21)])
    assert "777" not in texts_of(chart)
    assert len(cells_of(chart)) == 22
    assert len(cells_of(chart, sums=True)) == 43


def test_order_chooses_and_sorts_classes_but_shares_and_sums_stay_those_of_all_rows():
    counts = np.array([[8, 1, 1], [0, 5, 5], [2, 0, 2]])
    chart = make_confusion_chart(counts, ["a", "b", "c"], normalise=Normalise.BY_TRUTH, order=[2, 0])
    assert drawn_values(chart) == {("c", "c"): 0.5, ("c", "a"): -0.5, ("a", "c"): -0.1, ("a", "a"): 0.8}
    assert chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["c", "a", " all"]
    sums = {(row["true"], row["predicted"]): row["rows"] for row in cells_of(chart, sums=True)}
    assert sums == {("c", " all"): 4, ("a", " all"): 10, (" all", "c"): 8, (" all", "a"): 10, (" all", " all"): 24}


def test_right_answers_and_mistakes_are_on_opposite_sides_of_one_scale():
    chart = make_confusion_chart(COUNTS, ["a", "b", "c"])
    values = drawn_values(chart)
    assert (values["a", "a"], values["a", "b"], values["b", "a"]) == (6, -2, -1)
    low, _, _, high = colour_scale(chart)["range"]
    assert (low, high) == (with_opacity(WRONG_COLOUR, 1), with_opacity(RIGHT_COLOUR, 1))


def test_max_count_gives_two_charts_one_scale():
    domain = colour_scale(make_confusion_chart(COUNTS, ["a", "b", "c"], max_count=40))["domain"]
    assert (domain[0], domain[-1]) == (-40, 40)


def test_numbers_are_white_only_on_strong_colours():
    chart = make_confusion_chart(np.array([[100, 36], [37, 0]]), ["a", "b"])
    strong = {row["rows"]: row["strong"] for row in cells_of(chart)}
    assert strong == {100: True, 37: True, 36: False, 0: False}  # sqrt(36/100) is exactly the threshold 0.6
    assert not any(row["strong"] for row in cells_of(chart, sums=True))


def test_sums_know_their_share_of_all_rows():
    sums = {(row["i"], row["j"]): row for row in cells_of(make_confusion_chart(COUNTS, ["a", "b", "c"]), sums=True)}
    assert (sums[0, ALL]["of_true"], sums[0, ALL]["of_predicted"]) == (1, pytest.approx(8 / 12))
    assert (sums[ALL, 1]["of_true"], sums[ALL, 1]["of_predicted"]) == (pytest.approx(5 / 12), 1)
    assert (sums[2, ALL]["rows"], sums[2, ALL]["of_true"]) == (0, None)


def test_class_called_all_is_not_the_sum():
    spec = make_confusion_chart(np.eye(2, dtype=int), ["all", "b"]).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == ["all", "b", " all"]


BEFORE = np.array([[6, 4], [3, 7]])
AFTER = np.array([[9, 1], [5, 5]])


def test_difference_has_signs_and_tells_better_from_worse():
    chart = make_difference_chart(BEFORE, AFTER, ["a", "b"])
    assert drawn_values(chart) == {("a", "a"): 3, ("a", "b"): 3, ("b", "a"): -2, ("b", "b"): -2}
    assert {"+3", "−3", "+2", "−2"} <= set(texts_of(chart))
    assert {row["true"] + row["predicted"]: row["change"] for row in cells_of(chart)} == {
        "aa": 3, "ab": -3, "ba": 2, "bb": -2,
    }  # fmt: skip


def test_difference_of_shares_is_in_points():
    chart = make_difference_chart(BEFORE, AFTER, ["a", "b"], normalise=Normalise.BY_TRUTH)
    assert {"+30.0", "−30.0", "+20.0", "−20.0"} <= set(texts_of(chart))


def test_difference_without_a_share_is_a_dash_and_no_change_has_no_sign():
    same = make_difference_chart(COUNTS, COUNTS, ["a", "b", "c"], normalise=Normalise.BY_TRUTH)
    texts = texts_of(same)
    assert (texts.count("–"), texts.count("0")) == (3, 6)


def test_difference_shows_a_cell_that_either_model_fills():
    before, after = np.eye(30, dtype=int), np.eye(30, dtype=int)
    before[0, 1], after[2, 3] = 4, 5
    chart = make_difference_chart(before, after, [f"c{k}" for k in range(30)])
    assert {(row["i"], row["j"]) for row in cells_of(chart)} == {(k, k) for k in range(30)} | {(0, 1), (2, 3)}


def test_difference_that_does_not_fit_the_classes_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 2\), expected \(3, 3\)"):
        make_difference_chart(COUNTS, AFTER, ["a", "b", "c"])


@pytest.mark.parametrize("n_classes", [3, 40])
def test_only_the_picked_cell_is_told_to_the_page(n_classes):
    chart = make_confusion_chart(np.eye(n_classes, dtype=int), [f"c{k}" for k in range(n_classes)], clickable=True)
    params = {param["name"]: param["select"] for param in chart.to_dict()["params"]}
    assert params[PICKED]["fields"] == ["i", "j"]
    assert set(params) == ({PICKED} if n_classes == 3 else {PICKED, "pointed"})


def test_no_rows_at_all_still_draws():
    assert "0" in texts_of(make_confusion_chart(np.zeros((2, 2), dtype=int), ["a", "b"]))


def test_markup_in_a_class_name_stays_text():
    assert "<b>x</b> & $y$" in texts_of(make_confusion_chart(np.eye(2, dtype=int), ["<b>x</b> & $y$", "b"]))


def test_matrix_that_does_not_fit_the_classes_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 3\), expected \(2, 2\)"):
        make_confusion_chart(COUNTS, ["a", "b"])


def test_stretched_chart_leaves_the_width_to_the_page():
    spec = make_confusion_chart(COUNTS, ["a", "b", "c"], stretch=True).to_dict()
    assert "width" not in spec
    assert spec["autosize"] == {"type": "fit-x", "contains": "padding"}
