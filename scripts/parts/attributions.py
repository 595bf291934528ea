"""How much each word of some errors adds to the predicted and to the true class."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    import pandas as pd

    from core.artifacts.run import Run
    from core.artifacts.schema import ModelName
    from core.artifacts.workspace import Workspace


def attribute_errors(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Attribute the costliest errors of the best model, with every model that can read text.

    What the run has stays as it is where texts or models are not at hand.
    """
    from core.artifacts.schema import (
        ATTRIBUTIONS,
        EXAMPLES,
        FINETUNED_DIR,
        LOGREG_HEAD,
        TEXTS,
        ModelName,
        Stage,
        predictions_table,
    )
    from core.errors import ModelError
    from core.models.predictor import load_classifier

    run, recorded = workspace.run, asdict(settings.attributions)
    weights = {ModelName.FINETUNED: f"{FINETUNED_DIR}/model.safetensors", ModelName.LOGREG: LOGREG_HEAD}
    models = [model for model in weights if model in run.models and run.record(weights[model]) is not None]
    if not models:
        return f"{workspace.name}: no model that reads text, so nothing is attributed"
    inputs = [EXAMPLES.path, TEXTS.path]
    inputs += [path for model in models for path in (weights[model], predictions_table(model).path)]
    if workspace.is_fresh(Stage.ATTRIBUTIONS, recorded, inputs):
        return f"{workspace.name}: the attributions are unchanged"
    absent = [path for path in inputs if not run.has(path)]
    if absent:
        return f"{workspace.name}: {' and '.join(absent)} not here, so the attributions stay as they are"
    try:
        classifiers = {model: load_classifier(run, model) for model in models}
    except ModelError as error:
        return f"{workspace.name}: {error}; the attributions stay as they are"
    import pandas as pd

    ids = costliest_errors(run, models[0], at_most=settings.attributions.attributed_rows)
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
    return f"{workspace.name}: wrote {ATTRIBUTIONS.path} ({len(ids)} errors, mean |delta| {writer.facts['mean_delta']})"


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
