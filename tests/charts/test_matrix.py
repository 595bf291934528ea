import numpy as np

from core.charts.confusion import make_confusion_chart
from core.charts.images import ImageFormat, encode_chart
from core.charts.matrix import CHOSEN, Chosen, outlines
from core.charts.specs import to_spec, with_data

LABELS = ["a", "b", "c"]


def sides(chosen: Chosen, *, shown: tuple[int, ...] = (2, 0, 1), totals: bool = True) -> list[tuple[str, ...]]:
    frame = outlines(chosen, LABELS, shown, totals=totals)
    return list(frame[["top", "bottom", "left", "right"]].itertuples(index=False, name=None))


def test_cell_row_and_column_are_outlined():
    assert sides(Chosen(true=(0,), predicted=(1,))) == [("a", "a", "b", "b")]
    assert sides(Chosen(true=(0,))) == [("a", "a", "c", " all")]
    assert sides(Chosen(predicted=(1,))) == [("c", " all", "b", "b")]


def test_without_sums_a_row_ends_at_the_last_class():
    assert sides(Chosen(true=(0,)), totals=False) == [("a", "a", "c", "b")]


def test_several_classes_are_several_outlines():
    assert sides(Chosen(true=(0, 1), predicted=(2,))) == [("a", "a", "c", "c"), ("b", "b", "c", "c")]


def test_nothing_chosen_and_a_class_that_is_not_shown_have_no_outline():
    assert sides(Chosen()) == []
    assert sides(Chosen(true=(0,), predicted=(1,)), shown=(2, 1)) == []


def test_other_models_cell_is_marked_as_such():
    assert outlines(Chosen(predicted=(1,), is_other=True), LABELS, (0, 1), totals=True)["other"].tolist() == [True]


def test_filling_in_what_is_chosen_leaves_the_shared_specification_alone():
    spec = to_spec(make_confusion_chart(np.eye(3, dtype=int), LABELS, clickable=True))
    before = set(spec["datasets"])
    filled = with_data(spec, CHOSEN, outlines(Chosen(true=(0,)), LABELS, (0, 1, 2), totals=True))
    assert set(filled["datasets"]) - before == {CHOSEN}
    assert set(spec["datasets"]) == before


def test_figure_for_a_file_draws_without_anything_chosen():
    svg = encode_chart(make_confusion_chart(np.eye(3, dtype=int), LABELS), ImageFormat.SVG).decode()
    assert "aria-label" in svg
