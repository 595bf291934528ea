"""What a fake run keeps as JSON beside its scores: comparison and calibration of its models, corpus warnings."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.analysis.calibration import calibrated_models
from core.analysis.corpus_warnings import Check, CorpusWarnings, Finding, Severity
from core.artifacts.schema import (
    CALIBRATION,
    COMPARISON,
    CORPUS_WARNINGS,
    EXAMPLES,
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
    if Stage.WARNINGS in stages:
        with workspace.stage(Stage.WARNINGS, settings={}, inputs=[EXAMPLES.path], libraries=["scipy"]) as writer:
            writer.text(CORPUS_WARNINGS, _warnings(run.manifest.corpus.classes, label, split).model_dump_json())


def _compare(workspace: Workspace) -> None:
    inputs = [EXAMPLES.path, *(predictions_table(model).path for model in workspace.run.models)]
    recorded = {"n_resamples": N_RESAMPLES, "seed": 42}
    with workspace.stage(Stage.COMPARISON, settings=recorded, inputs=inputs, libraries=["scipy"]) as writer:
        comparison = compute_run_comparison(workspace.run, n_resamples=N_RESAMPLES, seed=42)
        writer.text(COMPARISON, comparison.model_dump_json())


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
