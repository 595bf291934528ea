"""Scores without some rows, against scikit-learn on the rows that are left; and the table of issues."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score

from core.analysis.duplicates import Pairs
from core.analysis.issues import (
    count_issues,
    count_other_labels,
    join_issues,
    lines_of,
    odd_texts_frame,
    pairs_frame,
    suspects_frame,
)
from core.analysis.label_issues import Suspects
from core.analysis.odd_texts import OddText, OddTexts
from core.analysis.scores_without import LEFT_OUT, score_without
from core.analysis.tags import Tag
from core.artifacts.schema import ISSUES, Issue, ModelName, Split
from tests.analysis.small_rows import FINETUNED, LABEL, small_rows

PROBS = np.full((8, 3), 0.1) + 0.7 * np.eye(3)[FINETUNED]


def rows_with(**issues: list[int]):
    rows = small_rows()
    for name, ids in issues.items():
        rows.frame[f"issue_{name}"] = rows.frame.index.isin(ids)
    return rows


def test_scores_are_scikit_learns_on_the_rows_left():
    rows = rows_with(leaked=[1], suspected_label=[3])
    scored = (rows.frame["split"] == "train").to_numpy()
    found = {score.without: score for score in score_without(rows, ModelName.LOGREG, PROBS, scored)}
    assert list(found) == list(LEFT_OUT)
    pred, label = rows.pred(ModelName.LOGREG), np.array(LABEL)
    for without, kept in (((), [0, 1, 2, 3]), ((Tag.LEAKED,), [0, 2, 3]), (LEFT_OUT[-1], [0, 2])):
        score = found[without]
        assert score.n_left_out == 4 - len(kept)
        assert score.metrics.accuracy == pytest.approx(accuracy_score(label[kept], pred[kept]))
        assert score.metrics.macro_f1 == pytest.approx(f1_score(label[kept], pred[kept], average="macro"))
    assert found[(Tag.LEAKED,)].accuracy_gain == pytest.approx(1 / 3 - 1 / 2)
    assert found[(Tag.CONFLICTING_LABELS,)].n_left_out == 0
    assert found[(Tag.CONFLICTING_LABELS,)].accuracy_gain == 0


def test_no_row_left_has_no_score():
    rows = rows_with(leaked=[6, 7])
    scored = (rows.frame["split"] == "test").to_numpy()
    leaked = score_without(rows, ModelName.FINETUNED, PROBS, scored)[1]
    assert (leaked.n_left_out, leaked.metrics, leaked.accuracy_gain, leaked.macro_f1_gain) == (2, None, None, None)


def test_no_scored_row_has_no_scores():
    assert score_without(small_rows(), ModelName.FINETUNED, PROBS, np.zeros(8, dtype=bool)) == []


def issues() -> pd.DataFrame:
    pairs = Pairs(ids=np.array([4, 6]), others=np.array([0, 1]), similarity=np.array([0.96, 1.00001]))
    suspects = Suspects(positions=np.array([1, 0]), suggested=np.array([2, 1]), score=np.array([0.9, 0.8]))
    odd = OddTexts(kind=OddText.ONE_WORD, ids=np.array([2]), score=np.array([0.5]))
    return join_issues(
        [
            odd_texts_frame([odd, OddTexts(kind=OddText.VERY_LONG, ids=np.array([2]), score=np.array([0.7]))]),
            pairs_frame(Issue.LEAKED, pairs, detail="near"),
            suspects_frame(np.array([3, 5]), suspects),
        ]
    )


def test_table_of_issues_is_that_of_the_schema_worst_first():
    table = issues()
    assert list(table.columns) == ISSUES.schema.names
    assert table["id"].tolist() == [5, 3, 6, 4, 2, 2]
    assert table["issue"].tolist() == ["suspected_label"] * 2 + ["leaked"] * 2 + ["odd_text"] * 2
    assert table["score"].tolist() == pytest.approx([0.9, 0.8, 1.0, 0.96, 0.7, 0.5])
    assert table["other"].tolist() == [-1, -1, 1, 0, -1, -1]
    assert table["suggested"].tolist() == [2, 1, -1, -1, -1, -1]
    assert table["detail"].tolist() == ["", "", "near", "near", "very_long", "one_word"]


def test_a_row_that_is_odd_in_two_ways_counts_once():
    rows = small_rows()
    counts = count_issues(issues(), rows.frame["split"], np.ones(8, dtype=bool))
    assert counts[Issue.ODD_TEXT].n_rows == 1
    assert counts[Issue.LEAKED].by_split == {Split.TRAIN: 0, Split.VALIDATION: 1, Split.TEST: 1}
    assert counts[Issue.OUTLIER].n_rows == 0


def test_lines_are_those_of_selected_rows():
    selected = np.ones(8, dtype=bool)
    selected[6] = False
    assert lines_of(issues(), Issue.LEAKED, selected)["id"].tolist() == [4]


def test_lines_that_name_no_other_row_are_left_out():
    broken = issues().assign(other=-1, suggested=-1)
    everything = np.ones(8, dtype=bool)
    assert (
        len(lines_of(broken, Issue.LEAKED, everything)) == len(lines_of(broken, Issue.SUSPECTED_LABEL, everything)) == 0
    )


def test_pairs_with_different_labels_are_counted():
    lines = lines_of(issues(), Issue.LEAKED, np.ones(8, dtype=bool))
    assert lines[["id", "other"]].to_numpy().tolist() == [[6, 1], [4, 0]]
    # labels: row 6 is 0 and row 1 is 1; row 4 is 1 and row 0 is 0
    assert count_other_labels(lines, np.array(LABEL)) == 2
    assert count_other_labels(lines, np.zeros(8, dtype=int)) == 0
