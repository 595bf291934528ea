"""What differs between two versions of a text, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

_PIECE = re.compile(r"\s|[^\W_]+|.", re.DOTALL)
_MAX_COMPARISONS = 4_000_000
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a text, and whether the other version has it differently."""

    text: str
    changed: bool


def compare_texts(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Return both texts in parts; those that are not changed are the same in both."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    backwards = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    blocks: Sequence[tuple[str, int, int, int, int]]
    if len(old_middle) * len(new_middle) > _MAX_COMPARISONS:
        blocks = [("replace", 0, len(old_middle), 0, len(new_middle))]
    else:
        blocks = SequenceMatcher(None, old_middle, new_middle, autojunk=False).get_opcodes()
    first, last = (
        Part(text="".join(old[:head]), changed=False),
        Part(text="".join(old[len(old) - tail :]), changed=False),
    )
    parts: tuple[list[Part], list[Part]] = ([first], [first])
    for kind, old_start, old_end, new_start, new_end in blocks:
        for found, pieces in zip(parts, (old_middle[old_start:old_end], new_middle[new_start:new_end]), strict=True):
            found.append(Part(text="".join(pieces), changed=kind != "equal"))
    return _tidy([*parts[0], last]), _tidy([*parts[1], last])


def around_change(parts: list[Part], *, max_chars: int) -> list[Part]:
    """Return the stretch of a long text in which its first change stands, with an ellipsis where text is left out."""
    n_chars = sum(len(part.text) for part in parts)
    if n_chars <= max_chars:
        return parts
    before_change = sum(len(part.text) for part in takewhile(lambda part: not part.changed, parts))
    start = max(0, min(before_change - max_chars // 3, n_chars - max_chars))
    end = start + max_chars
    shown, at = [], 0
    for part in parts:
        text = part.text[max(0, start - at) : max(0, end - at)]
        shown.append(Part(text=text, changed=part.changed))
        at += len(part.text)
    marks = [Part(text=_ELLIPSIS if cut else "", changed=False) for cut in (start > 0, end < n_chars)]
    return _tidy([marks[0], *shown, marks[1]])


def _tidy(parts: list[Part]) -> list[Part]:
    """Return the parts without empty ones, neighbours of one kind joined."""
    joined: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if joined and joined[-1].changed == part.changed:
            joined[-1] = Part(text=joined[-1].text + part.text, changed=part.changed)
        else:
            joined.append(part)
    return joined
