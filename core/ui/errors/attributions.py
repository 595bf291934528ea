"""Which words the answers to one row rest on, as computed beforehand."""

from enum import StrEnum

import streamlit as st

from core.analysis.word_scores import StoredWordScores, WordScores, read_word_scores
from core.artifacts.run import Run
from core.artifacts.schema import ATTRIBUTIONS, ModelName
from core.ui import glossary
from core.ui.caching import BY_DIGEST
from core.ui.filter.state import filter_link_params
from core.ui.reads import load_probabilities
from core.ui.runs import reading
from core.ui.try_it.live import can_answer
from core.ui.try_it.one_text import MAX_CHARS, ask_about
from core.ui.view import View
from core.ui.word_scores import show_scale, show_word_scores

_TRY_IT = "pages/try_it.py"
_KEPT = 16


class Explained(StrEnum):
    """The class whose probability the words are to explain."""

    PREDICTED = "predicted class"
    TRUE = "true class"


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_word_scores(run: Run) -> StoredWordScores:
    """Return the attributions of a run.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return read_word_scores(run)


def show_attributions(view: View, row_id: int) -> None:
    """Show the words of a row shaded for each model, or how to get there; nothing on a machine without texts."""
    if view.rows.texts is None:
        return
    text = view.rows.texts.iloc[row_id]
    st.markdown("**Which words?**", help=glossary.ATTRIBUTIONS)
    if view.run.record(ATTRIBUTIONS.path) is None:
        _show_way_to_try_it(view, text, "This run has no attributions yet.")
        return
    with reading(view.run):
        found = load_word_scores(view.run).of_row(row_id, text)
        if found:
            _show_found(view, row_id, text, found)
        else:
            _show_way_to_try_it(view, text, "Not computed for this row.")


def _show_found(view: View, row_id: int, text: str, found: dict[ModelName, dict[int, WordScores]]) -> None:
    label = int(view.rows.frame["label"].iloc[row_id])
    models = [model for model in reversed(view.rows.models) if model in found]
    explained = _pick_explained()
    shown: dict[ModelName, WordScores] = {}
    for model in models:
        target = label if explained is Explained.TRUE else int(view.rows.pred(model)[row_id])
        if target in found[model]:
            shown[model] = found[model][target]
    largest = max((scores.largest for scores in shown.values()), default=0.0)
    for model, scores in shown.items():
        name = view.rows.classes[scores.target]
        prob = float(load_probabilities(view.run, model)[row_id, scores.target])
        with st.container(gap="xsmall"):
            show_word_scores(model, text, scores, class_name=name, prob=prob, largest=largest)
    if shown:
        show_scale(largest)
    else:
        _show_way_to_try_it(view, text, f"Not computed for the {explained} of this row.")


def _pick_explained() -> Explained:
    explained: Explained = st.segmented_control(
        "Words for",
        list(Explained),
        default=Explained.PREDICTED,
        required=True,
        key="errors_words_for",
        persist_state="session",
        label_visibility="collapsed",
    )
    return explained


def _show_way_to_try_it(view: View, text: str, why: str) -> None:
    """Say why no words are shown, and offer to ask the models now."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(why, width="content")
        if can_answer(view.run) and len(text) <= MAX_CHARS:
            live = st.button(
                "Ask the models now",
                icon=":material/edit_note:",
                type="tertiary",
                key="errors_words_live",
                on_click=ask_about,
                args=(text,),
            )
            if live:
                st.switch_page(_TRY_IT, query_params=filter_link_params())
