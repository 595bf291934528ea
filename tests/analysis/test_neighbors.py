import numpy as np
import pytest

from core.analysis.neighbors import nearest

FOUR = np.array([[1, 0], [1, 1], [0, 2], [-3, 0]], dtype=np.float16)


def test_nearest_by_cosine_by_hand():
    found = nearest(FOUR, np.array([[2.0, 0.0]]), k=4)
    assert found.ids.tolist() == [[0, 1, 2, 3]]
    assert found.similarity[0] == pytest.approx([1, np.sqrt(0.5), 0, -1], abs=1e-6)
    assert found.ids.dtype == np.int32


def test_a_row_is_left_out_by_position_and_its_copies_are_not():
    copies = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=np.float32)
    found = nearest(copies, copies, k=2, itself=np.arange(4))
    assert found.ids.tolist() == [[1, 3], [0, 3], [0, 1], [0, 1]]


def test_only_queries_with_a_position_leave_it_out():
    found = nearest(FOUR, FOUR[:2], k=1, itself=np.array([-1, 1]))
    assert found.ids.tolist() == [[0], [0]]


def test_equally_near_ones_come_in_order():
    alike = np.ones((50, 3))
    assert nearest(alike, alike[:1], k=5).ids.tolist() == [[0, 1, 2, 3, 4]]


def test_nearer_ones_come_before_the_first_of_the_equally_near():
    vectors = np.array([[0, 1]] * 3 + [[1, 1], [1, 0]] + [[0, 1]] * 2)
    assert nearest(vectors, np.array([[1.0, 0.0]]), k=4).ids.tolist() == [[4, 3, 0, 1]]


def test_vector_of_zeros_is_near_to_nothing():
    found = nearest(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [1.0, 0.0]]), k=2)
    assert found.similarity.tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize(("k", "itself"), [(0, None), (5, None), (4, np.arange(4))])
def test_more_than_there_are_is_refused(k, itself):
    with pytest.raises(ValueError, match="expected at most"):
        nearest(FOUR, FOUR, k=k, itself=itself)


def test_all_pairs_in_blocks_are_those_of_plain_numpy(monkeypatch):
    monkeypatch.setattr("core.analysis.neighbors._BLOCK_CELLS", 700)
    vectors = np.random.default_rng(0).normal(size=(200, 8))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = unit @ unit.T
    np.fill_diagonal(cosine, -2)
    found = nearest(vectors, vectors, k=7, itself=np.arange(200))
    assert found.ids.tolist() == np.argsort(-cosine, axis=1)[:, :7].tolist()


@pytest.mark.slow  # compiles the index, half a minute in each process
def test_approximate_finds_nearly_all_that_is_nearest():
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(20, 32))
    vectors = (centres[rng.integers(0, 20, 3_000)] + 0.6 * rng.normal(size=(3_000, 32))).astype(np.float16)
    exact, approximate = (
        nearest(vectors, vectors[:300], k=10, seed=0, itself=np.arange(300), exact_up_to=limit) for limit in (3_000, 0)
    )
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact.ids, approximate.ids, strict=True)])
    assert recall >= 0.95
    assert not (approximate.ids == np.arange(300)[:, None]).any()
    # what it finds has the exact cosine
    same = exact.ids == approximate.ids
    assert approximate.similarity[same] == pytest.approx(exact.similarity[same], abs=1e-5)


@pytest.mark.slow
def test_approximate_gives_as_many_different_ones_to_vectors_of_zeros():
    vectors = np.random.default_rng(2).normal(size=(800, 8)).astype(np.float32)
    vectors[:100] = 0
    exact, approximate = (
        nearest(vectors, vectors[:200], k=10, itself=np.arange(200), exact_up_to=limit) for limit in (800, 0)
    )
    assert approximate.ids[:100].tolist() == exact.ids[:100].tolist()
    assert all(len(set(ids)) == 10 for ids in approximate.ids.tolist())
