"""Fit the dummy and the logistic regression on the vectors of a run.

Example: python -m scripts.train_baselines --run reviews
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.models.settings import BaselineSettings
from scripts.cli import check_seed, print_next, publish, run_script
from scripts.recorded import recorded_manifest, recorded_seed, recorded_settings
from scripts.stage_options import StageOptions, workspace_with_corpus

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainBaselinesOptions(StageOptions):
    """Fit the dummy and the logistic regression on the vectors of a run."""

    baselines: BaselineSettings = BaselineSettings()
    seed: int = 42
    """Seed of the folds."""


def run(options: TrainBaselinesOptions) -> None:
    """Fit both and publish them."""
    check_seed(options.seed)
    with workspace_with_corpus(options) as workspace:
        print(train(workspace, options.baselines, seed=options.seed))
        publish(workspace)
    print_next(workspace.name, "fine_tune", options.artifacts_dir)


def train(workspace: "Workspace", settings: BaselineSettings, *, seed: int) -> str:
    """Fit the baselines unless that is done already; return one line that says what came out.

    Raises:
        ArtifactError: If the run has no vectors.
        ModelError: If there are too few rows.
    """
    import numpy as np

    from core.artifacts.schema import (
        EMBEDDINGS,
        EXAMPLES,
        LOGREG_ESTIMATOR,
        LOGREG_HEAD,
        ModelName,
        Origin,
        Split,
        Stage,
        predictions_table,
    )
    from core.models.baselines import fit_dummy, fit_logreg, linear_head, save_estimator
    from scripts.predictions import predictions_frame

    recorded = asdict(settings) | {"seed": seed}
    inputs = [EXAMPLES.path, EMBEDDINGS]
    if workspace.is_fresh(Stage.TRAIN_BASELINES, recorded, inputs):
        return f"{workspace.name}: baselines are unchanged"
    run = workspace.run
    examples = run.read_table(EXAMPLES, ["split", "label"])
    labels, split = examples["label"].to_numpy(), examples["split"].to_numpy(dtype=object)
    embeddings = np.asarray(run.read_embeddings(), dtype=np.float32)
    n_classes = len(run.manifest.corpus.classes)
    with workspace.stage(
        Stage.TRAIN_BASELINES, settings=recorded, inputs=inputs, libraries=["scikit-learn", "numpy"]
    ) as writer:
        dummy = fit_dummy(embeddings, labels, split, n_classes)
        logreg = fit_logreg(embeddings, labels, split, n_classes, settings=settings, seed=seed)
        for model, fitted in ((ModelName.DUMMY, dummy), (ModelName.LOGREG, logreg)):
            frame = predictions_frame(fitted.probs, split, train_origin=Origin.OUT_OF_FOLD)
            writer.table(predictions_table(model), frame)
        with writer.path(LOGREG_HEAD) as path:
            linear_head(logreg.estimator, n_classes).save(path)
        with writer.path(LOGREG_ESTIMATOR) as path:
            save_estimator(logreg.estimator, path)
        writer.facts = {"converged": logreg.converged, "n_iter": int(logreg.estimator.n_iter_.max())}
    held_out = split == Split.VALIDATION
    accuracy = {
        name: float((fitted.probs[held_out].argmax(axis=1) == labels[held_out]).mean())
        for name, fitted in (("dummy", dummy), ("logistic regression", logreg))
    }
    shown = ", ".join(f"{name} {share:.1%}" for name, share in accuracy.items())
    return f"{workspace.name}: wrote predictions of dummy and logreg (validation accuracy: {shown})"


def default_options() -> TrainBaselinesOptions:
    """Return the options with the settings that the run was made with."""
    manifest = recorded_manifest()
    return TrainBaselinesOptions(
        baselines=recorded_settings(BaselineSettings(), manifest, "train_baselines"),
        seed=recorded_seed(manifest, "train_baselines", default=TrainBaselinesOptions().seed),
    )


def main() -> None:
    """Run from the command line."""
    run_script("train_baselines", default_options, run)


if __name__ == "__main__":
    main()
