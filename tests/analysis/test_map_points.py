"""Points of the map."""

import numpy as np

from core.analysis.map_colouring import ColourBy, ColourKind, colour_rows
from core.analysis.map_points import Extent, extent_of_map, has_map, make_points, snippet, thin_out
from core.analysis.row_filter import Projection
from core.artifacts.schema import ModelName
from tests.analysis.small_rows import small_rows

UNIT = Extent(x_low=0.0, x_high=10.0, y_low=0.0, y_high=10.0)


def points_of(ids, **options):
    rows = small_rows()
    by_class = colour_rows(rows, ColourBy(kind=ColourKind.TRUE))
    settings = {"models": [ModelName.FINETUNED], "wrong_in_front": None, "with_texts": False} | options
    return make_points(rows, Projection.UMAP, np.array(ids), by_class, group_labels=list("ABC"), **settings)


def test_points_know_their_row_wherever_they_are_drawn():
    points = points_of([1, 4, 6]).set_index("id").loc[[1, 4, 6]]
    assert points["x"].tolist() == [1, 4, 6]
    assert points["y"].tolist() == [0, 2, 3]
    assert points["colour"].tolist() == ["B", "B", "A"]
    assert points["true"].tolist() == ["sadness", "sadness", "joy"]
    assert points["finetuned"].tolist() == ["sadness", "fear", "joy"]
    assert points["finetuned_confidence"].tolist() == [np.float32(0.8), np.float32(0.5), np.float32(1.0)]


def test_drawing_order_is_shuffled_and_always_the_same():
    ids = list(range(8))
    assert points_of(ids)["id"].tolist() != ids
    assert points_of(ids)["id"].tolist() == points_of(ids)["id"].tolist()


def test_wrong_rows_are_drawn_last():
    wrong = ~small_rows().right(ModelName.FINETUNED)
    points = points_of(range(8), wrong_in_front=wrong)
    assert points["wrong"].tolist() == [False] * 5 + [True] * 3
    assert set(points["id"][-3:]) == {4, 5, 7}


def test_low_confidence_is_drawn_last():
    rows = small_rows()
    by_confidence = colour_rows(rows, ColourBy(kind=ColourKind.CONFIDENCE, model=ModelName.FINETUNED))
    points = make_points(
        rows,
        Projection.UMAP,
        np.arange(8),
        by_confidence,
        group_labels=[],
        models=[],
        wrong_in_front=None,
        with_texts=False,
    )
    assert points["id"].tolist() == [6, 5, 0, 1, 2, 3, 4, 7]
    assert points["colour"].is_monotonic_decreasing


def test_texts_are_added_on_demand():
    points = points_of([5], with_texts=True)
    assert points["text"].tolist() == ["50% off"]
    assert "text" not in points_of([5])


def test_snippet_is_one_line_and_short():
    assert snippet(" a\n b ") == "a b"
    assert snippet("x" * 120) == "x" * 120
    assert snippet("x" * 121) == "x" * 119 + "…"
    assert len(snippet("word " * 5000)) == 120


def test_thinning_keeps_the_first_point_of_each_cell():
    x = np.array([0.1, 0.2, 9.9, 10.0, 5.0, 11.0], dtype=np.float32)
    y = np.array([0.1, 0.3, 9.9, 10.0, 5.0, 5.0], dtype=np.float32)
    assert thin_out(x, y, UNIT, n_columns=10, n_rows=10).tolist() == [0, 2, 4]


def test_thinning_nothing_is_nothing():
    empty = np.zeros(0, dtype=np.float32)
    assert thin_out(empty, empty, UNIT).tolist() == []


def test_extent_holds_all_rows_with_a_margin():
    extent = extent_of_map(small_rows(), Projection.UMAP)
    assert (extent.x_low, extent.x_high) == (-0.21, 7.21)
    assert extent.holds(np.array([0, 7, 8], dtype=np.float32), np.array([0, 3, 3], dtype=np.float32)).tolist() == [
        True,
        True,
        False,
    ]


def test_rows_without_both_projections_have_no_map():
    assert not has_map(small_rows())
