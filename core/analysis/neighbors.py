"""Nearest rows by the cosine of their vectors: exact for small corpora, approximate for large ones."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating]

EXACT_UP_TO = 30_000
"""Vectors up to which all pairs are compared; beyond, an index of neighbours grows almost linearly."""
_BLOCK_CELLS = 20_000_000
_SPARE = 20  # further candidates of the index, so that its best ones are surely among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The k nearest vectors of each query, nearest first: positions (int32) and cosines (float32), of shape (m, k)."""

    ids: npt.NDArray[np.int32]
    similarity: npt.NDArray[np.float32]


def nearest(
    vectors: FloatArray,
    queries: FloatArray,
    *,
    k: int,
    seed: int = 0,
    itself: npt.NDArray[np.integer] | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> Nearest:
    """Return the nearest vectors of each query by cosine, equally near ones in the order of their positions.

    A vector of zeros has the cosine 0 to every other.

    Args:
        vectors: Where to look, shape (n, d).
        queries: What to look for, shape (m, d).
        k: How many, at most n, or n - 1 with `itself`.
        seed: Seed of the approximate index.
        itself: Position of each query among the vectors, shape (m,), -1 for none; it is left out of its own nearest, by
            position and not by cosine, since others may be alike.
        exact_up_to: Number of vectors up to which all are compared.

    Raises:
        ValueError: If there are fewer vectors than asked for, or the dimensions differ.

    Source: the approximate index is NN-descent (Dong, Moses & Li 2011) as implemented by pynndescent.
    """
    n_others = len(vectors) - (itself is not None)
    if not 1 <= k <= n_others or vectors.shape[1] != queries.shape[1]:
        raise ValueError(
            f"asked for {k} nearest of vectors {vectors.shape} to queries {queries.shape}, expected at most"
            f" {n_others} and one dimension for both"
        )
    own = np.full(len(queries), -1, dtype=np.int64) if itself is None else np.asarray(itself, dtype=np.int64)
    if len(vectors) <= exact_up_to:
        return _search_all(_normalised(vectors), queries, own, k)
    return _search_index(_normalised(vectors), queries, own, k, seed)


def _normalised(vectors: FloatArray) -> npt.NDArray[np.float32]:
    exact = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = np.divide(exact, lengths, out=np.zeros_like(exact), where=lengths > 0)
    return unit


def _search_all(vectors: npt.NDArray[np.float32], queries: FloatArray, own: npt.NDArray[np.int64], k: int) -> Nearest:
    """Compare each query with every vector, in blocks that fit into memory."""
    block = max(1, _BLOCK_CELLS // len(vectors))
    parts = []
    for start in range(0, len(queries), block):
        cosine = _normalised(queries[start : start + block]) @ vectors.T
        excluded = own[start : start + block]
        rows = np.flatnonzero(excluded >= 0)
        cosine[rows, excluded[rows]] = -np.inf
        # the k-th largest value; of those equal to it, the first ones belong to the nearest
        candidates = np.argpartition(-cosine, k - 1, axis=1)[:, :k] if k < len(vectors) else _every(cosine)
        threshold = np.take_along_axis(cosine, candidates, axis=1).min(axis=1)
        tied = (cosine >= threshold[:, None]).sum(axis=1) > k
        for row in np.flatnonzero(tied):
            above = np.flatnonzero(cosine[row] > threshold[row])
            equal = np.flatnonzero(cosine[row] == threshold[row])
            candidates[row] = np.concatenate([above, equal[: k - len(above)]])
        parts.append(_ordered(candidates, np.take_along_axis(cosine, candidates, axis=1)))
    return _joined(parts, k)


def _every(cosine: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    return np.tile(np.arange(cosine.shape[1]), (len(cosine), 1))


def _search_index(
    vectors: npt.NDArray[np.float32], queries: FloatArray, own: npt.NDArray[np.int64], k: int, seed: int
) -> Nearest:
    """Ask an index of neighbours, and compute the cosines of its candidates exactly."""
    from pynndescent import NNDescent

    n_asked = min(len(vectors), k + 1 + _SPARE)
    index = NNDescent(vectors, metric="cosine", n_neighbors=max(n_asked, 30), random_state=seed, n_jobs=-1)
    index.prepare()
    parts = []
    block = max(1, _BLOCK_CELLS // (n_asked * vectors.shape[1]))
    for start in range(0, len(queries), block):
        asked = _normalised(queries[start : start + block])
        candidates = index.query(asked, k=n_asked, epsilon=0.2)[0].astype(np.int64)
        cosine = np.einsum("md,mcd->mc", asked, vectors[candidates], dtype=np.float32)
        cosine[(candidates < 0) | (candidates == own[start : start + block, None])] = -np.inf
        ids, similarity = _ordered(candidates, cosine)
        ids, similarity = ids[:, :k], similarity[:, :k]
        # the index may give one vector many times, as to a query of zeros, or too few
        repeated = (np.diff(np.sort(ids, axis=1), axis=1) == 0).any(axis=1)
        lacking = np.flatnonzero(repeated | ~np.isfinite(similarity[:, -1]))
        compared = _search_all(vectors, asked[lacking], own[start : start + block][lacking], k)
        ids[lacking], similarity[lacking] = compared.ids, compared.similarity
        parts.append((ids, similarity))
    return _joined(parts, k)


def _ordered(
    candidates: npt.NDArray[np.int64], cosine: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    order = np.lexsort((candidates, -cosine), axis=1)
    return np.take_along_axis(candidates, order, axis=1), np.take_along_axis(cosine, order, axis=1)


def _joined(parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]], k: int) -> Nearest:
    ids = np.concatenate([part[0] for part in parts]) if parts else np.zeros((0, k))
    cosine = np.concatenate([part[1] for part in parts]) if parts else np.zeros((0, k))
    return Nearest(ids=ids.astype(np.int32), similarity=np.clip(cosine, -1, 1).astype(np.float32))
