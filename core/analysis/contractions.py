"""English contractions, written out and put together: can't and cannot, I'm and I am.

Written out are also those without an apostrophe that are no other word (dont, im), as in many chats. What can mean two
things (he'd: had or would) is left alone, and so is what cannot be contracted: yes, I am.
"""

import re
from collections.abc import Callable

_NEGATED = "do|does|did|is|are|was|were|have|has|had|could|would|should|must|need"
_OWN_STEMS = {"ca": "can", "wo": "will", "sha": "shall"}
_NOT = re.compile(rf"\b(ca|wo|sha|{_NEGATED})n(['\u2019]?)t\b", re.IGNORECASE)
_NOT_WITHOUT_APOSTROPHE = {"wo": "wont", "we": "were"}
_VERB = re.compile(
    r"\b(?:(i)(['\u2019]?)(m)|(you|we|they)(['\u2019]?)(re)|(i|you|we|they)(['\u2019]?)(ve)"
    r"|(i|you|he|she|it|we|they)(['\u2019])(ll)|(that|there|what|here)(['\u2019]?)(s)|(it|he|she|who|how)(['\u2019])(s))\b"
    r"(?=(\s+(?:been|got|had)\b)?)",
    re.IGNORECASE,
)
_FULL = {"m": "am", "re": "are", "ve": "have", "ll": "will", "s": "is"}
_LETS = re.compile(r"\b(let)['\u2019]s\b", re.IGNORECASE)

_JOINED_NOT = re.compile(rf"\b(?:(can)not|(will|shall|{_NEGATED})\s+not)\b", re.IGNORECASE)
_SHORT_STEMS = {"will": "wo", "shall": "sha", "can": "ca"}
_JOINED_VERB = re.compile(
    r"\b(?:(i) (am)|(you|we|they) (are)|(i|you|he|she|it|we|they) (will)|(it|that|there|he|she) (is))(?= \w)(?! not\b)",
    re.IGNORECASE,
)
_SHORT = {full: short for short, full in _FULL.items()}


def expand(text: str) -> str:
    """Return the text with its contractions written out."""
    text = _LETS.sub(lambda m: m[1] + (" US" if m[0].isupper() else " us"), text)
    return _VERB.sub(_written_out, _NOT.sub(_not_written_out, text))


def contract(text: str) -> str:
    """Return the text with words put together where English does, with the apostrophe that the text uses."""
    apostrophe = "\u2019" if "\u2019" in text else "'"
    return _JOINED_VERB.sub(_joined(apostrophe), _JOINED_NOT.sub(_joined_not(apostrophe), text))


def _not_written_out(m: re.Match[str]) -> str:
    stem, apostrophe = m[1], m[2]
    if _NOT_WITHOUT_APOSTROPHE.get(stem.lower()) == m[0].lower() and not apostrophe:
        return m[0]
    full = _like(_OWN_STEMS.get(stem.lower(), stem), m[0])
    return full + ("" if stem.lower() == "ca" else " ") + ("NOT" if m[0].isupper() else "not")


def _written_out(m: re.Match[str]) -> str:
    subject, apostrophe, short = (part for part in m.groups()[:-1] if part is not None)
    if not apostrophe and _NOT_WITHOUT_APOSTROPHE.get(subject.lower()) == m[0].lower():
        return m[0]
    full = "has" if short.lower() == "s" and m.groups()[-1] else _FULL[short.lower()]
    return f"{subject} {full.upper() if short.isupper() else full}"


def _joined_not(apostrophe: str) -> Callable[[re.Match[str]], str]:
    def join(m: re.Match[str]) -> str:
        stem = m[1] or m[2]
        ending = f"n{apostrophe}t"
        short = _like(_SHORT_STEMS.get(stem.lower(), stem), stem)
        return short + (ending.upper() if m[0].isupper() else ending)

    return join


def _joined(apostrophe: str) -> Callable[[re.Match[str]], str]:
    def join(m: re.Match[str]) -> str:
        subject, verb = (part for part in m.groups() if part is not None)
        short = _SHORT[verb.lower()]
        return f"{subject}{apostrophe}{short.upper() if verb.isupper() else short}"

    return join


def _like(word: str, pattern: str) -> str:
    """Return a word with capitals where another one, which begins with the same letter, has them."""
    if pattern.isupper() and len(pattern) > 1:
        return word.upper()
    return word.capitalize() if pattern[:1].isupper() else word.lower()
