"""Groups of texts that look alike to the frozen encoder."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


def find_clusters(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Put every text into a cluster of vectors."""
    from core.artifacts.schema import CLUSTERS, EMBEDDINGS, Stage

    run = workspace.run
    if not run.has(EMBEDDINGS):
        return f"{workspace.name}: no vectors here, so the clusters stay as they are"
    recorded, inputs = asdict(settings.clusters) | {"seed": seed}, [EMBEDDINGS]
    if workspace.is_fresh(Stage.CLUSTERS, recorded, inputs):
        return f"{workspace.name}: the clusters are unchanged"
    import pandas as pd

    from core.analysis.clusters import find_cluster_of_each, suggest_n_clusters

    n_rows = run.manifest.n_rows
    n_clusters = min(n_rows, settings.clusters.n_clusters or suggest_n_clusters(n_rows))
    with workspace.stage(Stage.CLUSTERS, settings=recorded, inputs=inputs, libraries=["scikit-learn"]) as writer:
        cluster = find_cluster_of_each(run.read_embeddings(), n_clusters=n_clusters, seed=seed)
        writer.table(CLUSTERS, pd.DataFrame({"id": range(n_rows), "cluster": cluster}))
    return f"{workspace.name}: wrote {CLUSTERS.path} ({n_clusters} clusters)"
