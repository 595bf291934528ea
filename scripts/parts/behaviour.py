"""Answers to texts that were edited without changing what they mean."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings
from scripts.parts.readers import load_readers, weights_of_readers

if TYPE_CHECKING:
    import pandas as pd

    from core.artifacts.run import Run
    from core.artifacts.schema import ModelName
    from core.artifacts.workspace import Workspace
    from core.models.classifier import Classifier


def edit_and_ask(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Edit texts of the test split, and ask the models about originals and edited texts."""
    from core.analysis.edits import RULES
    from core.artifacts.schema import BEHAVIOUR, EXAMPLES, TEXTS, Stage

    run, name = workspace.run, workspace.name
    if not (run.has(EXAMPLES.path) and run.has(TEXTS.path)):
        return f"{name}: no texts here, so the behavioural tests stay as they are"
    weights = weights_of_readers(run)
    if not weights:
        return f"{name}: no model here that reads text, so there are no behavioural tests"
    recorded = asdict(settings.behaviour) | {"seed": seed, "rules": RULES}
    inputs = [EXAMPLES.path, TEXTS.path]
    if workspace.is_fresh(Stage.BEHAVIOUR, recorded, [*inputs, *weights.values()]):
        return f"{name}: the behavioural tests are unchanged"
    classifiers, reasons = load_readers(run, weights)
    inputs += [weights[model] for model in classifiers]
    record = run.manifest.stages.get(Stage.BEHAVIOUR)
    if not classifiers or (record is not None and record.inputs.keys() - set(inputs)):
        return f"{name}: the behavioural tests stay as they are: {'; '.join(reasons)}"
    if workspace.is_fresh(Stage.BEHAVIOUR, recorded, inputs):
        return f"{name}: the behavioural tests are unchanged"
    with workspace.stage(
        Stage.BEHAVIOUR, settings=recorded, inputs=inputs, libraries=["torch", "transformers", "numpy"]
    ) as writer:
        texts = run.read_table(TEXTS)["text"].iloc[_drawn_ids(run, settings.behaviour.edited_rows, seed)]
        tests = ask_about_edits(classifiers, texts, seed=seed)
        writer.table(BEHAVIOUR, tests)
        writer.facts = {"models": [model.value for model in classifiers], "texts": len(texts)}
    lacking = f"; {'; '.join(reasons)}" if reasons else ""
    return f"{name}: wrote {BEHAVIOUR.path} ({len(texts):,} texts, {len(tests):,} answers to edited ones{lacking})"


def ask_about_edits(classifiers: "dict[ModelName, Classifier]", texts: "pd.Series", *, seed: int) -> "pd.DataFrame":
    """Return the rows of `behaviour.parquet`.

    Args:
        classifiers: The models to ask.
        texts: The originals, by id.
        seed: Draws the places of typos.
    """
    import numpy as np
    import pandas as pd

    from core.analysis.edits import apply_edit
    from core.artifacts.schema import BEHAVIOUR, Edit

    cases = [
        (position, edit, edited)
        for edit in Edit
        for position, text in enumerate(texts)
        if (edited := apply_edit(edit, text, seed=seed)) is not None
    ]
    origin = np.array([position for position, _, _ in cases], dtype=np.intp)
    parts = []
    for model, classifier in classifiers.items():
        print(f"asking {model} about {len(texts):,} texts and {len(cases):,} edited ones …", flush=True)
        asked = [*texts, *(edited for _, _, edited in cases)]
        probs = classifier.predict_proba(asked, progress=True).probs
        # originals anew, so that nothing changes by the precision in which the predictions were made
        original, after = probs[: len(texts)][origin], probs[len(texts) :]
        parts.append(
            pd.DataFrame(
                {
                    "id": texts.index.to_numpy()[origin],
                    "model": model.value,
                    "edit": [edit.value for _, edit, _ in cases],
                    "pred": after.argmax(axis=1),
                    "confidence": after.max(axis=1),
                    "original_pred": original.argmax(axis=1),
                    "original_confidence": original.max(axis=1),
                }
            )
        )
    tests: pd.DataFrame = pd.concat(parts)[BEHAVIOUR.schema.names]
    return tests


def _drawn_ids(run: "Run", n_rows: int, seed: int) -> "list[int]":
    """Return rows of the test split, or the next best that has rows, drawn by seed, in order."""
    import numpy as np

    from core.artifacts.schema import EXAMPLES, Split

    split = run.read_table(EXAMPLES, ["split"])["split"]
    main = next(part for part in (Split.TEST, Split.VALIDATION, Split.TRAIN) if (split == part.value).any())
    ids = np.flatnonzero(split == main.value)
    drawn = np.random.default_rng(seed).choice(ids, size=min(n_rows, len(ids)), replace=False)
    return sorted(drawn.tolist())
