"""What clusters are called on screen: by the words that are typical of their texts, else by their usual label."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import streamlit as st

from core.analysis.cluster_counts import usual_labels
from core.analysis.rows import CLUSTER
from core.analysis.typical_words import compute_typical_words
from core.artifacts.run import Run
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows
from core.ui.word_reads import count_words_of

_KEPT = 8
_WORDS = 3
_NAMED_UP_TO = 200  # clusters; beyond, their words take more memory than they are worth


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner="Naming the clusters …")
def load_cluster_names(run: Run) -> Mapping[int, str]:
    """Return the name of each cluster of a run, by its number; none in a run without clusters.

    No word of a text stands in the run's files for this: names are made from the texts of this machine, if it has them.
    """
    rows = load_rows(run)
    if CLUSTER not in rows.frame:
        return MappingProxyType({})
    words = _typical_words(run)
    names = {}
    for k, label in usual_labels(rows).items():
        labels = "mixed labels" if label is None else f"mostly {rows.classes[label]}"
        names[k] = f"cluster {k}: {', '.join(words[k])}" if words.get(k) else f"cluster {k}, {labels}"
    return MappingProxyType(names)


def _typical_words(run: Run) -> dict[int, list[str]]:
    rows = load_rows(run)
    numbers, position = np.unique(rows.frame[CLUSTER].to_numpy(), return_inverse=True)
    if rows.texts is None or len(numbers) > _NAMED_UP_TO:
        return {}
    counted, counts = count_words_of(run, np.arange(len(rows)))
    typical = compute_typical_words(counts, position[counted], n_classes=len(numbers), n_words=_WORDS)
    return {int(k): [word.word for word in found] for k, found in zip(numbers, typical, strict=True)}
