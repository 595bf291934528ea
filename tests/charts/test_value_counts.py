from core.analysis.metadata import BLANK
from core.analysis.value_counts import ValueCount, ValueCounts
from core.charts.images import ImageFormat, encode_chart
from core.charts.value_counts import make_value_counts_chart

COUNTS = ValueCounts(
    values=(
        ValueCount(value="tweet", n_rows=60, n_scored=50, n_right=40),
        ValueCount(value="chat", n_rows=20, n_scored=8, n_right=6),
        ValueCount(value=BLANK, n_rows=10, n_scored=0, n_right=0),
    ),
    n_rows=100,
    n_other_values=4,
    n_other_rows=10,
)


def lines(chart) -> list[dict]:
    return next(rows for rows in chart.to_dict()["datasets"].values() if "rows" in rows[0])


def test_lines_with_accuracy_and_small_support_marked():
    shown = lines(make_value_counts_chart(COUNTS, measured="accuracy"))
    assert [(v["label"], v["i"], v["rows"], v["share"], v["accuracy"], v["few"]) for v in shown] == [
        ("tweet", 0, 60, 0.6, "80.0%", False),
        ("chat", 1, 20, 0.2, "75.0% of 8", True),
        ("(blank)", 2, 10, 0.1, "–", True),
        ("4 more", -1, 10, 0.1, "", True),
    ]
    assert shown[0]["interval"] == "67.0% to 88.8%"  # 40 of 50, Wilson


def test_without_a_model_there_is_no_accuracy():
    layers = make_value_counts_chart(COUNTS).to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["rect", "bar", "text"]
    assert not any("accuracy" in str(layer["encoding"]) for layer in layers)


def test_only_chosen_values_stay_in_full_colour():
    assert [v["faded"] for v in lines(make_value_counts_chart(COUNTS, chosen=("chat",)))] == [True, False, True, True]
    assert not any(v["faded"] for v in lines(make_value_counts_chart(COUNTS)))


def test_can_be_saved():
    assert encode_chart(make_value_counts_chart(COUNTS, measured="accuracy", title="x"), ImageFormat.SVG).startswith(
        b"<svg"
    )
