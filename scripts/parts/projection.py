"""Two-dimensional maps of the vectors."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


def project(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Map the vectors to two dimensions with UMAP and PCA."""
    import pandas as pd

    from core.artifacts.schema import EMBEDDINGS, PROJECTION, Stage

    if not workspace.run.has(EMBEDDINGS):
        return f"{workspace.name}: no vectors here, so the maps stay as they are"
    chosen = settings.projection
    recorded = asdict(chosen) | {"seed": seed}
    if workspace.is_fresh(Stage.PROJECTION, recorded, [EMBEDDINGS]):
        return f"{workspace.name}: the maps are unchanged"
    from core.analysis.projection import compute_pca, compute_umap

    embeddings = workspace.run.read_embeddings()
    with workspace.stage(
        Stage.PROJECTION, settings=recorded, inputs=[EMBEDDINGS], libraries=["umap-learn", "numba", "scikit-learn"]
    ) as writer:
        print(f"{workspace.name}: mapping {len(embeddings):,} vectors with UMAP …", flush=True)
        umap = compute_umap(embeddings, n_neighbors=chosen.n_neighbors, min_dist=chosen.min_dist, seed=seed)
        pca = compute_pca(embeddings, seed=seed)
        columns = {
            "id": range(len(embeddings)),
            "umap_x": umap[:, 0],
            "umap_y": umap[:, 1],
            "pca_x": pca[:, 0],
            "pca_y": pca[:, 1],
        }
        writer.table(PROJECTION, pd.DataFrame(columns))
    return f"{workspace.name}: wrote {PROJECTION.path}"
