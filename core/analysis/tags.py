"""Tags: what is worth knowing of a row, true or not, so that rows can be filtered by it."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from core.analysis.rows import (
    NEIGHBOR_AGREEMENT,
    Rows,
    confidence_column,
    fragile_column,
    issue_column,
    margin_column,
)
from core.artifacts.schema import Issue, ModelName

BoolArray = npt.NDArray[np.bool_]
LOW_MARGIN = 0.1
SURE = 0.9
END_SHARE = 0.1  # of the rows that count as short, and of those that count as long
MOSTLY = 0.5


class Tag(StrEnum):
    """What a row can be tagged with; the values stand in addresses."""

    SHORT = "short"
    LONG = "long"
    TRUNCATED = "truncated"
    LOW_MARGIN = "low_margin"
    SURE_BUT_WRONG = "sure_but_wrong"
    FRAGILE = "fragile"
    NEIGHBOURS_DISAGREE = "neighbours_disagree"
    SUSPECTED_LABEL = "suspected_label"
    LEAKED = "leaked"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    CONFLICTING_LABELS = "conflicting_labels"
    OUTLIER = "outlier"
    ODD_TEXT = "odd_text"


OF_ANSWERS = frozenset({Tag.LOW_MARGIN, Tag.SURE_BUT_WRONG, Tag.FRAGILE})
"""Tags that depend on what a model answers; the others are about the row alone."""
_ISSUES = {Tag(issue.value): issue for issue in Issue}


def known_tags(rows: Rows, model: ModelName | None) -> tuple[Tag, ...]:
    """Return the tags that can be told of the rows of a run; those of answers need a model.

    Args:
        rows: All rows of the run.
        model: Whose answers count; None in a run without predictions.
    """
    needed = {
        Tag.SHORT: "n_words",
        Tag.LONG: "n_words",
        Tag.TRUNCATED: "truncated",
        Tag.NEIGHBOURS_DISAGREE: NEIGHBOR_AGREEMENT,
        **{tag: issue_column(issue) for tag, issue in _ISSUES.items()},
    }
    if model is not None:
        needed |= {
            Tag.LOW_MARGIN: margin_column(model),
            Tag.SURE_BUT_WRONG: confidence_column(model),
            Tag.FRAGILE: fragile_column(model),
        }
    return tuple(tag for tag in Tag if needed.get(tag) in rows.frame)


def tag_mask(rows: Rows, tag: Tag, model: ModelName | None) -> BoolArray:
    """Return which rows have a tag, shape (rows,); none where the run does not know.

    Args:
        rows: All rows of the run.
        tag: Which tag.
        model: Whose answers count.
    """
    if tag not in known_tags(rows, model):
        return np.zeros(len(rows), dtype=np.bool_)
    if tag in _ISSUES:
        return rows.frame[issue_column(_ISSUES[tag])].to_numpy()
    if tag in OF_ANSWERS and model is not None:
        return _answer_tag(rows, tag, model)
    if tag is Tag.TRUNCATED:
        return rows.frame["truncated"].to_numpy()
    if tag is Tag.NEIGHBOURS_DISAGREE:
        agreement = rows.frame[NEIGHBOR_AGREEMENT].to_numpy()
        disagree: BoolArray = agreement < MOSTLY
        return disagree
    n_words = rows.frame["n_words"].to_numpy()
    short, long = np.quantile(n_words, [END_SHARE, 1 - END_SHARE])
    at_end: BoolArray = n_words < short if tag is Tag.SHORT else n_words > long
    return at_end


def _answer_tag(rows: Rows, tag: Tag, model: ModelName) -> BoolArray:
    if tag is Tag.FRAGILE:
        return rows.frame[fragile_column(model)].to_numpy()
    if tag is Tag.LOW_MARGIN:
        low: BoolArray = rows.frame[margin_column(model)].to_numpy() < LOW_MARGIN
        return low
    sure: BoolArray = rows.frame[confidence_column(model)].to_numpy() >= SURE
    return sure & ~rows.right(model)


def tags_of(rows: Rows, row_id: int, model: ModelName | None) -> list[Tag]:
    """Return the tags of one row.

    Args:
        rows: All rows of the run.
        row_id: Which row.
        model: Whose answers count.
    """
    return [tag for tag in known_tags(rows, model) if tag_mask(rows, tag, model)[row_id]]
