"""Which words the answers to a text rest on, computed when somebody asks."""

from dataclasses import dataclass

import streamlit as st

from core.analysis.answers import Answers, likeliest_classes
from core.analysis.word_scores import WordScores
from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.errors import MisreadError
from core.ui import glossary
from core.ui.formatting import plain
from core.ui.try_it.live import load_live_model
from core.ui.word_scores import show_scale, show_word_scores

_ASKED, _FOUND, _CLASS = "_try_words_asked", "_try_words", "try_words_class"
_OWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was computed for a text, by model and class; kept in the session, so that nothing is computed twice."""

    digest: str
    text: str
    scores: dict[tuple[ModelName, int], WordScores]


@st.fragment
def show_which_words(run: Run, text: str, answers: list[Answers]) -> None:
    """Offer to find out which words the answers rest on, and show them.

    Args:
        run: The run.
        text: The text that was answered.
        answers: What the models say about it, at least one.
    """
    st.subheader("Which words?", anchor=False, help=glossary.ATTRIBUTIONS)
    if st.session_state.get(_ASKED) != text:
        st.button(
            "Find the words behind the answers",
            icon=":material/format_ink_highlighter:",
            key="try_words",
            on_click=_ask_about,
            args=(text,),
        )
        return
    chosen = _pick_class(answers)
    targets = {a.model: int(a.y_pred[0]) if chosen == _OWN else chosen for a in answers}
    shown: dict[ModelName, WordScores | str] = {}
    with st.spinner("Weighing the words …", show_time=True):
        for model, target in targets.items():
            try:
                shown[model] = _attribute(run, text, model, target)
            except (MisreadError, OSError) as error:
                shown[model] = str(error)
    largest = max((found.largest for found in shown.values() if isinstance(found, WordScores)), default=0.0)
    for column, a in zip(st.columns(max(2, len(answers)), gap="medium"), answers, strict=False):
        with column.container(border=True, height="stretch", gap="xsmall"):
            _show_model(text, a, targets[a.model], shown[a.model], largest)
    show_scale(largest)


def _ask_about(text: str) -> None:
    st.session_state[_ASKED] = text


def _pick_class(answers: list[Answers]) -> int:
    """Return the class that the words are to explain, or that each model's own answer is meant."""
    classes = answers[0].classes
    chosen: int = st.selectbox(
        "Words for or against",
        [_OWN, *likeliest_classes(answers, 0, limit=len(classes))],
        format_func=lambda k: "what each model says" if k == _OWN else classes[k],
        key=_CLASS,
        width=280,
    )
    return chosen if chosen is not None else _OWN


def _attribute(run: Run, text: str, model: ModelName, target: int) -> WordScores:
    known: _Found | None = st.session_state.get(_FOUND)
    if known is None or (known.digest, known.text) != (run.digest, text):
        known = st.session_state[_FOUND] = _Found(digest=run.digest, text=text, scores={})
    if (model, target) not in known.scores:
        known.scores[model, target] = load_live_model(run, model).attribute(text, target)
    return known.scores[model, target]


def _show_model(text: str, answers: Answers, target: int, found: WordScores | str, largest: float) -> None:
    if isinstance(found, str):
        st.caption(f":material/pending: {MODEL_LABELS[answers.model]}: {plain(found)}")
        return
    prob, name = float(answers.probs[0, target]), answers.classes[target]
    show_word_scores(answers.model, text, found, class_name=name, prob=prob, largest=largest)
