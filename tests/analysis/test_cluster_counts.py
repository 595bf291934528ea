"""Clusters of the eight small rows."""

from dataclasses import replace

import numpy as np

from core.analysis.cluster_counts import count_clusters, usual_labels
from core.analysis.rows import CLUSTER
from core.artifacts.schema import ModelName
from tests.analysis.small_rows import small_rows

#           0  1  2  3  4  5  6  7      labels 0 1 2 0 1 2 0 1
CLUSTERS = [0, 0, 0, 0, 1, 1, 1, 2]  # logreg is wrong in 2, 3, 6, 7
ROWS = small_rows()
ROWS = replace(ROWS, frame=ROWS.frame.assign(**{CLUSTER: np.array(CLUSTERS, dtype=np.int16)}))
ALL = np.ones(8, dtype=bool)


def test_clusters_come_with_most_mistakes_first():
    found = count_clusters(ROWS, ALL, ModelName.LOGREG)
    assert [(c.cluster, c.n_rows, c.n_errors) for c in found] == [(0, 4, 2), (1, 3, 1), (2, 1, 1)]
    assert (found[0].label, found[0].n_labelled, found[0].share_labelled) == (0, 2, 0.5)
    assert found[1].rate.share == 2 / 3
    assert found[2].rate.interval[0] == 0


def test_only_the_scored_rows_count():
    scored = np.array([i in (5, 7) for i in range(8)])
    found = count_clusters(ROWS, scored, ModelName.LOGREG)
    assert [(c.cluster, c.n_rows, c.n_errors, c.label) for c in found] == [(2, 1, 1, 1), (1, 1, 0, 2)]
    assert count_clusters(ROWS, ~ALL, ModelName.LOGREG) == []


def test_without_a_model_there_is_no_accuracy():
    found = count_clusters(ROWS, ALL, None)
    assert [(c.cluster, c.n_errors, c.rate.share) for c in found] == [(0, 0, None), (1, 0, None), (2, 0, None)]


def test_usual_label_of_a_cluster_is_that_of_at_least_half_of_all_its_rows():
    # cluster 0 has label 0 twice in four rows, cluster 1 each label once
    assert usual_labels(ROWS) == {0: 0, 1: None, 2: 1}
