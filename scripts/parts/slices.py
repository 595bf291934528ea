"""Groups of rows on which the models are weak."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


def slice_rows(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Search one held-out split for slices, and count them on it and on the other."""
    from core.analysis.rows import read_rows
    from core.analysis.slice_scores import compute_slices, sliced_models
    from core.artifacts.schema import (
        CLUSTERS,
        EXAMPLES,
        FEATURES,
        ISSUES,
        NEIGHBORS,
        SLICES,
        TEXTS,
        Split,
        Stage,
        predictions_table,
    )

    run, chosen = workspace.run, settings.slices
    models = sliced_models(run.models)
    if not models or not any(run.manifest.corpus.n_rows.get(split) for split in (Split.VALIDATION, Split.TEST)):
        needed = "no rows beside the train split" if models else "no model that looks at the texts"
        return f"{workspace.name}: {needed}, so there are no slices"
    possible = [table.path for table in (EXAMPLES, TEXTS, FEATURES, CLUSTERS, NEIGHBORS, ISSUES)]
    possible += [predictions_table(model).path for model in models]
    inputs = [path for path in possible if run.record(path) is not None]
    absent = [path for path in inputs if not run.has(path)]
    if absent:
        return f"{workspace.name}: {' and '.join(absent)} not here, so the slices stay as they are"
    recorded = asdict(chosen) | {"seed": seed}
    if workspace.is_fresh(Stage.SLICES, recorded, inputs):
        return f"{workspace.name}: the slices are unchanged"
    with workspace.stage(
        Stage.SLICES, settings=recorded, inputs=inputs, libraries=["scipy", "numpy", "pandas"]
    ) as writer:
        rows = read_rows(run)
        if rows.problems:
            raise rows.problems[0]
        slices = compute_slices(rows, min_support=chosen.min_support, seed=seed)
        writer.text(SLICES, slices.model_dump_json(exclude_defaults=True) + "\n")
    n_tried = slices.n_simple + max(slices.n_combined)
    return f"{workspace.name}: wrote {SLICES} ({len(slices.slices):,} slices of {n_tried:,} tried)"
