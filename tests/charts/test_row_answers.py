import numpy as np
import pytest

from core.artifacts.schema import ModelName
from core.charts.images import ImageFormat, encode_chart
from core.charts.palette import class_colours
from core.charts.row_answers import ANSWERS, answer_bars, classes_to_show, make_row_answers_chart

CLASSES = ("joy", "sadness", "fear")
PROBS = {ModelName.FINETUNED: np.array([0.7, 0.2, 0.1]), ModelName.LOGREG: np.array([0.05, 0.15, 0.8])}
PRED = {ModelName.FINETUNED: 0, ModelName.LOGREG: 2}


def test_few_classes_are_all_shown_in_label_order():
    assert classes_to_show(PROBS, 1, PRED, limit=3) == [0, 1, 2]


def test_of_many_classes_the_likeliest_of_any_model_come_first():
    probs = {ModelName.FINETUNED: np.array([0.1, 0.5, 0.3, 0.1]), ModelName.LOGREG: np.array([0.6, 0.1, 0.2, 0.1])}
    pred = {ModelName.FINETUNED: 1, ModelName.LOGREG: 0}
    # highest of any model: 0.6, 0.5, 0.3, 0.1
    assert classes_to_show(probs, 1, pred, limit=3) == [0, 1, 2]


def test_label_and_predictions_are_shown_however_unlikely():
    probs = {ModelName.FINETUNED: np.array([0.1, 0.5, 0.3, 0.0, 0.1])}
    assert classes_to_show(probs, 3, {ModelName.FINETUNED: 1}, limit=2) == [1, 3]
    assert classes_to_show(probs, 3, {ModelName.FINETUNED: 1}, limit=1) == [1, 3]


def test_bars_stand_in_one_panel_per_model():
    bars = answer_bars(PROBS, CLASSES, pred=PRED, shown=[0, 1, 2])
    first, second = bars[bars["model"] == "Fine-tuned"], bars[bars["model"] == "Logistic regression"]
    assert first["text"].tolist() == ["70.0%", "20.0%", "10.0%"]
    assert (first["end"] - first["start"]).tolist() == pytest.approx([0.7, 0.2, 0.1])
    assert (second["end"] - second["start"]).tolist() == pytest.approx([0.05, 0.15, 0.8])
    assert first["full"].max() < second["start"].min()
    assert bars[bars["answer"]]["class"].tolist() == ["joy", "fear"]


def test_chart_points_at_the_label():
    bars = answer_bars(PROBS, CLASSES, pred=PRED, shown=[2, 0])
    spec = make_row_answers_chart(list(PROBS), CLASSES, label=1, shown=[2, 0], bars=bars).to_dict()
    axis = spec["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == "datum.value === \"sadness\" ? '→ ' + datum.value : datum.value"
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["fear", "joy"]


def test_chart_without_bars_waits_for_data():
    spec = make_row_answers_chart(list(PROBS), CLASSES, label=1, shown=[0]).to_dict()
    assert spec["data"] == {"name": ANSWERS}


def test_probabilities_of_other_classes_are_refused():
    with pytest.raises(ValueError, match="expected"):
        answer_bars({ModelName.LOGREG: np.ones(2)}, CLASSES, pred={ModelName.LOGREG: 0}, shown=[0])
    with pytest.raises(ValueError, match="at least one model"):
        answer_bars({}, CLASSES, pred={}, shown=[0])


def test_bars_stand_in_the_order_asked_for_each_with_its_class_colour():
    bars = make_row_answers_chart(list(PROBS), CLASSES, label=1, shown=[1, 2]).to_dict()["layer"][1]["encoding"]
    assert bars["y"]["scale"]["domain"] == ["sadness", "fear"]
    assert bars["color"]["scale"]["range"] == [class_colours(3)[1], class_colours(3)[2]]


def test_text_without_a_label_has_no_arrow_and_one_model_no_heading():
    probs = {ModelName.LOGREG: PROBS[ModelName.LOGREG]}
    bars = answer_bars(probs, CLASSES, pred={ModelName.LOGREG: 2}, shown=[0, 1, 2])
    chart = make_row_answers_chart(
        [ModelName.LOGREG], CLASSES, label=None, shown=[0, 1, 2], bars=bars, title="<b>t</b>"
    )
    svg = encode_chart(chart, ImageFormat.SVG).decode()
    assert "→" not in svg
    assert "Logistic regression</text>" not in svg
    assert all(f">{text}</text>" in svg for text in ("joy", "5.0%", "15.0%", "80.0%"))
    assert "<b>" not in svg


def test_name_of_the_label_cannot_break_out_of_the_chart():
    classes = ("joy", 'qu"o\\te', "fear")
    axis = make_row_answers_chart(list(PROBS), classes, label=1, shown=[0, 1]).to_dict()["layer"][0]["encoding"]["y"][
        "axis"
    ]
    assert axis["labelFontWeight"]["condition"]["test"] == 'datum.value === "qu\\"o\\\\te"'
