"""The training texts that are nearest to a text that was typed, by the vectors of the frozen encoder."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.analysis.answers import Answers
from core.analysis.nearest_texts import NearestTexts, nearest_to_vector
from core.analysis.settings import NeighborSettings
from core.artifacts.run import Run, stage_command
from core.artifacts.schema import EMBEDDINGS, LOGREG_HEAD, ModelName, Split, Stage
from core.charts.labels import MODEL_LABELS
from core.errors import ModelError
from core.ui import glossary
from core.ui.formatting import plain
from core.ui.nearest_texts import show_nearest_texts
from core.ui.reads import load_rows
from core.ui.runs import reading
from core.ui.try_it.live import load_live_model

_FOUND = "_try_nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is nearest to a text; kept in the session, so that nothing is looked for twice."""

    digest: str
    text: str
    nearest: NearestTexts


def show_nearest(run: Run, text: str, answers: list[Answers]) -> None:
    """Show the nearest training texts of a text, or what is needed to find them.

    Args:
        run: The run.
        text: The text that was answered.
        answers: What the models say about it, the best expected first, at least one.
    """
    st.subheader("Nearest training texts", anchor=False, help=glossary.NEAREST_TEXTS)
    if not run.has(EMBEDDINGS):
        _show_need(run, "the vectors of the training texts", Stage.EXTRACT_FEATURES, EMBEDDINGS)
    elif not run.has(LOGREG_HEAD):
        _show_need(run, "the logistic regression and its frozen encoder", Stage.TRAIN_BASELINES, LOGREG_HEAD)
    else:
        with reading(run):
            _show_found(run, text, answers)


def _show_need(run: Run, what: str, stage: Stage, path: str) -> None:
    st.caption(f"To find them takes {what}. Get that with:")
    st.code(stage_command(run, stage, path), language=None)


def _show_found(run: Run, text: str, answers: list[Answers]) -> None:
    try:
        nearest = _find(run, text)
    except (ModelError, OSError) as error:
        st.caption(f":material/pending: They cannot be found: {plain(str(error).partition(';')[0])}.")
        return
    if len(nearest) == 0:
        st.caption("There is no training text.")
        return
    st.markdown(answer_sentence(nearest, answers))
    show_nearest_texts(run, load_rows(run), nearest, label=int(answers[0].y_pred[0]))


def answer_sentence(nearest: NearestTexts, answers: list[Answers]) -> str:
    """Return in Markdown which label the nearest texts, at least one, carry most often, and what the models say."""
    usual, classes = nearest.usual_label, answers[0].classes
    said = {int(a.y_pred[0]) for a in answers}
    if said == {usual}:
        rest = ", as both models say" if len(answers) > 1 else f", as {MODEL_LABELS[answers[0].model]} says"
    elif len(said) == 1 and len(answers) > 1:
        rest = f"; both models say {plain(answers[0].names[0])}"
    else:
        rest = "; " + ", ".join(f"{MODEL_LABELS[a.model]} says {plain(a.names[0])}" for a in answers)
    n_texts = nearest.n_labelled(usual)
    if len(nearest) == 1:
        return f"The only training text is labelled **{plain(classes[usual])}**{rest}."
    return (
        f"The {len(nearest)} nearest training texts are most often labelled **{plain(classes[usual])}** ({n_texts})"
        f"{rest}."
    )


def _find(run: Run, text: str) -> NearestTexts:
    known: _Found | None = st.session_state.get(_FOUND)
    if known is not None and (known.digest, known.text) == (run.digest, text):
        return known.nearest
    vector = load_live_model(run, ModelName.LOGREG).embed(text)
    frame = load_rows(run).frame
    nearest = nearest_to_vector(
        run.read_embeddings(),
        np.flatnonzero(frame["split"] == Split.TRAIN),
        vector,
        frame["label"].to_numpy(),
        k=NeighborSettings().n_nearest,
    )
    st.session_state[_FOUND] = _Found(digest=run.digest, text=text, nearest=nearest)
    return nearest
