"""Compute what the dashboard shows: maps of the vectors, metrics of every model and split, figures.

Example: python -m scripts.analyze --run reviews
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.models.settings import ProjectionSettings
from scripts.cli import check_seed, print_next, publish, run_script
from scripts.recorded import recorded_manifest, recorded_seed, recorded_settings
from scripts.stage_options import StageOptions, workspace_with_corpus

if TYPE_CHECKING:
    from core.analysis.metrics import RunMetrics
    from core.artifacts.run import Run
    from core.artifacts.workspace import Workspace


class Part(StrEnum):
    """The parts of the analysis; each is recorded, and skipped when fresh, by itself."""

    PROJECTION = "projection"
    METRICS = "metrics"
    FIGURES = "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzeOptions(StageOptions):
    """Compute what the dashboard shows: maps of the vectors, metrics of every model and split, figures."""

    projection: ProjectionSettings = ProjectionSettings()
    seed: int = 42
    """Seed of the maps."""
    skip: tuple[Part, ...] = ()
    """Parts to leave out."""


def run(options: AnalyzeOptions) -> None:
    """Analyse and publish."""
    check_seed(options.seed)
    with workspace_with_corpus(options) as workspace:
        for line in analyze(workspace, options.projection, seed=options.seed, skip=options.skip):
            print(line)
        publish(workspace)
    print_next(workspace.name, None, options.artifacts_dir)


def analyze(
    workspace: "Workspace", settings: ProjectionSettings, *, seed: int, skip: tuple[Part, ...] = ()
) -> Iterator[str]:
    """Compute every part that is not fresh; yield one line each.

    A part whose inputs the run does not have, because a stage was never run, is left out and says so.

    Raises:
        ArtifactError: If a file of the run is damaged, or cannot be written.
    """
    from core.artifacts.schema import EMBEDDINGS

    run = workspace.run
    if Part.PROJECTION not in skip:
        if run.has(EMBEDDINGS):
            yield project(workspace, settings, seed=seed)
        else:
            yield f"{workspace.name}: no vectors here, so the maps stay as they are"
    if not run.models:
        yield f"{workspace.name}: no predictions yet, so there are no metrics"
        return
    if Part.METRICS not in skip:
        yield measure(workspace)
    if Part.FIGURES not in skip:
        yield draw(workspace)


def project(workspace: "Workspace", settings: ProjectionSettings, *, seed: int) -> str:
    """Map the vectors to two dimensions with UMAP and PCA."""
    import pandas as pd

    from core.artifacts.schema import EMBEDDINGS, PROJECTION, Stage

    recorded = asdict(settings) | {"seed": seed}
    if workspace.is_fresh(Stage.PROJECTION, recorded, [EMBEDDINGS]):
        return f"{workspace.name}: the maps are unchanged"
    from core.analysis.projection import compute_pca, compute_umap

    embeddings = workspace.run.read_embeddings()
    with workspace.stage(
        Stage.PROJECTION, settings=recorded, inputs=[EMBEDDINGS], libraries=["umap-learn", "numba", "scikit-learn"]
    ) as writer:
        print(f"{workspace.name}: mapping {len(embeddings):,} vectors with UMAP …", flush=True)
        umap = compute_umap(embeddings, n_neighbors=settings.n_neighbors, min_dist=settings.min_dist, seed=seed)
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


def measure(workspace: "Workspace") -> str:
    """Compute the metrics of every model on every split."""
    from core.artifacts.schema import EXAMPLES, METRICS, Stage, predictions_table

    inputs = [EXAMPLES.path, *(predictions_table(model).path for model in workspace.run.models)]
    if workspace.is_fresh(Stage.METRICS, {}, inputs):
        return f"{workspace.name}: the metrics are unchanged"
    with workspace.stage(Stage.METRICS, settings={}, inputs=inputs, libraries=["scikit-learn", "numpy"]) as writer:
        metrics = compute_run_metrics(workspace.run)
        writer.text(METRICS, metrics.model_dump_json(indent=1) + "\n")
    return f"{workspace.name}: wrote {METRICS} ({', '.join(metrics.models)})"


def compute_run_metrics(run: "Run") -> "RunMetrics":
    """Return the metrics of every model of a run on every split."""
    from core.analysis.metrics import RunMetrics, compute_metrics
    from core.artifacts.schema import EXAMPLES, Origin, Split, predictions_table

    examples = run.read_table(EXAMPLES, ["split", "label"])
    classes = run.manifest.corpus.classes
    metrics = []
    for model in run.models:
        predictions = run.read_table(predictions_table(model), ["pred", "origin"])
        probs = run.read_probabilities(model)
        for split in Split:
            rows = (examples["split"] == split).to_numpy()
            if rows.any():
                metrics.append(
                    compute_metrics(
                        examples["label"].to_numpy()[rows],
                        predictions["pred"].to_numpy()[rows],
                        probs[rows],
                        classes=classes,
                        model=model,
                        split=split,
                        origin=Origin(predictions["origin"].to_numpy()[rows][0]),
                    )
                )
    return RunMetrics(classes=classes, metrics=tuple(metrics))


def draw(workspace: "Workspace") -> str:
    """Draw confusion matrices and per-class F1 on the test split, as PNG and SVG."""
    from core.analysis.metrics import read_metrics
    from core.artifacts.schema import FIGURES_DIR, METRICS, Stage
    from core.charts.figures import make_figures
    from core.charts.images import ImageFormat, encode_chart

    if workspace.is_fresh(Stage.FIGURES, {}, [METRICS]):
        return f"{workspace.name}: the figures are unchanged"
    with workspace.stage(
        Stage.FIGURES, settings={}, inputs=[METRICS], libraries=["altair", "vl-convert-python"]
    ) as writer:
        figures = make_figures(read_metrics(workspace.run), run_name=workspace.name)
        for stem, chart in figures.items():
            for image_format in ImageFormat:
                with writer.path(f"{FIGURES_DIR}/{stem}.{image_format}") as path:
                    path.write_bytes(encode_chart(chart, image_format))
    return f"{workspace.name}: wrote {len(figures)} figures as PNG and SVG"


def default_options() -> AnalyzeOptions:
    """Return the options with the settings that the run was made with."""
    manifest = recorded_manifest()
    projection = recorded_settings(ProjectionSettings(), manifest, "analyze/projection")
    seed = recorded_seed(manifest, "analyze/projection", default=AnalyzeOptions().seed)
    return AnalyzeOptions(projection=projection, seed=seed)


def main() -> None:
    """Run from the command line."""
    run_script("analyze", default_options, run)


if __name__ == "__main__":
    main()
