"""Two-dimensional maps of the embeddings."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

FloatArray = npt.NDArray[np.float32]


def compute_pca(embeddings: npt.NDArray[np.floating[Any]], *, seed: int) -> FloatArray:
    """Return the first two principal components, float32 of shape (n, 2)."""
    coordinates: FloatArray = (
        PCA(n_components=2, random_state=seed).fit_transform(embeddings.astype(np.float32)).astype(np.float32)
    )
    return coordinates


def compute_umap(
    embeddings: npt.NDArray[np.floating[Any]], *, n_neighbors: int, min_dist: float, seed: int
) -> FloatArray:
    """Return a UMAP of the embeddings by cosine distance, float32 of shape (n, 2); the same seed gives the same map.

    A corpus of fewer than `n_neighbors` rows is mapped with as many neighbours as it has.

    Raises:
        ValueError: If there are fewer than 3 rows.

    Source: McInnes et al. 2018, "UMAP: Uniform Manifold Approximation and Projection", as in umap-learn.
    """
    n_rows = len(embeddings)
    if n_rows < 3:
        raise ValueError(f"{n_rows} rows cannot be mapped, expected at least 3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

        reducer = UMAP(
            n_components=2,
            metric="cosine",
            n_neighbors=max(2, min(n_neighbors, n_rows - 1)),
            min_dist=min_dist,
            random_state=seed,
            init="spectral" if n_rows > 10 else "random",
        )
        coordinates: FloatArray = reducer.fit_transform(embeddings.astype(np.float32)).astype(np.float32)
    return coordinates
