"""Edits of a text that should leave the answer as it is: invariance tests of a model.

Source: Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList".
"""

import re
from collections.abc import Callable
from types import MappingProxyType

from core.analysis.contractions import contract, expand
from core.analysis.signs import other_quote_marks, without_emoji, without_hash_signs, without_punctuation
from core.analysis.typos import with_missing_letter, with_swapped_letters, with_wrong_key
from core.artifacts.schema import Edit

RULES = 1
"""Raised whenever an edit gives another text than before: the dashboard makes edited texts anew from the originals."""
SOFT = frozenset({Edit.UPPER_CASE, Edit.EXCLAMATION, Edit.NO_PUNCTUATION, Edit.NO_EMOJI})
"""Edits that can change the tone, and with it an emotion."""
STRICT = frozenset(Edit) - SOFT
OPENING = "So, "
CLOSING = "That is what I wanted to say."
HANDLE = "@jordan"
LINK = "https://example.org/a7"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


def apply_edit(edit: Edit, text: str, *, seed: int) -> str | None:
    """Return the edited text; None if the edit would change nothing, or leave nothing.

    Args:
        edit: Which edit.
        text: The original.
        seed: Draws the place of a typo, together with the text: the same text is always edited alike.
    """
    edited = _EDITS[edit](text, seed)
    return None if edited == text or not edited.strip() else edited


def _lower_case(text: str) -> str:
    """Return the text in small letters; a word all in capitals is kept, since it may be shouted."""
    return _WORD.sub(lambda m: m[0] if len(m[0]) > 1 and m[0].isupper() else m[0].lower(), text)


def _full_stop(text: str) -> str:
    """Return the text with a full stop at its end, or without the one that it has."""
    body, rest = _split_end(text)
    if _is_stopped(body):
        return body[:-1] + rest
    return f"{body}.{rest}" if body[-1:].isalnum() else text


def _exclamation(text: str) -> str:
    body, rest = _split_end(text)
    if _is_stopped(body):
        return f"{body[:-1]}!{rest}"
    return f"{body}!{rest}" if body[-1:].isalnum() else text


def _closing_words(text: str) -> str:
    body = text.rstrip()
    return f"{body}{'.' if body[-1:].isalnum() else ''} {CLOSING}"


def _split_end(text: str) -> tuple[str, str]:
    body = text.rstrip()
    return body, text[len(body) :]


def _is_stopped(body: str) -> bool:
    return body.endswith(".") and not body.endswith("..")


def _always(edit: Callable[[str], str]) -> Callable[[str, int], str]:
    """Return an edit that draws nothing."""
    return lambda text, _: edit(text)


_EDITS = MappingProxyType(
    {
        Edit.LOWER_CASE: _always(_lower_case),
        Edit.EXTRA_SPACES: _always(lambda text: text.replace(" ", "  ")),
        Edit.FULL_STOP: _always(_full_stop),
        Edit.QUOTE_MARKS: _always(other_quote_marks),
        Edit.HASH_SIGNS: _always(without_hash_signs),
        Edit.EXPANDED: _always(expand),
        Edit.CONTRACTED: _always(contract),
        Edit.SWAPPED_LETTERS: with_swapped_letters,
        Edit.WRONG_KEY: with_wrong_key,
        Edit.MISSING_LETTER: with_missing_letter,
        Edit.OPENING_WORD: _always(lambda text: OPENING + text),
        Edit.CLOSING_WORDS: _always(_closing_words),
        Edit.HANDLE: _always(lambda text: f"{HANDLE} {text}"),
        Edit.LINK: _always(lambda text: f"{text.rstrip()} {LINK}"),
        Edit.UPPER_CASE: _always(str.upper),
        Edit.EXCLAMATION: _always(_exclamation),
        Edit.NO_PUNCTUATION: _always(without_punctuation),
        Edit.NO_EMOJI: _always(without_emoji),
    }
)
