from core.artifacts.schema import Split
from core.charts.balance import make_class_balance_chart
from core.charts.palette import class_colours


def test_bars_are_all_rows_of_a_class_in_its_colour():
    spec = make_class_balance_chart({Split.TRAIN: [30, 5], Split.TEST: [10, 5]}, ["joy", "fear"]).to_dict()
    (rows,) = spec["datasets"].values()
    assert [(row["class"], row["rows"], row["share"], row["train"]) for row in rows] == [
        ("joy", 40, 0.8, 30),
        ("fear", 10, 0.2, 5),
    ]
    assert spec["encoding"]["color"]["scale"] == {"domain": ["joy", "fear"], "range": class_colours(2)}


def test_no_rows_at_all_still_draws():
    (rows,) = make_class_balance_chart({Split.TEST: [0, 0]}, ["a", "b"]).to_dict()["datasets"].values()
    assert [row["share"] for row in rows] == [0, 0]
