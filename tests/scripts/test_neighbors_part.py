"""Neighbours and clusters of a run, as the scripts write them."""

from pathlib import Path

import numpy as np
import pytest

from core.analysis.settings import AnalysisSettings, ClusterSettings, NeighborSettings
from core.artifacts.run import Run
from core.artifacts.schema import CLUSTERS, EMBEDDINGS, NEIGHBORS, Stage
from core.artifacts.workspace import open_workspace
from scripts.parts.clusters import find_clusters
from scripts.parts.neighbors import find_neighbors
from tests.fake_runs import write_fake_run

DEFAULTS = AnalysisSettings()
STAGES = [Stage.PREPARE_DATA, Stage.EXTRACT_FEATURES]


def make(tmp_path: Path, part, settings: AnalysisSettings = DEFAULTS, **changes) -> tuple[Run, list[str]]:
    """Make a part twice, and return the run with what was said."""
    root = write_fake_run(tmp_path, **{"stages": STAGES, **changes})
    with open_workspace(tmp_path, "fake") as workspace:
        said = [part(workspace, settings, 42) for _ in range(2)]
        workspace.publish()
    return Run.open(root), said


def test_nearest_are_training_rows_and_never_the_row_itself(tmp_path):
    settings = AnalysisSettings(neighbors=NeighborSettings(n_nearest=3))
    run, said = make(tmp_path, find_neighbors, settings, splits=["test", "validation", "train"])
    assert said == [
        "fake: wrote neighbors.parquet (3 nearest training texts of each text)",
        "fake: the neighbours are unchanged",
    ]
    table = run.read_table(NEIGHBORS)
    ids = table[[f"neighbor_{j}" for j in range(3)]].to_numpy()
    # of 240 rows the last 24 are train
    embeddings = run.read_embeddings().astype(np.float64)
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    cosine = unit @ unit.T
    cosine[:, :216] = -2
    np.fill_diagonal(cosine, -2)
    assert ids.tolist() == np.argsort(-cosine, axis=1)[:, :3].tolist()
    similarity = table[[f"similarity_{j}" for j in range(3)]].to_numpy()
    assert similarity == pytest.approx(np.take_along_axis(cosine, ids, axis=1), abs=1e-6)


def test_few_training_rows_have_fewer_neighbours(tmp_path):
    run, _ = make(tmp_path, find_neighbors, classes=["neg", "pos"], n_rows=3, splits=["train"])
    table = run.read_table(NEIGHBORS)
    assert list(table) == ["id", "neighbor_0", "neighbor_1", "similarity_0", "similarity_1"]
    assert set(table.loc[0, ["neighbor_0", "neighbor_1"]]) == {1, 2}


def test_one_training_row_has_no_neighbour(tmp_path):
    run, said = make(tmp_path, find_neighbors, classes=["one"], n_rows=1, splits=["train"])
    assert said[0] == "fake: training rows: 1, expected at least 2 to find neighbours"
    assert not run.has(NEIGHBORS.path)


@pytest.mark.parametrize(("part", "what"), [(find_neighbors, "neighbours"), (find_clusters, "clusters")])
def test_without_vectors_everything_stays_as_it_is(tmp_path, part, what):
    _, said = make(tmp_path, part, without=[EMBEDDINGS])
    assert said[0] == f"fake: no vectors here, so the {what} stay as they are"


def test_every_row_is_in_a_cluster_and_the_first_is_the_largest(tmp_path):
    run, said = make(tmp_path, find_clusters)
    # the square root of 240 / 6, rounded down
    assert said == ["fake: wrote clusters.parquet (6 clusters)", "fake: the clusters are unchanged"]
    sizes = run.read_table(CLUSTERS)["cluster"].value_counts().sort_index()
    assert sizes.index.tolist() == list(range(6))
    assert sizes.is_monotonic_decreasing


def test_number_of_clusters_is_a_setting_and_at_most_the_rows(tmp_path):
    run, _ = make(tmp_path, find_clusters, AnalysisSettings(clusters=ClusterSettings(n_clusters=50)), n_rows=20)
    assert run.read_table(CLUSTERS)["cluster"].max() <= 19
