"""Signs of a text that are no letters: punctuation, quotation marks, hash signs, emoji."""

import re
import unicodedata

_ADDRESS = re.compile(r"://|^www\.", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(?<=\w)(?:\.{2,}|-{2,}|[\u2013\u2014\u2026])(?=\w)")
_CURLY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_OPENING = re.compile(r"(^|[\s(\[])(['\"])(?=\w)")
_CLOSING = ".,!?;:)]}\u2026\u2019\u201d"
_HASH = re.compile(r"(?<!\S)#(?=[^\W\d])")

_MODIFIERS = "\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_PICTURES = "\u231a\u231b\u2328\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff"
_EMOJI = rf"(?:[0-9#*]\ufe0f?\u20e3|[{_PICTURES}][{_MODIFIERS}]*(?:\u200d[{_PICTURES}][{_MODIFIERS}]*)*)"
_EMOTICON = r"(?:[:;=]['\u2019]?-?[)(\]\[DPp/|3]+|<3+|\^_*\^|[xX]D+)"
_EMOTICON_ALONE = rf"(?<!\S){_EMOTICON}(?!\w)"
_FEELING = re.compile(rf"(?<!\s)\s*(?:{_EMOJI}|{_EMOTICON_ALONE})(?:\s*(?:{_EMOJI}|{_EMOTICON_ALONE}))*\s*")
_IS_EMOTICON = re.compile(_EMOTICON)


def without_punctuation(text: str) -> str:
    """Return the text without punctuation around words.

    Inside words (don't, 3.5) it stays, as do emoticons, addresses, and the @ or # before a name.
    """
    pieces = re.split(r"(\s+)", _BETWEEN_WORDS.sub(" ", text))
    kept = []
    for token, gap in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        bare = token if _ADDRESS.search(token) or _IS_EMOTICON.fullmatch(token) else _bare(token)
        if bare or not token:
            kept.append(bare + gap)
    return "".join(kept).rstrip() if text[-1:].strip() else "".join(kept)


def other_quote_marks(text: str) -> str:
    """Return the text with curly quotation marks and apostrophes straight; if none are curly, straight ones curly."""
    straight = text.translate(_CURLY)
    if straight != text:
        return straight
    opened = _OPENING.sub(lambda m: m[1] + ("\u2018" if m[2] == "'" else "\u201c"), text)
    return opened.replace("'", "\u2019").replace('"', "\u201d")


def without_hash_signs(text: str) -> str:
    """Return the text with its tags as plain words: #happy, happy."""
    return _HASH.sub("", text)


def without_emoji(text: str) -> str:
    """Return the text without emoji and emoticons, and without the gaps that they leave."""
    return _FEELING.sub(_gap, text)


def _bare(token: str) -> str:
    """Return a token without the punctuation at its edges."""
    start, end = 0, len(token)
    while start < end and _is_punctuation(token[start]) and not _names(token, start):
        start += 1
    while end > start and _is_punctuation(token[end - 1]) and token[end - 1] != "%":
        end -= 1
    return token[start:end]


def _names(token: str, at: int) -> bool:
    """Return whether the sign at a position makes a name or a tag of what follows."""
    return token[at] in "@#" and token[at + 1 : at + 2].isalnum()


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign).startswith("P")


def _gap(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()], found.string[found.end() : found.end() + 1]
    if not before or not after or after in _CLOSING:
        return ""
    return "\n" if "\n" in found[0] else " "
