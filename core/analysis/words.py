"""What a word is, and which texts it stands in."""

import re
import unicodedata
from functools import cache
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

_LAST_OF_PLANE = 0x10000
_APOSTROPHES = "['’]"


@cache
def word_pattern() -> str:
    r"""Return the regular expression of a word in a text in lower case.

    A word is a run of letters and digits of any script, combining marks included; apostrophes inside a word belong to
    it. `\w` of Python's `re` would leave out the vowel signs of many scripts.
    """
    return rf"(?u)[^\W_](?:{_letter()})*(?:{_APOSTROPHES}(?:{_letter()})+)*"


def is_word(text: str) -> bool:
    """Return whether a text is one word and nothing else."""
    return re.fullmatch(word_pattern(), text.lower()) is not None


def contains_word(texts: pd.Series, word: str) -> npt.NDArray[np.bool_]:
    """Return which texts a word stands in as a whole and in any case, shape (texts,).

    Args:
        texts: The texts.
        word: One word, as `word_pattern` has it.
    """
    letter = f"(?:{_letter()})"
    wanted = re.compile(
        rf"(?u)(?<!{letter})(?<!{letter}{_APOSTROPHES}){re.escape(word.lower())}(?!{letter})(?!{_APOSTROPHES}{letter})"
    )
    # most texts have not even its letters in a row, which is much faster to see
    found = texts.str.contains(word, case=False, regex=False).to_numpy(dtype=np.bool_, copy=True)
    for position in np.flatnonzero(found):
        found[position] = wanted.search(texts.iloc[position].lower()) is not None
    return found


@cache
def _letter() -> str:
    return rf"[^\W_]|[{''.join(_mark_spans())}]"


@cache
def _mark_spans() -> list[str]:
    """Return the combining marks as spans of a character class."""
    marks = [code for code in range(_LAST_OF_PLANE) if unicodedata.category(chr(code)).startswith("M")]
    runs = [[code for _, code in run] for _, run in groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])]
    return [f"{chr(run[0])}-{chr(run[-1])}" if len(run) > 1 else chr(run[0]) for run in runs]
