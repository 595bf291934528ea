"""Groups of vectors that look alike, numbered by size."""

import numpy as np
import pytest

from core.analysis.clusters import find_cluster_of_each, suggest_n_clusters

# three directions, of 5, 3 and 2 vectors
DIRECTIONS = np.array([[0, 1, 0]] * 3 + [[1, 0, 0]] * 5 + [[0, 0, 1]] * 2, dtype=np.float16)


def test_vectors_of_one_direction_are_together_and_the_largest_cluster_is_the_first():
    lengths = np.array([1, 100] * 5)[:, None]  # which do not count
    cluster = find_cluster_of_each(DIRECTIONS * lengths, n_clusters=3, seed=0)
    assert cluster.tolist() == [1] * 3 + [0] * 5 + [2] * 2
    assert cluster.dtype == np.int16


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
def test_fewer_different_vectors_than_clusters_make_fewer_clusters():
    cluster = find_cluster_of_each(np.ones((6, 2)), n_clusters=3, seed=0)
    assert set(cluster.tolist()) == {0}


def test_a_vector_of_zeros_is_in_a_cluster_too():
    cluster = find_cluster_of_each(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), n_clusters=2, seed=0)
    assert cluster.tolist() == [1, 0, 0]


def test_the_same_seed_gives_the_same_clusters():
    vectors = np.random.default_rng(3).normal(size=(400, 8))
    first, second = (find_cluster_of_each(vectors, n_clusters=7, seed=5) for _ in range(2))
    assert first.tolist() == second.tolist()
    assert (np.diff(np.bincount(first, minlength=7)) <= 0).all()


@pytest.mark.parametrize(("n_rows", "n_clusters"), [(1, 2), (54, 3), (2_400, 20), (20_000, 57), (1_000_000, 60)])
def test_number_of_clusters_grows_with_the_corpus(n_rows, n_clusters):
    assert suggest_n_clusters(n_rows) == n_clusters
