"""Metrics of every model on every split."""

from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.analysis.metrics import RunMetrics
    from core.artifacts.run import Run
    from core.artifacts.workspace import Workspace


def measure(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Compute the metrics of every model on every split."""
    from core.artifacts.schema import EXAMPLES, METRICS, Stage, predictions_table

    if not workspace.run.models:
        return f"{workspace.name}: no predictions yet, so there are no metrics"
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
