"""The models of a run on new text: loaded when first asked, once per server, and asked by one session at a time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.answers import Answers, join_answers
from core.analysis.word_scores import WordScores
from core.artifacts.commands import command_for
from core.artifacts.run import Run, stage_command
from core.artifacts.schema import FINETUNED_DIR, LOGREG_HEAD, ModelName, Stage
from core.charts.labels import MODEL_LABELS
from core.errors import MisreadError, ModelError
from core.ui.caching import BY_DIGEST

if TYPE_CHECKING:
    from core.models.classifier import Classifier
    from core.models.predictor import LogregClassifier

READERS = (ModelName.FINETUNED, ModelName.LOGREG)
"""The models that can read text, the best expected first."""
_NEVER_FINE_TUNED = "This run has not been fine-tuned yet"
_KEPT = 4
_TEXTS_AT_A_TIME = 64
_LOADING = threading.Lock()  # two threads that import transformers at once can see it half imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Why a model of a run gives no answer, and the command that helps."""

    model: ModelName
    reason: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveModel:
    """A loaded model. Its tokenizer keeps state while it works, so sessions take turns."""

    model: ModelName
    classifier: "Classifier"
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None) -> Answers:
        """Return the answers to some texts, in their order.

        Args:
            texts: One text or more.
            on_progress: Is told how many texts are done, each time that some are.

        Raises:
            ModelError: If the model gives no numbers.
        """
        parts = []
        for start in range(0, len(texts), _TEXTS_AT_A_TIME):
            part = texts[start : start + _TEXTS_AT_A_TIME]
            with self._turn:
                found = self.classifier.predict_proba(part)
            if not np.isfinite(found.probs).all():
                raise ModelError("its probabilities are not finite, expected numbers; make the model again")
            parts.append(
                Answers(
                    model=self.model,
                    classes=self.classifier.classes,
                    probs=found.probs,
                    n_tokens=found.n_tokens,
                    truncated=found.truncated,
                    max_length=self.classifier.max_length,
                )
            )
            if on_progress is not None:
                on_progress(start + len(part))
        return join_answers(parts)

    def embed(self, text: str) -> npt.NDArray[np.float16]:
        """Return the vector that the frozen encoder gives to a text, shape (dimension,); of logistic regression only.

        Raises:
            ModelError: If it is not finite.
        """
        encoder = cast("LogregClassifier", self.classifier).encoder
        vectors = np.zeros((1, encoder.dimension), dtype=np.float16)
        with self._turn:
            encoder.encode([text], vectors)
        vector: npt.NDArray[np.float16] = vectors[0]
        return vector

    def attribute(self, text: str, target: int) -> WordScores:
        """Return how much each word of a text adds to the probability of a class.

        Args:
            text: One text.
            target: The class.

        Raises:
            ModelError: If its tokenizer cannot tell which characters a token stands for.
        """
        with _LOADING:
            from core.models.attribution import Attributor
        with self._turn:
            (found,) = Attributor(self.classifier).attribute(text, [target])
        return WordScores(target=target, start=found.start, end=found.end, scores=found.scores, delta=found.delta)


def can_answer(run: Run) -> bool:
    """Return whether the files of at least one model are there."""
    return len(find_silent(run)) < len(READERS)


def find_silent(run: Run) -> list[Silence]:
    """Return the models that cannot answer since files of theirs are not there, without loading anything."""
    has_head = run.manifest.encoder is not None and run.has(LOGREG_HEAD)
    silent = []
    if not run.has_checkpoint:
        lack = "Its checkpoint is not on this machine" if Stage.FINE_TUNE in run.manifest.stages else _NEVER_FINE_TUNED
        silent.append(
            Silence(
                model=ModelName.FINETUNED,
                reason=f"{lack}, so logistic regression answers alone." if has_head else f"{lack}.",
                command=stage_command(run, Stage.FINE_TUNE),
            )
        )
    if not has_head:
        lack = "Its weights are not on this machine" if run.record(LOGREG_HEAD) else "This run has none yet"
        silent.append(
            Silence(
                model=ModelName.LOGREG,
                reason=f"{lack}, so the fine-tuned model answers alone." if run.has_checkpoint else f"{lack}.",
                command=stage_command(run, Stage.TRAIN_BASELINES, LOGREG_HEAD),
            )
        )
    return silent


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_live_model(run: Run, model: ModelName) -> LiveModel:
    """Return a model that can be asked.

    Raises:
        ModelError: If it cannot be loaded.
    """
    with _LOADING:
        from core.models.predictor import load_classifier

        return LiveModel(model=model, classifier=load_classifier(run, model))


def ask(
    run: Run, texts: Sequence[str], *, on_progress: Callable[[ModelName, int], None] | None = None
) -> tuple[list[Answers], list[Silence]]:
    """Ask every model of a run about some texts, the best expected first.

    Args:
        run: The run.
        texts: One text or more.
        on_progress: Is told how many texts a model has done, each time that it has done some.

    Returns:
        The answers, and why the other models give none.
    """
    answers, silent = [], {silence.model: silence for silence in find_silent(run)}
    for model in READERS:
        if model in silent:
            continue
        try:
            with _loading_shown(model):
                live = load_live_model(run, model)
            answers.append(live.answer(texts, on_progress=_for_model(on_progress, model)))
        except (MisreadError, OSError) as error:
            silent[model] = _why(run, model, error)
    return answers, [silent[model] for model in READERS if model in silent]


@contextmanager
def _loading_shown(model: ModelName) -> Iterator[None]:
    with st.spinner(f"Loading the model “{MODEL_LABELS[model]}”, once for all who use this server …", show_time=True):
        yield


def _for_model(on_progress: Callable[[ModelName, int], None] | None, model: ModelName) -> Callable[[int], None] | None:
    return None if on_progress is None else lambda n_done: on_progress(model, n_done)


def _why(run: Run, model: ModelName, error: Exception) -> Silence:
    """Return an error of loading or asking without its advice, which names options of scripts, and what helps here."""
    reason = str(error).partition(";")[0]
    if model is ModelName.FINETUNED:
        folder = run.root / FINETUNED_DIR
        return Silence(
            model=model,
            reason=f"It gives no answer: {reason}. Delete {folder}, then make it again.",
            command=stage_command(run, Stage.FINE_TUNE),
        )
    encoder = run.manifest.encoder
    name = encoder.name if encoder else "its encoder"
    return Silence(
        model=model,
        reason=f"It gives no answer: {reason}. With the encoder {name} in a folder, it can be asked in the shell.",
        command=command_for(run.root, "predict", "--model", model, "--model_ckpt", "FOLDER", "--text", "…"),
    )
