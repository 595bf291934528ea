"""Words on charts: models, splits, origins, and class names that fit without becoming ambiguous."""

import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from core.analysis.metrics import SplitMetrics
from core.analysis.tags import Tag
from core.artifacts.schema import Edit, ModelName, Origin, Split

MODEL_LABELS = MappingProxyType(
    {
        ModelName.DUMMY: "Most frequent class",
        ModelName.LOGREG: "Logistic regression",
        ModelName.FINETUNED: "Fine-tuned",
    }
)
SPLIT_LABELS = MappingProxyType({Split.TRAIN: "train", Split.VALIDATION: "validation", Split.TEST: "test"})
ORIGIN_LABELS = MappingProxyType(
    {
        Origin.HELD_OUT: "held-out predictions",
        Origin.OUT_OF_FOLD: "out-of-fold predictions",
        Origin.IN_SAMPLE: "in-sample predictions",
    }
)
TAG_LABELS = MappingProxyType(
    {
        Tag.SHORT: "short",
        Tag.LONG: "long",
        Tag.TRUNCATED: "cut off",
        Tag.LOW_MARGIN: "low margin",
        Tag.SURE_BUT_WRONG: "sure but wrong",
        Tag.FRAGILE: "fragile under edits",
        Tag.NEIGHBOURS_DISAGREE: "neighbours disagree",
        Tag.SUSPECTED_LABEL: "suspected label error",
        Tag.LEAKED: "leaked",
        Tag.EXACT_DUPLICATE: "exact duplicate",
        Tag.NEAR_DUPLICATE: "near duplicate",
        Tag.CONFLICTING_LABELS: "conflicting labels",
        Tag.OUTLIER: "outlier",
        Tag.ODD_TEXT: "odd text",
    }
)
EDIT_LABELS = MappingProxyType(
    {
        Edit.LOWER_CASE: "small letters",
        Edit.EXTRA_SPACES: "double spaces",
        Edit.FULL_STOP: "full stop on or off",
        Edit.QUOTE_MARKS: "other quotation marks",
        Edit.HASH_SIGNS: "without # signs",
        Edit.EXPANDED: "can’t → cannot",
        Edit.CONTRACTED: "cannot → can’t",
        Edit.SWAPPED_LETTERS: "typo: swapped letters",
        Edit.WRONG_KEY: "typo: wrong key",
        Edit.MISSING_LETTER: "typo: missing letter",
        Edit.OPENING_WORD: "“So,” before",
        Edit.CLOSING_WORDS: "closing sentence after",
        Edit.HANDLE: "@name before",
        Edit.LINK: "link after",
        Edit.UPPER_CASE: "capital letters",
        Edit.EXCLAMATION: "exclamation mark",
        Edit.NO_PUNCTUATION: "without punctuation",
        Edit.NO_EMOJI: "without emoji",
    }
)


def basis_of(metrics: SplitMetrics, *, run_name: str | None = None) -> str:
    """Return what numbers rest on: run, split, rows, origin of the predictions."""
    run = "" if run_name is None else f"run {run_name} · "
    rows = "row" if metrics.n_rows == 1 else "rows"
    return f"{run}{SPLIT_LABELS[metrics.split]} split · {metrics.n_rows:,} {rows} · {ORIGIN_LABELS[metrics.origin]}"


def percent(share: float, *, decimals: int = 1) -> str:
    """Return a share in [0, 1] as percent, halves rounded up as browsers do, so that page and chart agree: 86.3%."""
    exponent = Decimal(1).scaleb(-decimals)
    return f"{Decimal(100 * share).quantize(exponent, ROUND_HALF_UP)}%"


def short_labels(names: Sequence[str], *, max_width: int = 28) -> list[str]:
    """Return one line per name, at most `max_width` characters wide, no two alike.

    A long name loses its middle, since many names share a beginning. Where that makes two names equal, all that
    collide are numbered. Wide characters (such as Chinese) count twice.
    """
    lines = [" ".join(name.split()) or "(empty)" for name in names]
    labels = [_shorten(line, max_width) for line in lines]
    clashing = {label for label in labels if labels.count(label) > 1}
    return [
        _numbered(line, position, max_width) if label in clashing else label
        for position, (line, label) in enumerate(zip(lines, labels, strict=True), start=1)
    ]


def text_width(text: str) -> int:
    """Return the width of a text in Latin characters; wide ones count twice, combining ones not at all."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _numbered(line: str, position: int, max_width: int) -> str:
    number = f" ({position})"
    return _shorten(line, max_width - len(number)) + number


def _shorten(line: str, max_width: int) -> str:
    if text_width(line) <= max_width:
        return line
    tail_width = (max_width - 1) // 2
    head = _take(line, max_width - 1 - tail_width)
    tail = _take(line[::-1], tail_width)[::-1]
    return f"{head.rstrip()}…{tail.lstrip()}"


def _take(text: str, max_width: int) -> str:
    width = 0
    for end, letter in enumerate(text):
        width += text_width(letter)
        if width > max_width:
            return text[:end]
    return text
