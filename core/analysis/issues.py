"""What is wrong with the rows of a corpus, as one table, and what is read off it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.duplicates import Pairs
from core.analysis.label_issues import Suspects
from core.analysis.odd_texts import OddTexts
from core.analysis.outliers import Outliers
from core.artifacts.schema import NONE, Issue, Split

EXACT = "exact"
NEAR = "near"
PAIRED = (Issue.LEAKED, Issue.EXACT_DUPLICATE, Issue.NEAR_DUPLICATE, Issue.CONFLICTING_LABELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCount:
    """How many rows have an issue, of the rows that were looked at and per split."""

    issue: Issue
    n_rows: int
    by_split: dict[Split, int]


def suspects_frame(ids: npt.NDArray[np.integer], suspects: Suspects) -> pd.DataFrame:
    """Return the lines of suspected labels; `ids` are the rows that were judged, shape (n,)."""
    return _lines(Issue.SUSPECTED_LABEL, ids[suspects.positions], score=suspects.score, suggested=suspects.suggested)


def pairs_frame(issue: Issue, pairs: Pairs, *, detail: str = "") -> pd.DataFrame:
    """Return the lines of rows that repeat others."""
    return _lines(issue, pairs.ids, score=np.clip(pairs.similarity, 0, 1), other=pairs.others, detail=detail)


def outliers_frame(outliers: Outliers) -> pd.DataFrame:
    """Return the lines of outliers."""
    return _lines(Issue.OUTLIER, outliers.ids, score=outliers.distance)


def odd_texts_frame(odd: Sequence[OddTexts]) -> pd.DataFrame:
    """Return the lines of odd texts, their kind as detail."""
    return join_issues([_lines(Issue.ODD_TEXT, kind.ids, score=kind.score, detail=kind.kind.value) for kind in odd])


def join_issues(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return all lines, kind by kind in the order of `Issue`, the worst of each first."""
    order = {issue.value: rank for rank, issue in enumerate(Issue)}
    lines = pd.concat(parts, ignore_index=True)
    rank = lines["issue"].map(order)
    return lines.iloc[np.lexsort([lines["id"], -lines["score"], rank])].reset_index(drop=True)


def count_issues(issues: pd.DataFrame, split: pd.Series, selected: npt.NDArray[np.bool_]) -> dict[Issue, IssueCount]:
    """Return how many of the selected rows have each issue.

    Args:
        issues: All issues of the run.
        split: Split of each row, a category, shape (rows,).
        selected: Which rows count, shape (rows,).
    """
    lines = issues.loc[selected[issues["id"]], ["id", "issue"]].drop_duplicates()
    parts = pd.Series(split.to_numpy()[lines["id"]], dtype="str")
    counts = lines["issue"].reset_index(drop=True).to_frame().assign(split=parts).value_counts().to_dict()
    by_split = {issue: {part: int(counts.get((issue.value, part.value), 0)) for part in Split} for issue in Issue}
    return {
        issue: IssueCount(issue=issue, n_rows=sum(found.values()), by_split=found) for issue, found in by_split.items()
    }


def lines_of(issues: pd.DataFrame, issue: Issue, selected: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the lines of one issue whose rows are selected, the worst first.

    Args:
        issues: All issues of the run.
        issue: Which issue.
        selected: Which rows count, shape (rows,).
    """
    lines = issues[(issues["issue"] == issue.value) & selected[issues["id"]]]
    if issue in PAIRED:
        lines = lines[lines["other"] != NONE]
    if issue is Issue.SUSPECTED_LABEL:
        lines = lines[lines["suggested"] != NONE]
    return lines.sort_values(["score", "id"], ascending=[False, True]).reset_index(drop=True)


def count_other_labels(lines: pd.DataFrame, label: npt.NDArray[np.integer]) -> int:
    """Return how many lines are about two rows with different labels; `label` is that of each row of the run."""
    return int((label[lines["id"]] != label[lines["other"]]).sum())


def _lines(
    issue: Issue,
    ids: npt.NDArray[np.integer],
    *,
    score: npt.NDArray[np.floating],
    other: npt.NDArray[np.integer] | int = NONE,
    suggested: npt.NDArray[np.integer] | int = NONE,
    detail: str = "",
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ids.astype(np.int32),
            "issue": issue.value,
            "detail": detail,
            "score": score.astype(np.float32),
            "other": np.broadcast_to(other, ids.shape).astype(np.int32),
            "suggested": np.broadcast_to(suggested, ids.shape).astype(np.int16),
        }
    )
