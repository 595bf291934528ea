"""One text, typed or clicked, and what every model says about it."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from core.analysis.answers import Answers, agreement
from core.artifacts.run import Run
from core.charts.labels import MODEL_LABELS, percent
from core.ui.formatting import plain
from core.ui.one_row import visible
from core.ui.runs import reading
from core.ui.try_it.answer_cards import classes_shown, show_cards
from core.ui.try_it.attributions import show_which_words
from core.ui.try_it.edited_text import show_edit_and_compare
from core.ui.try_it.example_texts import load_example_texts, load_most_frequent_class
from core.ui.try_it.live import Silence, ask, find_silent
from core.ui.try_it.nearest import show_nearest

MAX_CHARS = 20_000
_TEXT, _ASKED, _ANSWER = "try_text", "_try_asked", "_try_answer"
_QUOTED_CHARS = 240
_QUOTE = '<div style="opacity:.75;overflow-wrap:anywhere;font-style:italic">“<bdi>{}</bdi>”</div>'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """What a run said about a text; kept in the session, so that nothing is asked twice."""

    digest: str
    text: str
    answers: list[Answers]
    silent: list[Silence]


def show_one_text(run: Run) -> None:
    """Show the text area, examples to click, and the answers to the last text that was sent."""
    typed, clicked = st.columns([3, 2], gap="large")
    with typed, st.form("one_text", border=False):
        st.text_area(
            "Your text",
            key=_TEXT,
            height=148,
            max_chars=MAX_CHARS,
            placeholder="Type or paste a text, for example what somebody might write to a friend …",
            persist_state="session",
        )
        st.form_submit_button(
            "Classify", type="primary", icon=":material/play_arrow:", on_click=_send, help="Ctrl+Enter does the same."
        )
    with clicked, reading(run):
        _show_examples(run)
    asked: str | None = st.session_state.get(_ASKED)
    if asked is None:
        show_cards(run, [], find_silent(run))
        return
    if not asked.strip():
        st.warning(
            "There is nothing to read, expected at least one word: type a text above or click an example.",
            icon=":material/keyboard:",
        )
        show_cards(run, [], find_silent(run))
        return
    answered = _answer(run, asked)
    _show_verdict(answered)
    show_cards(run, answered.answers, answered.silent)
    _show_comparison(run, answered)
    if answered.answers:
        show_which_words(run, asked, answered.answers)
        show_nearest(run, asked, answered.answers)
        show_edit_and_compare(run, asked, answered.answers, max_chars=MAX_CHARS)


def ask_about(text: str) -> None:
    """Put a text into the text area and ask about it, on this page or before it is opened."""
    st.session_state[_TEXT] = st.session_state[_ASKED] = text


def _send(text: str | None = None) -> None:
    """Make a text the one that is asked about: that of an example, else what was typed."""
    if text is not None:
        st.session_state[_TEXT] = text
    st.session_state[_ASKED] = st.session_state[_TEXT] or ""


def _answer(run: Run, text: str) -> _Answered:
    known: _Answered | None = st.session_state.get(_ANSWER)
    if known is not None and (known.digest, known.text) == (run.digest, text):
        return known
    answers, silent = ask(run, [text])
    answered = _Answered(digest=run.digest, text=text, answers=answers, silent=silent)
    st.session_state[_ANSWER] = answered
    return answered


def _show_examples(run: Run) -> None:
    examples = load_example_texts(run)
    own = examples[0].label is not None
    with st.container(gap=None):
        st.markdown(
            "Or click a text from the test split" if own else "Or click a sentence",
            help="One text of each of several classes; no model has learned from them." if own else None,
        )
        for position, example in enumerate(examples):
            st.button(
                plain(example.text),
                key=f"try_example_{position}",
                on_click=_send,
                args=(example.text,),
                type="tertiary",
                icon=":material/format_quote:",
                wrap=False,
            )


def _show_verdict(answered: _Answered) -> None:
    """Quote the text and say whether the models agree."""
    line = visible(" ".join(answered.text.split()))
    quoted = line if len(line) <= _QUOTED_CHARS else f"{line[:_QUOTED_CHARS]}…"
    st.html(_QUOTE.format(escape(quoted)))
    answers = answered.answers
    if len(answers) < 2:
        for a in answers:
            st.markdown(
                f":gray-badge[one model] {MODEL_LABELS[a.model]} alone answers: **{plain(a.names[0])}**"
                f" ({percent(a.confidence[0])})."
            )
    elif agreement(answers)[0]:
        st.markdown(f":green-badge[:material/check: agree] Both models say **{plain(answers[0].names[0])}**.")
    else:
        said = ", ".join(
            f"{MODEL_LABELS[a.model]} says **{plain(a.names[0])}** ({percent(a.confidence[0])})" for a in answers
        )
        st.markdown(f":orange-badge[:material/call_split: disagree] {said}.")


def _show_comparison(run: Run, answered: _Answered) -> None:
    """Say what the corpus, the most frequent class and the classes left out have to do with the answer."""
    lines = []
    with reading(run):
        labels = [e.label for e in load_example_texts(run) if e.text == answered.text and e.label is not None]
        lines += [f"The corpus labels this text **{plain(label)}**." for label in labels[:1]]
        most_frequent = load_most_frequent_class(run)
        if most_frequent is not None:
            lines.append(f"Whoever always names the most frequent class would say **{plain(most_frequent)}**.")
    n_shown = len(classes_shown(answered.answers))
    n_left_out = len(run.manifest.corpus.classes) - n_shown
    if n_shown and n_left_out:
        lines.append(f"Shown are the {n_shown:,} classes to which any model gives most; {n_left_out:,} are left out.")
    st.caption(" ".join(lines))
