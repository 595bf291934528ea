"""Nearest training texts of every text."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


def find_neighbors(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Find the nearest training texts of every text by the cosine of their vectors, the text itself left out."""
    import numpy as np
    import pandas as pd

    from core.artifacts.schema import (
        EMBEDDINGS,
        EXAMPLES,
        NEIGHBOR_PREFIX,
        NEIGHBORS,
        SIMILARITY_PREFIX,
        Split,
        Stage,
    )

    run = workspace.run
    if not run.has(EMBEDDINGS):
        return f"{workspace.name}: no vectors here, so the neighbours stay as they are"
    recorded, inputs = asdict(settings.neighbors) | {"seed": seed}, [EXAMPLES.path, EMBEDDINGS]
    if workspace.is_fresh(Stage.NEIGHBORS, recorded, inputs):
        return f"{workspace.name}: the neighbours are unchanged"
    train = np.flatnonzero(run.read_table(EXAMPLES, ["split"])["split"] == Split.TRAIN)
    n_nearest = min(settings.neighbors.n_nearest, len(train) - 1)
    if n_nearest < 1:
        return f"{workspace.name}: training rows: {len(train)}, expected at least 2 to find neighbours"
    from core.analysis.neighbors import nearest

    embeddings = run.read_embeddings()
    itself = np.full(len(embeddings), -1)
    itself[train] = np.arange(len(train))
    libraries = ["numpy", "pynndescent"]
    with workspace.stage(Stage.NEIGHBORS, settings=recorded, inputs=inputs, libraries=libraries) as writer:
        found = nearest(embeddings[train], embeddings, k=n_nearest, seed=seed, itself=itself)
        table = pd.DataFrame({"id": np.arange(len(embeddings))})
        table[[f"{NEIGHBOR_PREFIX}{j}" for j in range(n_nearest)]] = train[found.ids]
        table[[f"{SIMILARITY_PREFIX}{j}" for j in range(n_nearest)]] = found.similarity
        writer.table(NEIGHBORS, table)
    return f"{workspace.name}: wrote {NEIGHBORS.path} ({n_nearest} nearest training texts of each text)"
