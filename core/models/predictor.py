"""The models of a run as classifiers for new text."""

from collections.abc import Sequence

import numpy as np

from core.artifacts.run import Run, stage_command
from core.artifacts.schema import FINETUNED_DIR, LOGREG_HEAD, ModelName, Stage
from core.errors import ModelError
from core.models.baselines import LinearHead
from core.models.checkpoints import resolve_checkpoint
from core.models.classifier import Classifier, ClassProbabilities, TransformerClassifier
from core.models.encoder import TransformerEncoder
from core.models.settings import EncoderSettings, Pooling, Precision


class LogregClassifier:
    """The frozen encoder of a run with its logistic regression head."""

    def __init__(self, encoder: TransformerEncoder, head: LinearHead, classes: tuple[str, ...]) -> None:
        """Combine encoder and head."""
        self.encoder = encoder
        self.head = head
        self.classes = classes
        self.max_length = encoder.max_length

    def predict_proba(self, texts: Sequence[str], *, progress: bool = False) -> ClassProbabilities:
        """Return class probabilities of the texts, in their order."""
        embeddings = np.zeros((len(texts), self.encoder.dimension), dtype=np.float16)
        counts = self.encoder.encode(texts, embeddings, progress=progress)
        return ClassProbabilities(
            probs=self.head.predict_proba(embeddings), n_tokens=counts.n_tokens, truncated=counts.truncated
        )


def load_classifier(run: Run, model: ModelName, *, model_ckpt: str | None = None) -> Classifier:
    """Load a model of a run for new text.

    Args:
        run: The run.
        model: finetuned or logreg.
        model_ckpt: Where the frozen encoder is, if it is neither the packaged one nor on the hub.

    Raises:
        ModelError: If the model's files are missing or do not fit the run.
    """
    encoder = run.manifest.encoder
    if model is ModelName.FINETUNED:
        folder = run.root / FINETUNED_DIR
        if not folder.is_dir():
            raise ModelError(
                f"the run {run.name} has no fine-tuned checkpoint at {folder}; make it with:"
                f" {stage_command(run, Stage.FINE_TUNE)}, or use --model logreg"
            )
        classifier = TransformerClassifier.load(folder, max_length=_trained_max_length(run))
        if classifier.classes != run.manifest.corpus.classes:
            raise ModelError(
                f"{folder} knows the classes {', '.join(classifier.classes)}, expected those of the run,"
                f" {', '.join(run.manifest.corpus.classes)}; make it again with: {stage_command(run, Stage.FINE_TUNE)}"
            )
        return classifier
    if model is not ModelName.LOGREG:
        raise ModelError(
            f"the model {model} cannot read new text, expected finetuned or logreg; choose one with --model"
        )
    if encoder is None or not run.has(LOGREG_HEAD):
        raise ModelError(
            f"the run {run.name} has no logistic regression; make it with: {stage_command(run, Stage.TRAIN_BASELINES)}"
        )
    checkpoint = resolve_checkpoint(model_ckpt or encoder.name)
    if checkpoint.sha256 != encoder.sha256:
        raise ModelError(
            f"the encoder {checkpoint.name} has weights {checkpoint.sha256[:12]}…, the run {run.name} was made with"
            f" {encoder.sha256[:12]}…; give the right one with --model_ckpt"
        )
    # in float32, so that a text gets the same answer everywhere, as from the fine-tuned model
    settings = EncoderSettings(
        pooling=Pooling(encoder.pooling), max_length=encoder.max_length, precision=Precision.FLOAT32
    )
    head = LinearHead.load(run.root / LOGREG_HEAD)
    expected = (len(run.manifest.corpus.classes), encoder.dimension)
    if head.coef.shape != expected:
        raise ModelError(
            f"{run.root / LOGREG_HEAD} has coefficients of shape {head.coef.shape}, expected {expected}; make it again"
            f" with: {stage_command(run, Stage.TRAIN_BASELINES)}"
        )
    return LogregClassifier(TransformerEncoder(checkpoint, settings), head, run.manifest.corpus.classes)


def _trained_max_length(run: Run) -> int | None:
    """Return where the texts were cut that the fine-tuned model was trained on; None if that is not recorded."""
    record = run.manifest.stages.get(Stage.FINE_TUNE)
    recorded = record.settings.get("max_length") if record else None
    return recorded if isinstance(recorded, int) else None
