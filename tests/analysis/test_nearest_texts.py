"""Nearest training texts of one text, and their labels."""

import numpy as np
import pandas as pd
import pytest

from core.analysis import nearest_texts
from core.analysis.nearest_texts import NearestTexts, nearest_of_row, nearest_to_vector
from core.analysis.neighbors import nearest

LABEL = np.array([0, 1, 1, 2, 1, 0])


def texts(*labels: int) -> NearestTexts:
    n_texts = len(labels)
    return NearestTexts(
        ids=np.arange(n_texts), similarity=np.linspace(0.9, 0.5, n_texts, dtype=np.float32), labels=np.array(labels)
    )


def test_neighbours_of_a_row_are_read_with_their_labels():
    table = pd.DataFrame(
        {
            "id": [0, 1],
            # the columns of a foreign file may stand in any order, some neighbours may be missing
            "neighbor_1": np.array([3, 4], dtype=np.int32),
            "neighbor_0": np.array([2, 5], dtype=np.int32),
            "neighbor_2": np.array([-1, 0], dtype=np.int32),
            "similarity_0": np.array([0.75, 0.5], dtype=np.float32),
            "similarity_1": np.array([0.5, 0.5], dtype=np.float32),
            "similarity_2": np.array([0, 0.25], dtype=np.float32),
        }
    )
    first, second = (nearest_of_row(table, row_id, LABEL) for row_id in (0, 1))
    assert (first.ids.tolist(), first.similarity.tolist(), first.labels.tolist()) == ([2, 3], [0.75, 0.5], [1, 2])
    assert second.ids.tolist() == [4, 5, 0]


def test_neighbours_without_a_similarity_are_left_out():
    table = pd.DataFrame({"id": [0], "neighbor_0": [1], "neighbor_1": [2], "similarity_1": [0.5]})
    assert nearest_of_row(table, 0, LABEL).ids.tolist() == [2]
    assert len(nearest_of_row(table[["id"]], 0, LABEL)) == 0


def test_usual_label_of_equally_frequent_ones_is_that_of_the_nearest_text():
    assert texts(1, 2, 2, 1, 0).usual_label == 1
    assert texts(0, 2, 1, 2).usual_label == 2


@pytest.mark.parametrize(
    ("labels", "disagree"), [((1, 1, 0, 0), False), ((1, 0, 0), True), ((0,), True), ((1,), False), ((), False)]
)
def test_fewer_than_half_with_the_label_disagree(labels, disagree):
    assert texts(*labels).disagree_with(1) is disagree


def test_nearest_to_a_vector_are_the_same_in_blocks(monkeypatch):
    rng = np.random.default_rng(0)
    embeddings = rng.normal(size=(60, 5)).astype(np.float16)
    among, vector = np.arange(0, 60, 2), rng.normal(size=5)
    label = np.arange(60) % 3
    expected = nearest(embeddings[among], vector[None], k=4)
    monkeypatch.setattr(nearest_texts, "_BLOCK_ROWS", 7)
    found = nearest_to_vector(embeddings, among, vector, label, k=4)
    assert found.ids.tolist() == among[expected.ids[0]].tolist()
    assert found.similarity == pytest.approx(expected.similarity[0], abs=1e-6)
    assert found.labels.tolist() == (found.ids % 3).tolist()


def test_more_are_asked_for_than_there_are():
    embeddings = np.eye(3)
    assert nearest_to_vector(embeddings, np.array([1]), np.ones(3), LABEL, k=10).ids.tolist() == [1]
    assert len(nearest_to_vector(embeddings, np.array([], dtype=int), np.ones(3), LABEL, k=10)) == 0
