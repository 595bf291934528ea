"""Slips of the finger: one in a text, inside a word of four letters or more, where readers hardly notice it.

Only words of alphabets with capital and small letters, since a letter of other scripts can be a word. Names with @,
tags with # and addresses are left alone.
"""

import random
import re
from types import MappingProxyType

_MIN_LETTERS = 4
_TOKEN = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|www\.|[@#]", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = MappingProxyType(
    {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, key in enumerate(row)}
)


def with_swapped_letters(text: str, seed: int) -> str:
    """Return the text with two neighbouring letters of a word exchanged; the same if no word is long enough."""
    inner = _inner_letters(text)
    places = [at for at in inner if at + 1 in inner and text[at].lower() != text[at + 1].lower()]
    if not places:
        return text
    at = _draw(text, seed).choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def with_wrong_key(text: str, seed: int) -> str:
    """Return the text with a letter replaced by the one beside it on a QWERTY keyboard; the same if there is none."""
    places = [at for at in _inner_letters(text) if text[at].lower() in _BESIDE]
    if not places:
        return text
    draw = _draw(text, seed)
    at = draw.choice(places)
    key = draw.choice(_BESIDE[text[at].lower()])
    return text[:at] + (key.upper() if text[at].isupper() else key) + text[at + 1 :]


def with_missing_letter(text: str, seed: int) -> str:
    """Return the text without one letter of a word; the same if no word is long enough."""
    places = list(_inner_letters(text))
    if not places:
        return text
    at = _draw(text, seed).choice(places)
    return text[:at] + text[at + 1 :]


def _inner_letters(text: str) -> dict[int, None]:
    """Return the positions of letters that are neither first nor last of their word, in order."""
    return {
        token.start() + at: None
        for token in _TOKEN.finditer(text)
        if not _ADDRESS.search(token[0])
        for word in _LETTERS.finditer(token[0])
        if len(word[0]) >= _MIN_LETTERS and all(letter.lower() != letter.upper() for letter in word[0])
        for at in range(word.start() + 1, word.end() - 1)
    }


def _draw(text: str, seed: int) -> random.Random:
    """Return a generator that the text and the seed decide, alike in every process."""
    return random.Random(f"{seed}\n{text}".encode(errors="surrogatepass"))
