"""What is in each cluster: rows, their most frequent label, and how a model does on them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.rates import HitRate
from core.analysis.rows import CLUSTER, Rows
from core.analysis.tags import MOSTLY
from core.artifacts.schema import ModelName

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCounts:
    """Some rows of one cluster: the label that most of them carry, how many do, and how often the model is right."""

    cluster: int
    label: int
    n_labelled: int
    rate: HitRate

    @property
    def n_rows(self) -> int:
        """Return the number of rows."""
        return self.rate.n_rows

    @property
    def share_labelled(self) -> float:
        """Return the share of the rows that carry the most frequent label, in (0, 1]."""
        return self.n_labelled / self.n_rows

    @property
    def n_errors(self) -> int:
        """Return how many rows the model gets wrong; 0 without a model."""
        return 0 if self.rate.n_right is None else self.n_rows - self.rate.n_right


def count_clusters(rows: Rows, scored: BoolArray, model: ModelName | None) -> list[ClusterCounts]:
    """Return the counts of every cluster that some of these rows are in, most mistakes first, then by number.

    Args:
        rows: All rows of a run that has clusters.
        scored: Which rows count, shape (rows,).
        model: Whose answers count; None without any.
    """
    cluster, label = rows.frame[CLUSTER].to_numpy(), rows.frame["label"].to_numpy()
    right = None if model is None else rows.right(model)
    counts = []
    for k in np.unique(cluster[scored]):
        members = scored & (cluster == k)
        per_label = np.bincount(label[members])
        most = int(per_label.argmax())
        n_right = None if right is None else int((members & right).sum())
        counts.append(
            ClusterCounts(
                cluster=int(k),
                label=most,
                n_labelled=int(per_label[most]),
                rate=HitRate(n_rows=int(members.sum()), n_right=n_right),
            )
        )
    return sorted(counts, key=lambda found: (-found.n_errors, found.cluster))


def usual_labels(rows: Rows) -> Mapping[int, int | None]:
    """Return the label that at least half of the rows of each cluster carry, or None, over all rows of a run."""
    everywhere = np.ones(len(rows), dtype=np.bool_)
    return {
        found.cluster: found.label if found.share_labelled >= MOSTLY else None
        for found in count_clusters(rows, everywhere, None)
    }
