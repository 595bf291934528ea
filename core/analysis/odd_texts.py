"""Texts that are odd for what they are made of: nothing, one word, another script, very many characters."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from core.analysis.duplicates import normalise

IntArray = npt.NDArray[np.integer]
_COMMON_SHARE = 0.05  # of the texts, from which a script belongs to the corpus
_FAR_OUT = 3  # interquartile ranges above the third quartile
_LATIN = "LATIN"
_UNSPACED = {"CJK", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"}
_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "IDEOGRAPHIC": "CJK", "BOPOMOFO": "CJK"}


class OddText(StrEnum):
    """What is odd about a text."""

    EMPTY = "empty"
    ONE_WORD = "one_word"
    OTHER_SCRIPT = "other_script"
    VERY_LONG = "very_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class OddTexts:
    """Rows with one kind of oddness, and how odd each is, in [0, 1]; arrays of shape (rows,)."""

    kind: OddText
    ids: IntArray
    score: npt.NDArray[np.floating]


def find_odd_texts(texts: Sequence[str]) -> list[OddTexts]:
    """Return the odd texts of a corpus, kind by kind; a text can be odd in several ways.

    Empty is a text of nothing but spaces and punctuation. Another script is one that fewer than 5% of the texts are
    mainly written in. Very long is a text whose number of characters is more than three interquartile ranges above the
    third quartile of all texts (Tukey 1977, the outer fence).
    """
    keys = [normalise(text) for text in texts]
    scripts = np.array([main_script(key) for key in keys], dtype=object)
    n_words = np.array([len(key.split()) for key in keys])
    n_chars = np.array([len(text) for text in texts])
    low, high = np.quantile(n_chars, [0.25, 0.75]) if len(texts) else (0, 0)
    fence = high + _FAR_OUT * max(1, high - low)
    counts = Counter(scripts[scripts != ""].tolist())
    rare = [name for name, n_texts in counts.items() if n_texts < _COMMON_SHARE * counts.total()]
    long = np.flatnonzero(n_chars > fence)
    found = {
        OddText.EMPTY: np.flatnonzero(n_words == 0),
        OddText.ONE_WORD: np.flatnonzero((n_words == 1) & ~np.isin(scripts, list(_UNSPACED))),
        OddText.OTHER_SCRIPT: np.flatnonzero(np.isin(scripts, rare)),
        OddText.VERY_LONG: long,
    }
    scores = {
        OddText.EMPTY: 1.0,
        OddText.ONE_WORD: 0.5,
        OddText.OTHER_SCRIPT: 0.8,
        OddText.VERY_LONG: 1 - fence / n_chars[long],
    }
    return [OddTexts(kind=kind, ids=ids, score=np.broadcast_to(scores[kind], ids.shape)) for kind, ids in found.items()]


def main_script(text: str) -> str:
    """Return the script of most letters of a text, as the first word of their Unicode names; empty without letters."""
    if text.isascii():
        return _LATIN if any(map(str.isalpha, text)) else ""
    counts = Counter(script for letter in text if (script := _script(letter)))
    return counts.most_common(1)[0][0] if counts else ""


@cache
def _script(letter: str) -> str:
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _ONE_SCRIPT.get(name, name)
