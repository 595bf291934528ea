"""How far the confidence of the models can be trusted, and the temperature that mends it."""

from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.analysis.calibration import RunCalibration
    from core.artifacts.run import Run
    from core.artifacts.workspace import Workspace


def calibrate(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Measure the calibration of every model on validation and test, and fit temperatures on validation."""
    from core.analysis.calibration import calibrated_models
    from core.artifacts.schema import CALIBRATION, EXAMPLES, Split, Stage, predictions_table

    run = workspace.run
    models = calibrated_models(run.models)
    if not models or not any(run.manifest.corpus.n_rows.get(split) for split in (Split.VALIDATION, Split.TEST)):
        needed = "no rows beside the train split" if models else "no model whose confidence changes from row to row"
        return f"{workspace.name}: {needed}, so there is no calibration"
    inputs = [EXAMPLES.path, *(predictions_table(model).path for model in models)]
    if workspace.is_fresh(Stage.CALIBRATION, {}, inputs):
        return f"{workspace.name}: the calibration is unchanged"
    with workspace.stage(Stage.CALIBRATION, settings={}, inputs=inputs, libraries=["scipy", "numpy"]) as writer:
        calibration = compute_run_calibration(run)
        writer.text(CALIBRATION, calibration.model_dump_json(indent=1) + "\n")
    temperatures = ", ".join(
        f"{found.model}: temperature {found.temperature.temperature:.2f}"
        for found in calibration.models
        if found.temperature is not None
    )
    return f"{workspace.name}: wrote {CALIBRATION} ({temperatures or 'no validation split, so no temperature'})"


def compute_run_calibration(run: "Run") -> "RunCalibration":
    """Return the calibration of every model of a run that has a confidence of its own for each row."""
    from core.analysis.calibration import ModelCalibration, RunCalibration, calibrated_models, compute_calibration
    from core.analysis.temperature import fit_temperature
    from core.artifacts.schema import EXAMPLES, Origin, Split, predictions_table

    examples = run.read_table(EXAMPLES, ["split", "label"])
    label = examples["label"].to_numpy()
    masks = {split: (examples["split"] == split).to_numpy() for split in (Split.VALIDATION, Split.TEST)}
    models = []
    for model in calibrated_models(run.models):
        predictions = run.read_table(predictions_table(model), ["pred", "origin"])
        probs, fitted_on = run.read_probabilities(model), masks[Split.VALIDATION]
        fitted = fit_temperature(label[fitted_on], probs[fitted_on]) if fitted_on.any() else None
        splits = tuple(
            compute_calibration(
                label[rows],
                predictions["pred"].to_numpy()[rows],
                probs[rows],
                split=split,
                origin=Origin(predictions["origin"].to_numpy()[rows][0]),
                temperature=None if fitted is None else fitted.temperature,
            )
            for split, rows in masks.items()
            if rows.any()
        )
        models.append(ModelCalibration(model=model, temperature=fitted, splits=splits))
    return RunCalibration(models=tuple(models))
