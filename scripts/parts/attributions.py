"""How much each word of some errors adds to the predicted and to the true class."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings
from scripts.parts.readers import load_readers, weights_of_readers

if TYPE_CHECKING:
    import pandas as pd

    from core.artifacts.run import Run
    from core.artifacts.schema import ModelName
    from core.artifacts.workspace import Workspace


def attribute_errors(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Attribute the costliest errors of the best model, with every model that can read text.

    What the run has stays as it is where texts or models are not at hand.
    """
    from core.artifacts.schema import ATTRIBUTIONS, EXAMPLES, TEXTS, Stage, predictions_table

    run, name, recorded = workspace.run, workspace.name, asdict(settings.attributions)
    if not (run.has(EXAMPLES.path) and run.has(TEXTS.path)):
        return f"{name}: no texts here, so the attributions stay as they are"
    weights = {model: path for model, path in weights_of_readers(run).items() if model in run.models}
    if not weights:
        return f"{name}: no model here that reads text, so nothing is attributed"

    def inputs_of(models: "Iterable[ModelName]") -> list[str]:
        files = [path for model in models for path in (weights[model], predictions_table(model).path)]
        return [EXAMPLES.path, TEXTS.path, *files]

    if workspace.is_fresh(Stage.ATTRIBUTIONS, recorded, inputs_of(weights)):
        return f"{name}: the attributions are unchanged"
    classifiers, reasons = load_readers(run, weights)
    inputs = inputs_of(classifiers)
    record = run.manifest.stages.get(Stage.ATTRIBUTIONS)
    if not classifiers or (record is not None and record.inputs.keys() - set(inputs)):
        return f"{name}: the attributions stay as they are: {'; '.join(reasons)}"
    if workspace.is_fresh(Stage.ATTRIBUTIONS, recorded, inputs):
        return f"{name}: the attributions are unchanged"
    import pandas as pd

    best = [model for model in run.models if model in classifiers][-1]
    ids = costliest_errors(run, best, at_most=settings.attributions.attributed_rows)
    with workspace.stage(
        Stage.ATTRIBUTIONS, settings=recorded, inputs=inputs, libraries=["captum", "torch", "transformers"]
    ) as writer:
        frames = [
            frame
            for model, classifier in classifiers.items()
            for frame in _attributed(run, model, classifier, ids, n_steps=settings.attributions.attribution_steps)
        ]
        columns = [field.name for field in ATTRIBUTIONS.schema]
        table = pd.concat(frames) if frames else pd.DataFrame({name: [] for name in columns})
        deltas = table.groupby(["id", "model", "target"])["delta"].first().abs()
        writer.facts = {"n_attributed": len(ids), "mean_delta": round(float(deltas.mean()), 4) if len(deltas) else 0.0}
        writer.table(ATTRIBUTIONS, table)
    lacking = f"; {'; '.join(reasons)}" if reasons else ""
    return f"{name}: wrote {ATTRIBUTIONS.path} ({len(ids)} errors, mean |delta| {writer.facts['mean_delta']}{lacking})"


def costliest_errors(run: "Run", model: "ModelName", *, at_most: int) -> list[int]:
    """Return the errors of a model on the held-out splits, test first, those with the least likely label first."""
    import numpy as np

    from core.artifacts.schema import EXAMPLES, Split, predictions_table

    examples = run.read_table(EXAMPLES, ["split", "label"])
    label = examples["label"].to_numpy()
    pred = run.read_table(predictions_table(model), ["pred"])["pred"].to_numpy()
    true_prob = run.read_probabilities(model)[np.arange(len(label)), label]
    ids: list[int] = []
    for split in (Split.TEST, Split.VALIDATION):
        wrong = np.flatnonzero((examples["split"] == split).to_numpy() & (pred != label))
        ids += wrong[np.argsort(true_prob[wrong], kind="stable")].tolist()
    return ids[:at_most]


def _attributed(
    run: "Run", model: "ModelName", classifier: object, ids: list[int], *, n_steps: int
) -> "Iterator[pd.DataFrame]":
    """Yield one table per text and class; the classes are the predicted and the true one."""
    import pandas as pd
    from tqdm import tqdm

    from core.artifacts.schema import EXAMPLES, TEXTS, predictions_table
    from core.models.attribution import Attributor

    texts = run.read_table(TEXTS)["text"]
    label = run.read_table(EXAMPLES, ["label"])["label"]
    pred = run.read_table(predictions_table(model), ["pred"])["pred"]
    attributor = Attributor(classifier, n_steps=n_steps)  # type: ignore[arg-type]
    for row in tqdm(ids, unit="text", desc=f"attributing {model}"):
        targets = sorted({int(pred[row]), int(label[row])})
        for found in attributor.attribute(texts[row], targets):
            yield pd.DataFrame(
                {
                    "id": row,
                    "model": model.value,
                    "target": found.target,
                    "start": found.start,
                    "end": found.end,
                    "score": found.scores,
                    "delta": found.delta,
                }
            )
