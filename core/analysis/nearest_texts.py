"""Nearest training texts of one text, and which labels they carry."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.neighbors import nearest
from core.analysis.tags import MOSTLY
from core.artifacts.schema import NEIGHBOR_PREFIX, NONE, SIMILARITY_PREFIX

_BLOCK_ROWS = 100_000  # of vectors that are made longer numbers of at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestTexts:
    """Training texts, nearest first: their ids, cosine similarities in [-1, 1], and labels, each of shape (k,)."""

    ids: npt.NDArray[np.int64]
    similarity: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ids)

    def n_labelled(self, label: int) -> int:
        """Return how many carry a label."""
        return int((self.labels == label).sum())

    @property
    def usual_label(self) -> int:
        """Return the label that most of them carry; of equally frequent ones that of the nearest text.

        There must be at least one text.
        """
        values, first, n_texts = np.unique(self.labels, return_index=True, return_counts=True)
        return int(values[np.lexsort((first, -n_texts))[0]])

    def disagree_with(self, label: int) -> bool:
        """Return whether fewer than half carry this label, as the tag of a row says it; never without any text."""
        return len(self) > 0 and self.n_labelled(label) < MOSTLY * len(self)


def nearest_of_row(neighbors: pd.DataFrame, row_id: int, label: npt.NDArray[np.integer]) -> NearestTexts:
    """Return the nearest training texts of a row.

    Args:
        neighbors: The table of the run, one row per id.
        row_id: Which row.
        label: Class of every row of the run, shape (rows,).
    """
    names = [str(name) for name in neighbors.columns if str(name).startswith(NEIGHBOR_PREFIX)]
    similarities = [name.replace(NEIGHBOR_PREFIX, SIMILARITY_PREFIX) for name in names]
    row = neighbors.iloc[row_id]
    ids = row[names].to_numpy(dtype=np.int64)
    similarity = row.reindex(similarities).to_numpy(dtype=np.float32)
    known = (ids != NONE) & np.isfinite(similarity)
    return _ranked(ids[known], similarity[known], label)


def nearest_to_vector(
    embeddings: npt.NDArray[np.floating],
    among: npt.NDArray[np.integer],
    vector: npt.NDArray[np.floating],
    label: npt.NDArray[np.integer],
    *,
    k: int,
) -> NearestTexts:
    """Return the rows whose vectors are nearest to one vector by cosine, all of them compared.

    Args:
        embeddings: Vectors of all rows of the run, shape (rows, d).
        among: Ids of the rows to look among, in ascending order.
        vector: Shape (d,).
        label: Class of every row of the run, shape (rows,).
        k: At most so many.
    """
    ids, similarity = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(among), _BLOCK_ROWS):
        block = among[start : start + _BLOCK_ROWS]
        found = nearest(embeddings[block], vector[None], k=min(k, len(block)), exact_up_to=len(block))
        ids.append(block[found.ids[0]])
        similarity.append(found.similarity[0])
    every = _ranked(np.concatenate(ids), np.concatenate(similarity), label)
    return NearestTexts(ids=every.ids[:k], similarity=every.similarity[:k], labels=every.labels[:k])


def _ranked(
    ids: npt.NDArray[np.int64], similarity: npt.NDArray[np.float32], label: npt.NDArray[np.integer]
) -> NearestTexts:
    order = np.lexsort((ids, -similarity))
    return NearestTexts(ids=ids[order], similarity=similarity[order], labels=label[ids[order]].astype(np.int64))
