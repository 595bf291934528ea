from core.analysis.typical_words import TypicalWord
from core.charts.images import ImageFormat, encode_chart
from core.charts.palette import class_colours
from core.charts.typical_words import make_typical_words_chart, make_typical_words_figure


def word(text: str, z: float) -> TypicalWord:
    return TypicalWord(word=text, z=z, log_odds=z, n_in_class=1200, n_in_rest=3)


WORDS = [word("glad", 9.0), word("x" * 10_000, 5.0), word("x" * 9_999, 4.0)]


def test_lines_are_the_words_in_order_with_their_counts():
    spec = make_typical_words_chart(WORDS, k=2, z_max=10).to_dict()
    (rows,) = spec["datasets"].values()
    assert [(row["i"], row["z"], row["text"], row["faded"]) for row in rows] == [
        (0, 9.0, "1,200 : 3", False),
        (1, 5.0, "1,200 : 3", False),
        (2, 4.0, "1,200 : 3", False),
    ]
    assert spec["layer"][1]["mark"]["color"] == class_colours(3)[2]
    assert [(p["name"], p["select"]["fields"]) for p in spec["params"]] == [("picked", ["i"])]


def test_long_words_are_cut_and_stay_apart():
    (rows,) = make_typical_words_chart(WORDS, k=0, z_max=10).to_dict()["datasets"].values()
    labels = [row["label"] for row in rows]
    assert len(set(labels)) == 3
    assert max(len(label) for label in labels) <= 18
    assert max(len(row["word"]) for row in rows) <= 80


def test_the_word_searched_for_stands_out():
    (rows,) = make_typical_words_chart(WORDS, k=0, z_max=10, chosen="glad").to_dict()["datasets"].values()
    assert [row["faded"] for row in rows] == [False, True, True]
    (rows,) = make_typical_words_chart(WORDS, k=0, z_max=10, chosen="elsewhere").to_dict()["datasets"].values()
    assert not any(row["faded"] for row in rows)


def test_figure_has_a_chart_per_class_and_can_be_saved():
    figure = make_typical_words_figure({0: WORDS, 2: WORDS[:1], 1: []}, ["<b>", "fear", "joy"], subtitle="run x")
    assert [chart["title"]["text"] for chart in figure.to_dict()["concat"]] == ["<b>", "joy"]
    assert encode_chart(figure, ImageFormat.SVG).startswith(b"<svg")
