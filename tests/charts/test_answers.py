import numpy as np
import pytest

from core.artifacts.schema import ModelName
from core.charts.answers import make_answer_chart, make_counts_chart
from core.charts.images import ImageFormat, encode_chart
from core.charts.palette import class_colours

CLASSES = ["joy", 'qu"o\\te', "fear"]
PROBS = np.array([0.125, 0.75, 0.125])


def rows_of(chart) -> list[dict]:
    (rows,) = chart.to_dict()["datasets"].values()
    return rows


def test_bars_stand_in_the_order_asked_for_each_with_its_class_colour():
    spec = make_answer_chart(PROBS, CLASSES, shown=[1, 2]).to_dict()
    bars = spec["layer"][0]["encoding"]
    assert bars["y"]["scale"]["domain"] == ['qu"o\\te', "fear"]
    assert bars["color"]["scale"]["range"] == [class_colours(3)[1], class_colours(3)[2]]


def test_only_the_winner_is_marked():
    chart = make_answer_chart(PROBS, CLASSES)
    assert [(row["class"], row["text"], row["winner"]) for row in rows_of(chart)] == [
        ("joy", "12.5%", False),
        ('qu"o\\te', "75.0%", True),
        ("fear", "12.5%", False),
    ]


def test_name_of_the_winner_cannot_break_out_of_the_chart():
    weight = make_answer_chart(PROBS, CLASSES).to_dict()["layer"][0]["encoding"]["y"]["axis"]["labelFontWeight"]
    assert weight["condition"]["test"] == 'datum.value === "qu\\"o\\\\te"'
    svg = encode_chart(make_answer_chart(PROBS, CLASSES, title="<b>t</b>"), ImageFormat.SVG).decode()
    assert "<b>" not in svg
    assert ">75.0%</text>" in svg


def test_probabilities_of_other_classes_are_refused():
    with pytest.raises(ValueError, match=r"probs has shape \(2,\), expected \(3,\)"):
        make_answer_chart(PROBS[:2], CLASSES)


def test_counts_have_one_bar_per_class_and_model():
    counts = {ModelName.FINETUNED: [3, 0, 1], ModelName.LOGREG: [2, 1, 1]}
    chart = make_counts_chart(counts, CLASSES, shown=[0, 2])
    assert [(row["class"], row["model"], row["texts"]) for row in rows_of(chart)] == [
        ("joy", "Fine-tuned", 3),
        ("joy", "Logistic regression", 2),
        ("fear", "Fine-tuned", 1),
        ("fear", "Logistic regression", 1),
    ]
    assert encode_chart(chart, ImageFormat.PNG).startswith(b"\x89PNG")
