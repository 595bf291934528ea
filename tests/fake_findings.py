"""What a fake run keeps beside its scores: comparison, calibration, corpus warnings, attributions."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.calibration import calibrated_models
from core.analysis.corpus_warnings import Check, CorpusWarnings, Finding, Severity
from core.artifacts.run import Run
from core.artifacts.schema import (
    ATTRIBUTIONS,
    CALIBRATION,
    COMPARISON,
    CORPUS_WARNINGS,
    EXAMPLES,
    TEXTS,
    ModelName,
    Split,
    Stage,
    predictions_table,
)
from core.artifacts.workspace import Workspace
from scripts.parts.calibration import compute_run_calibration
from scripts.parts.comparison import compute_run_comparison

N_RESAMPLES = 200
_MANY_CLASSES = 20  # above it, the comparison would take longer than all the rest


def write_findings(
    workspace: Workspace, stages: Sequence[Stage], label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]
) -> None:
    """Write the comparison and the calibration of what was predicted, and made-up warnings."""
    if Stage.COMPARISON in stages and workspace.run.models and label.max() < _MANY_CLASSES:
        _compare(workspace)
    run = workspace.run
    inputs = [predictions_table(model).path for model in calibrated_models(run.models)]
    if Stage.CALIBRATION in stages and inputs and {"validation", "test"} & set(split):
        with workspace.stage(Stage.CALIBRATION, settings={}, inputs=inputs, libraries=["scipy"]) as writer:
            writer.text(CALIBRATION, compute_run_calibration(run).model_dump_json())
    readers = [model for model in run.models if model is not ModelName.DUMMY]
    if Stage.ATTRIBUTIONS in stages and readers and run.has(TEXTS.path):
        inputs = [TEXTS.path, *(predictions_table(model).path for model in readers)]
        with workspace.stage(Stage.ATTRIBUTIONS, settings={}, inputs=inputs, libraries=["captum"]) as writer:
            writer.table(ATTRIBUTIONS, _attributions(workspace.run, readers, label, split))
    if Stage.WARNINGS in stages:
        with workspace.stage(Stage.WARNINGS, settings={}, inputs=[EXAMPLES.path], libraries=["scipy"]) as writer:
            writer.text(CORPUS_WARNINGS, _warnings(run.manifest.corpus.classes, label, split).model_dump_json())


def _compare(workspace: Workspace) -> None:
    inputs = [EXAMPLES.path, *(predictions_table(model).path for model in workspace.run.models)]
    recorded = {"n_resamples": N_RESAMPLES, "seed": 42}
    with workspace.stage(Stage.COMPARISON, settings=recorded, inputs=inputs, libraries=["scipy"]) as writer:
        comparison = compute_run_comparison(workspace.run, n_resamples=N_RESAMPLES, seed=42)
        writer.text(COMPARISON, comparison.model_dump_json())


def _attributions(
    run: Run, readers: Sequence[ModelName], label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]
) -> pd.DataFrame:
    """Return the words of the last model's errors on the last split: the first adds 20 points, the others take 5."""
    texts = run.read_table(TEXTS)["text"]
    pred = {model: run.read_table(predictions_table(model), ["pred"])["pred"].to_numpy() for model in readers}
    wrong = np.flatnonzero((split == split[-1]) & (pred[readers[-1]] != label))
    lines = [
        (row, model.value, target, word.start(), word.end(), -0.05 if word.start() else 0.2, 0.012)
        for model in readers
        for row in wrong
        for target in sorted({int(pred[model][row]), int(label[row])})
        for word in re.finditer(r"\S+", texts[row])
    ]
    return pd.DataFrame(lines, columns=[field.name for field in ATTRIBUTIONS.schema])


def _warnings(classes: tuple[str, ...], label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]) -> CorpusWarnings:
    """Return one finding of each severity; the notable one is about the last class in train."""
    last = len(classes) - 1
    return CorpusWarnings(
        classes=classes,
        findings=(
            Finding(
                check=Check.IMBALANCE,
                severity=Severity.NOTABLE,
                sentence=f"“{classes[last]}” is rare.",
                split=Split.TRAIN,
                classes=(last,),
                n_rows=int(((label == last) & (split == "train")).sum()),
            ),
            Finding(check=Check.CLASS_SIZE, severity=Severity.SERIOUS, sentence="One class is never tested."),
            Finding(check=Check.LENGTH_SHIFT, severity=Severity.FINE, sentence="Texts are equally long."),
            Finding(check=Check.CLASS_OVERLAP, severity=Severity.NOT_CHECKED, sentence="There are no vectors."),
        ),
    )
