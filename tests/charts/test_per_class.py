import pytest

from core.analysis.comparison import ClassScores, Estimate, ModelScores
from core.artifacts.schema import ModelName, Origin, Split
from core.charts.images import ImageFormat, encode_chart
from core.charts.palette import MODEL_COLOURS
from core.charts.per_class import Score, make_per_class_chart
from tests.measured import metrics_of

NAMES = ["joy", "fear", "love"]
COUNTS = [[6, 1, 0], [2, 1, 0], [0, 0, 0]]
LOGREG = metrics_of(COUNTS, NAMES, model=ModelName.LOGREG, f1=[0.8, 0.4, None])
FINETUNED = metrics_of(COUNTS, NAMES, model=ModelName.FINETUNED, f1=[0.8625, 0.5, None])


def scores_of(intervals: list[tuple[float, float] | None]) -> ModelScores:
    """Return scores of which only the F1 of the classes is given."""
    none = Estimate(value=0.5, low=None, high=None)
    f1 = [None if ends is None else Estimate(value=sum(ends) / 2, low=ends[0], high=ends[1]) for ends in intervals]
    return ModelScores(
        model=ModelName.LOGREG,
        split=Split.TEST,
        origin=Origin.HELD_OUT,
        n_rows=10,
        accuracy=none,
        macro_f1=none,
        weighted_f1=none,
        per_class=tuple(ClassScores(precision=None, recall=None, f1=found) for found in f1),
    )


def svg_of(chart) -> str:
    return encode_chart(chart, ImageFormat.SVG).decode()


def test_bars_end_in_their_value_and_classes_carry_their_rows():
    svg = svg_of(make_per_class_chart([LOGREG, FINETUNED]))
    for text in ("80.0%", "86.3%", "joy  (7)", "fear  (3)", "Logistic regression", "Fine-tuned"):
        assert f">{text}<" in svg


def test_class_without_rows_says_so_once_per_model():
    assert svg_of(make_per_class_chart([LOGREG, FINETUNED])).count(">no rows, never predicted<") == 2


def test_each_model_keeps_its_colour():
    scale = make_per_class_chart([FINETUNED]).to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"domain": ["Fine-tuned"], "range": [MODEL_COLOURS[ModelName.FINETUNED]]}


def test_order_is_from_top_to_bottom():
    scale = make_per_class_chart([LOGREG], order=[1, 0]).to_dict()["layer"][0]["encoding"]["y"]["scale"]
    assert scale["domain"] == ["fear  (3)", "joy  (7)"]


def test_many_classes_drop_the_values_but_keep_every_name():
    names = [f"class_{k}" for k in range(77)]
    eye = [[int(i == k) for i in range(77)] for k in range(77)]
    svg = svg_of(make_per_class_chart([metrics_of(eye, names)]))
    assert ">50.0%<" not in svg
    assert [name for name in names if f">{name}  (1)<" not in svg] == []


def test_models_of_different_splits_are_refused():
    other = metrics_of(COUNTS, NAMES, split=Split.TRAIN)
    with pytest.raises(ValueError, match="all of one split"):
        make_per_class_chart([LOGREG, other])


def test_no_model_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        make_per_class_chart([])


@pytest.mark.parametrize(("score", "shown"), [(Score.PRECISION, "50.0%"), (Score.RECALL, "25.0%")])
def test_other_scores_are_drawn_in_place_of_f1(score, shown):
    svg = svg_of(make_per_class_chart([FINETUNED], score))
    assert svg.count(f">{shown}<") == 3
    assert ">86.3%<" not in svg


def test_click_anywhere_beside_a_bar_picks_its_class():
    spec = make_per_class_chart([LOGREG, FINETUNED], order=[2, 0], clickable=True).to_dict()
    assert [param["select"]["fields"] for param in spec["params"]] == [["k"]]
    target = spec["layer"][1]
    assert [row["k"] for row in spec["datasets"][target["data"]["name"]]] == [2, 0]
    assert "x" not in target["encoding"]


def test_intervals_are_lines_from_end_to_end_where_there_are_any():
    scores = {ModelName.LOGREG: scores_of([(0.7, 0.9), (0.2, 0.6), None])}
    spec = make_per_class_chart([LOGREG, FINETUNED], scores=scores).to_dict()
    (lines,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule"]
    assert (lines["encoding"]["x"]["field"], lines["encoding"]["x2"]["field"]) == ("low", "high")
    (rows,) = spec["datasets"].values()
    assert [(row["model"], row["low"], row["high"]) for row in rows if row["low"] is not None] == [
        ("Logistic regression", 0.7, 0.9),
        ("Logistic regression", 0.2, 0.6),
    ]
    assert rows[0]["interval"] == "70.0% – 90.0%"
    assert "rule" not in {layer["mark"]["type"] for layer in make_per_class_chart([LOGREG]).to_dict()["layer"]}
