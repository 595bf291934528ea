"""The models of a run that read text, for the parts that ask them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.artifacts.run import Run
    from core.artifacts.schema import ModelName
    from core.models.classifier import Classifier


def weights_of_readers(run: "Run") -> "dict[ModelName, str]":
    """Return the models that can read text here, each with the file by which a change of it is told."""
    from core.artifacts.schema import FINETUNED_DIR, LOGREG_HEAD, ModelName

    weights = {}
    if run.manifest.encoder is not None and run.has(LOGREG_HEAD):
        weights[ModelName.LOGREG] = LOGREG_HEAD
    tensors = [path for path in run.manifest.files if path.startswith(f"{FINETUNED_DIR}/model")]
    if run.has_checkpoint and tensors:
        weights[ModelName.FINETUNED] = tensors[0]
    return weights


def load_readers(run: "Run", models: "Iterable[ModelName]") -> "tuple[dict[ModelName, Classifier], list[str]]":
    """Return the models that can be loaded, and why others cannot; a model of the run without its files is another."""
    from core.artifacts.schema import FINETUNED_DIR, ModelName, Stage
    from core.errors import ModelError
    from core.models.predictor import load_classifier

    classifiers, reasons = {}, []
    if Stage.FINE_TUNE in run.manifest.stages and ModelName.FINETUNED not in set(models):
        reasons.append(f"the fine-tuned checkpoint is not in {run.root / FINETUNED_DIR}")
    for model in models:
        try:
            classifiers[model] = load_classifier(run, model)
        except ModelError as error:
            reasons.append(str(error))
    return classifiers, reasons
