"""The words of a text, each on a background that says how much it adds to an answer; alike wherever it is read."""

import unicodedata
from html import escape

import streamlit as st

from core.analysis.word_scores import WordScores
from core.artifacts.schema import ModelName
from core.charts.answer_shift import points_text
from core.charts.labels import MODEL_LABELS, percent
from core.charts.palette import RIGHT_COLOUR, WRONG_COLOUR, with_opacity
from core.ui import glossary
from core.ui.formatting import plain
from core.ui.one_row import visible

TOWARDS_COLOUR, AGAINST_COLOUR = RIGHT_COLOUR, WRONG_COLOUR
_STRONGEST_SHADE = 0.65
_NAMED = 4
_NAMED_CHARS = 24
_TEXT = (
    '<div tabindex="0" role="region" aria-label="{}" class="word-scores" dir="auto" style="white-space:pre-wrap;'
    'overflow-wrap:anywhere;overflow-y:auto;max-height:13rem;line-height:1.75">{}</div>'
)
_WORD = '<span title="{} points" style="background:{};border-radius:.2rem">{}</span>'
_UNREAD = '<span title="not read by the model" style="opacity:.45">{}</span>'
_NAMED_WORD = '<span style="white-space:nowrap"><strong><bdi>{}</bdi></strong> {}</span>'
_SCALE = (
    '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .6rem;font-size:.875rem"><span>against'
    ' {}</span><span style="width:8rem;height:.8rem;border-radius:.2rem;background:linear-gradient(to right,{},'
    'transparent,{})"></span><span>{} for</span><span style="opacity:.65">points per word</span></div>'
)


def show_word_scores(
    model: ModelName, text: str, found: WordScores, *, class_name: str, prob: float, largest: float
) -> None:
    """Show a text with its words shaded, the strongest words in numbers, and how well the parts add up.

    Args:
        model: Whose answer it is.
        text: The text as the model got it.
        found: What its words add.
        class_name: Name of the class that the words speak for or against.
        prob: Probability that the model gives to that class.
        largest: Score that gets the strongest shade, that of `show_scale`.
    """
    st.markdown(f"{MODEL_LABELS[model]}: which words speak for **{plain(class_name)}**")
    st.html(words_html(text, found, largest, label=f"What each word adds to {class_name}"))
    strongest = strongest_html(text, found)
    if strongest:
        st.html(f'<div style="font-size:.875rem">{strongest}</div>')
    st.caption(
        f"{percent(found.blank_prob(prob))} with all words blanked out, {percent(prob)} with the text; the words’ sum"
        f" is off by {points_text(found.delta)} points.",
        help=glossary.CONVERGENCE_DELTA,
    )
    if _is_unread(text[found.end[-1] if len(found.end) else 0 :]):
        st.caption(":material/content_cut: The pale end of the text was not read by the model, so it has no score.")


def show_scale(largest: float) -> None:
    """Show what the shades stand for."""
    towards, against = (with_opacity(colour, _STRONGEST_SHADE) for colour in (TOWARDS_COLOUR, AGAINST_COLOUR))
    st.html(_SCALE.format(points_text(-largest), against, towards, points_text(largest)))


def words_html(text: str, found: WordScores, largest: float, *, label: str) -> str:
    """Return a text as HTML that shows it as it is, words shaded by their scores; what comes after the last is pale.

    Args:
        text: The text.
        found: Its words.
        largest: Score that gets the strongest shade.
        label: What a screen reader calls the text.
    """
    body, last = [], 0
    for start, end, score in zip(found.start.tolist(), found.end.tolist(), found.scores.tolist(), strict=True):
        body.append(_escaped(text[last:start]))
        body.append(_WORD.format(points_text(score), _shade(score, largest), _escaped(text[start:end])))
        last = end
    body.append(_UNREAD.format(_escaped(text[last:])) if _is_unread(text[last:]) else _escaped(text[last:]))
    return _TEXT.format(escape(label), "".join(body))


def strongest_html(text: str, found: WordScores) -> str:
    """Return the words with the largest scores and their points; nothing if no word adds anything."""
    named = []
    for position in found.strongest(at_most=_NAMED):
        word = text[found.start[position] : found.end[position]]
        short = word if len(word) <= _NAMED_CHARS else f"{word[:_NAMED_CHARS]}…"
        named.append(_NAMED_WORD.format(_escaped(short), points_text(float(found.scores[position]))))
    return " · ".join(named)


def _is_unread(end: str) -> bool:
    """Return whether the end of a text was cut off; tokenizers drop accents and invisible characters of their own."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in end)


def _shade(score: float, largest: float) -> str:
    colour = TOWARDS_COLOUR if score > 0 else AGAINST_COLOUR
    return with_opacity(colour, round(_STRONGEST_SHADE * min(1.0, abs(score) / largest), 3) if largest > 0 else 0)


def _escaped(text: str) -> str:
    return escape(visible(text))
