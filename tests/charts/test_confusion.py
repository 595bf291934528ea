import re
from html import unescape

import numpy as np
import pytest

from core.charts.confusion import Normalise, cell_values, make_confusion_chart
from core.charts.images import ImageFormat, encode_chart
from core.charts.labels import short_labels

# Rows true, columns predicted; the third class has no row and is never predicted.
COUNTS = np.array([[6, 2, 0], [1, 3, 0], [0, 0, 0]])


def texts_of(chart) -> list[str]:
    svg = encode_chart(chart, ImageFormat.SVG).decode()
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def cells_of(chart) -> list[dict]:
    spec = chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows]


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


def test_order_chooses_and_sorts_classes_but_shares_stay_those_of_all_rows():
    counts = np.array([[8, 1, 1], [0, 5, 5], [2, 0, 2]])
    chart = make_confusion_chart(counts, ["a", "b", "c"], normalise=Normalise.BY_TRUTH, order=[2, 0])
    shares = {(row["true"], row["predicted"]): row["value"] for row in cells_of(chart)}
    assert shares == {("c", "c"): 0.5, ("c", "a"): 0.5, ("a", "c"): 0.1, ("a", "a"): 0.8}
    assert chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["c", "a"]


def test_max_count_gives_two_charts_one_scale():
    spec = make_confusion_chart(COUNTS, ["a", "b", "c"], max_count=40).to_dict()
    assert [layer["encoding"]["color"]["scale"]["domain"] for layer in spec["layer"][:2]] == [[0, 40], [0, 40]]


def test_numbers_are_white_only_on_strong_colours():
    chart = make_confusion_chart(np.array([[100, 36], [37, 0]]), ["a", "b"])
    strong = {row["count"]: row["strong"] for row in cells_of(chart)}
    assert strong == {100: True, 37: True, 36: False, 0: False}  # sqrt(36/100) is exactly the threshold 0.6


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
