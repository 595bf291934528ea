"""Intervals of every score, and paired tests between every two models."""

from itertools import combinations
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.analysis.comparison import RunComparison
    from core.artifacts.run import Run
    from core.artifacts.workspace import Workspace


def compare(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Estimate the scores of every model on every split, and compare every two models."""
    from core.artifacts.schema import COMPARISON, EXAMPLES, Stage, predictions_table

    models = workspace.run.models
    if not models:
        return f"{workspace.name}: no predictions yet, so there is nothing to compare"
    n_resamples = settings.comparison.n_resamples
    recorded = {"n_resamples": n_resamples, "seed": seed}
    inputs = [EXAMPLES.path, *(predictions_table(model).path for model in models)]
    if workspace.is_fresh(Stage.COMPARISON, recorded, inputs):
        return f"{workspace.name}: the comparison is unchanged"
    with workspace.stage(Stage.COMPARISON, settings=recorded, inputs=inputs, libraries=["scipy", "numpy"]) as writer:
        comparison = compute_run_comparison(workspace.run, n_resamples=n_resamples, seed=seed)
        writer.text(COMPARISON, comparison.model_dump_json(indent=1) + "\n")
    return f"{workspace.name}: wrote {COMPARISON} ({', '.join(models)})"


def compute_run_comparison(run: "Run", *, n_resamples: int, seed: int) -> "RunComparison":
    """Return the scores of every model of a run on every split, and every two models, the humbler one first."""
    from core.analysis.comparison import RunComparison
    from core.analysis.paired_tests import Answers, compare_pair
    from core.analysis.score_intervals import estimate_scores
    from core.artifacts.schema import EXAMPLES, Origin, Split, predictions_table

    examples = run.read_table(EXAMPLES, ["split", "label"])
    classes = run.manifest.corpus.classes
    predictions = {model: run.read_table(predictions_table(model), ["pred", "origin"]) for model in run.models}
    how = {"n_classes": len(classes), "n_resamples": n_resamples, "seed": seed}
    scores, pairs = [], []
    for split in Split:
        rows = (examples["split"] == split).to_numpy()
        if not rows.any():
            continue
        label = examples["label"].to_numpy()[rows]
        answers = [
            Answers(
                model=model,
                origin=Origin(found["origin"].to_numpy()[rows][0]),
                pred=found["pred"].to_numpy()[rows],
            )
            for model, found in predictions.items()
        ]
        scores += [
            estimate_scores(label, said.pred, model=said.model, split=split, origin=said.origin, **how)
            for said in answers
        ]
        pairs += [compare_pair(label, first, second, split=split, **how) for first, second in combinations(answers, 2)]
    return RunComparison(classes=classes, scores=tuple(scores), pairs=tuple(pairs))
