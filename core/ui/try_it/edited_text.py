"""Edit and compare: a second version of the text, and what changes in the answers of both models."""

from functools import partial
from html import escape

import streamlit as st

from core.analysis.answers import Answers
from core.analysis.edits import SOFT, apply_edit
from core.artifacts.run import Run
from core.artifacts.schema import Edit
from core.charts.answer_shift import classes_that_move, make_answer_shift_chart
from core.charts.labels import EDIT_LABELS, MODEL_LABELS, percent
from core.charts.palette import INK_OF_THE_PAGE, class_colours
from core.charts.specs import to_spec
from core.ui.behaviour.meanings import EDIT_MEANINGS
from core.ui.chart_downloads import show_chart_downloads
from core.ui.try_it.live import ask

_BOX, _ORIGINAL = "try_edited", "_try_edited_from"
_ANSWER = "_try_edited_answer"
_SEED = 0
_CLASSES_SHOWN = 8
_HEIGHT = 120
_HELP = (
    "A model that has understood a text gives the same answer when only its form changes. Change a word, or let a"
    " button edit the text; buttons add up. In italics: edits that can change the tone."
)
_SHIFT = (
    '<div style="display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .5rem;font-size:1.05rem">{} <span'
    ' style="opacity:.65">→</span> {}</div>'
)
_CLASS = (
    '<span style="display:inline-flex;align-items:baseline;gap:.4em;min-width:0"><span style="flex:none;width:.72em;'
    'height:.72em;border-radius:2px;background:{}"></span><b style="overflow-wrap:anywhere"><bdi>{}</bdi></b>'
    '<span style="opacity:.75">{}</span></span>'
)


@st.fragment
def show_edit_and_compare(run: Run, text: str, answers: list[Answers], *, max_chars: int) -> None:
    """Let the reader edit the text that was answered, and show how each model's probabilities move.

    Args:
        run: The run.
        text: The original.
        answers: What the models say about it, at least one.
        max_chars: Longest text that may be asked about.
    """
    st.subheader("Edit and compare", anchor=False, help=_HELP)
    state = st.session_state
    if state.get(_ORIGINAL) != text or _BOX not in state:
        state[_ORIGINAL], state[_BOX] = text, text
    edited: str = st.text_area("Edited text", key=_BOX, height=_HEIGHT, max_chars=max_chars) or ""
    _show_buttons(text, edited, max_chars=max_chars)
    if edited == text:
        st.caption("Change the text above, or click an edit, to see what it does to the answers.")
    elif edited.strip():
        _show_shifts(run, answers, _answer(run, edited))
    else:
        st.caption("Nothing is left of the text, expected at least one word: take the edits back.")


def _show_buttons(text: str, edited: str, *, max_chars: int) -> None:
    with st.container(horizontal=True, gap="small"):
        for edit in Edit:
            changed = apply_edit(edit, edited, seed=_SEED) if edited else None
            label = EDIT_LABELS[edit]
            st.button(
                f"*{label}*" if edit in SOFT else label,
                key=f"try_edit_{edit}",
                on_click=_put,
                args=(changed,),
                disabled=changed is None or len(changed) > max_chars,
                help=EDIT_MEANINGS[edit],
            )
        st.button(
            "Back to the original",
            key="try_edit_back",
            icon=":material/undo:",
            type="tertiary",
            on_click=_put,
            args=(text,),
            disabled=edited == text,
        )


def _put(text: str) -> None:
    st.session_state[_BOX] = text


def _answer(run: Run, text: str) -> list[Answers]:
    known = st.session_state.get(_ANSWER)
    if known is None or known[:2] != (run.digest, text):
        known = (run.digest, text, ask(run, [text])[0])
        st.session_state[_ANSWER] = known
    answers: list[Answers] = known[2]
    return answers


def _show_shifts(run: Run, before: list[Answers], after: list[Answers]) -> None:
    pairs = [(old, new) for old in before for new in after if new.model is old.model]
    if not pairs:
        st.caption("No model gives an answer to the edited text.")
        return
    shown = classes_that_move(
        {old.model: old.probs[0] for old, _ in pairs},
        {new.model: new.probs[0] for _, new in pairs},
        limit=_CLASSES_SHOWN,
    )
    for column, (old, new) in zip(st.columns(max(2, len(pairs)), gap="medium"), pairs, strict=False):
        with column.container(border=True, height="stretch"):
            _show_shift(run, old, new, shown)
    n_left_out = len(before[0].classes) - len(shown)
    some = f" {n_left_out:,} classes that move less are left out." if n_left_out else ""
    st.caption(f"Ring: original. Dot: edited. On the right the difference in percentage points.{some}")


def _show_shift(run: Run, old: Answers, new: Answers, shown: list[int]) -> None:
    label = MODEL_LABELS[old.model]
    stays = old.names[0] == new.names[0]
    badge = (
        ":green-badge[:material/check: same answer]" if stays else ":orange-badge[:material/swap_horiz: other answer]"
    )
    st.markdown(f"**{label}** {badge}")
    st.html(_SHIFT.format(_class_html(old), _class_html(new)))
    chart = partial(make_answer_shift_chart, old.model, old.probs[0], new.probs[0], old.classes, shown=shown)
    st.vega_lite_chart(
        to_spec(chart(stretch=True, ink=INK_OF_THE_PAGE)),
        width="stretch",
        key=f"try_shift_{old.model}",
        alt=f"{label}: probability of each class before and after the edit",
    )
    show_chart_downloads(
        partial(
            chart, title=f"{label}: {old.names[0]} → {new.names[0]}", subtitle=f"run {run.name} · a text and its edit"
        ),
        stem=f"{run.name}_edit_{old.model}",
    )


def _class_html(answers: Answers) -> str:
    colour = class_colours(len(answers.classes))[int(answers.y_pred[0])]
    return _CLASS.format(colour, escape(answers.names[0]), percent(answers.confidence[0]))
