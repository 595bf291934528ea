import pytest

from core.analysis.class_balance import ClassBalance
from core.artifacts.schema import Split
from core.charts.balance import balance_order, make_class_balance_chart
from core.charts.images import ImageFormat, encode_chart
from core.charts.palette import class_colours, with_opacity

BALANCE = ClassBalance(classes=("joy", "fear"), counts={Split.TRAIN: (30, 10), Split.TEST: (5, 5)})


def rows_of(chart) -> list[dict]:
    (rows,) = (rows for rows in chart.to_dict()["datasets"].values() if "share" in rows[0])
    return rows


def test_bars_are_shares_of_the_split_in_the_colour_of_the_class():
    joy, fear = class_colours(2)
    bars = rows_of(make_class_balance_chart(BALANCE))
    assert [(b["class"], b["k"], b["split"], b["rows"], b["share"], b["text"]) for b in bars] == [
        ("joy", 0, "train", 30, 0.75, "75.0%  (30)"),
        ("joy", 0, "test", 5, 0.5, "50.0%  (5)"),
        ("fear", 1, "train", 10, 0.25, "25.0%  (10)"),
        ("fear", 1, "test", 5, 0.5, "50.0%  (5)"),
    ]
    assert [(b["colour"], b["fill"]) for b in bars[:2]] == [(joy, with_opacity(joy, 1)), (joy, with_opacity(joy, 0))]
    assert bars[2]["colour"] == fear


def test_only_what_is_not_chosen_fades():
    assert not any(bar["faded"] for bar in rows_of(make_class_balance_chart(BALANCE)))
    bars = rows_of(make_class_balance_chart(BALANCE, chosen=(1,)))
    assert {bar["class"]: bar["faded"] for bar in bars} == {"joy": True, "fear": False}


def test_a_click_selects_the_class():
    spec = make_class_balance_chart(BALANCE).to_dict()
    assert [(p["name"], p["select"]["type"], p["select"]["fields"]) for p in spec["params"]] == [
        ("picked", "point", ["k"])
    ]


def test_legend_names_the_splits_that_have_rows():
    fills = [
        layer["encoding"]["fill"]
        for layer in make_class_balance_chart(BALANCE).to_dict()["layer"]
        if "fill" in layer["encoding"]
    ]
    assert [fill["scale"]["domain"] for fill in fills if fill["scale"]] == [["train", "test"]]


def test_many_classes_stand_the_chosen_then_the_largest_first():
    many = ClassBalance(
        classes=tuple("abcdefghijklm"), counts={Split.TEST: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)}
    )
    assert balance_order(many, (3,))[:3] == [3, 12, 11]
    assert balance_order(BALANCE, (1,)) == [0, 1]
    spec = make_class_balance_chart(many).to_dict()
    assert not any(layer["mark"]["type"] == "text" for layer in spec["layer"])
    assert spec["layer"][1]["encoding"]["y"]["scale"]["domain"] == list("mlkjihgfedcba")


@pytest.mark.parametrize("n_classes", [2, 77, 150])
def test_can_be_saved(n_classes):
    balance = ClassBalance(
        classes=tuple(f"class {k}" for k in range(n_classes)), counts={Split.TEST: tuple(range(1, n_classes + 1))}
    )
    assert encode_chart(make_class_balance_chart(balance, title="Classes"), ImageFormat.SVG).startswith(b"<svg")
