"""Groups of texts that look alike to an encoder."""

import math

import numpy as np
import numpy.typing as npt

_FEWEST, _MOST = 2, 60
_ROWS_PER_CLUSTER = 6.0


def suggest_n_clusters(n_rows: int) -> int:
    """Return the square root of a sixth of the rows, between 2 and 60: 20 clusters for 2,400 texts, 57 for 20,000.

    Few enough to be read one by one, and each large enough for a rate to mean something.
    """
    return min(_MOST, max(_FEWEST, math.isqrt(int(n_rows / _ROWS_PER_CLUSTER))))


def find_cluster_of_each(vectors: npt.NDArray[np.floating], *, n_clusters: int, seed: int) -> npt.NDArray[np.int16]:
    """Return the cluster of each vector, shape (n,); clusters are numbered from the largest to the smallest.

    Args:
        vectors: Shape (n, d); only their direction counts.
        n_clusters: At most so many; fewer if there are not so many different vectors.
        seed: Seed of the first centres.

    Source: mini-batch k-means (Sculley 2010) of scikit-learn on vectors of length one, on which the Euclidean distance
    orders like the cosine. It puts every text into a cluster, where density clusters leave most texts of a corpus of
    one kind without any.
    """
    from sklearn.cluster import MiniBatchKMeans

    exact = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    unit = np.divide(exact, lengths, out=np.zeros_like(exact), where=lengths > 0)
    found = MiniBatchKMeans(n_clusters, batch_size=4096, n_init=3, random_state=seed).fit_predict(unit)
    sizes = np.bincount(found, minlength=n_clusters)
    rank = np.empty(n_clusters, dtype=np.int16)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(n_clusters)
    cluster: npt.NDArray[np.int16] = rank[found]
    return cluster
