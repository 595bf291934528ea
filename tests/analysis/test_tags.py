import numpy as np
import pytest

from core.analysis.row_filter import Outcome, RowFilter, select_rows
from core.analysis.tag_counts import count_tags
from core.analysis.tags import OF_ANSWERS, Tag, known_tags, tag_mask, tags_of
from core.artifacts.schema import ModelName, Split
from tests.analysis.small_rows import small_rows

FINETUNED = ModelName.FINETUNED


@pytest.fixture
def rows():
    rows = small_rows()
    frame = rows.frame
    frame["n_words"] = [1, 5, 5, 5, 5, 5, 5, 9]
    frame["finetuned_confidence"] = [0.9, 0.8, 0.7, 0.6, 0.9, 0.95, 1.0, 0.4]
    frame["finetuned_margin"] = [0.8, 0.6, 0.1, 0.05, 0.8, 0.9, 1.0, 0.0]
    frame["truncated"] = [False] * 7 + [True]
    frame["neighbor_agreement"] = np.float32([1, 0.5, 0.4, 0, 1, 1, 1, 1])
    frame["issue_leaked"] = [False] * 6 + [True, False]
    frame["finetuned_fragile"] = [False] * 6 + [True, True]
    return rows


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (Tag.SHORT, [0]),
        (Tag.LONG, [7]),
        (Tag.TRUNCATED, [7]),
        (Tag.LOW_MARGIN, [3, 7]),
        (Tag.SURE_BUT_WRONG, [4, 5]),
        (Tag.NEIGHBOURS_DISAGREE, [2, 3]),
        (Tag.LEAKED, [6]),
        (Tag.FRAGILE, [6, 7]),
        (Tag.OUTLIER, []),
    ],
)
def test_rows_with_a_tag_by_hand(rows, tag, expected):
    assert tag_mask(rows, tag, FINETUNED).nonzero()[0].tolist() == expected


def test_texts_of_one_length_are_neither_short_nor_long(rows):
    rows.frame["n_words"] = 5
    assert not tag_mask(rows, Tag.SHORT, FINETUNED).any()
    assert not tag_mask(rows, Tag.LONG, FINETUNED).any()


def test_known_are_those_whose_basis_is_there(rows):
    assert Tag.LEAKED in known_tags(rows, FINETUNED)
    assert Tag.OUTLIER not in known_tags(rows, FINETUNED)
    assert Tag.FRAGILE not in known_tags(rows, ModelName.LOGREG)
    assert not OF_ANSWERS & set(known_tags(rows, None))
    assert Tag.SHORT in known_tags(rows, None)


def test_tags_of_one_row(rows):
    assert tags_of(rows, 7, FINETUNED) == [Tag.LONG, Tag.TRUNCATED, Tag.LOW_MARGIN, Tag.FRAGILE]
    assert tags_of(rows, 1, FINETUNED) == []


def test_filter_takes_any_of_the_tags_and_none_of_those_without(rows):
    chosen = RowFilter(split=None, tags=(Tag.LOW_MARGIN, Tag.LEAKED))
    assert select_rows(rows, chosen).nonzero()[0].tolist() == [3, 6, 7]
    assert select_rows(rows, RowFilter(split=None, without=(Tag.LOW_MARGIN, Tag.LEAKED))).tolist() == [
        i not in (3, 6, 7) for i in range(8)
    ]


def test_scores_are_measured_whatever_the_answers_are():
    chosen = RowFilter(tags=(Tag.SURE_BUT_WRONG, Tag.LEAKED), without=(Tag.FRAGILE, Tag.OUTLIER))
    assert chosen.without_answers() == RowFilter(tags=(Tag.LEAKED,), without=(Tag.OUTLIER,))


def test_words_and_clusters_choose_rows(rows):
    rows.frame["cluster"] = [0, 1, 2, 0, 1, 2, 0, 1]
    assert select_rows(rows, RowFilter(split=None, words=("happy",))).nonzero()[0].tolist() == [0, 3, 6]
    assert select_rows(rows, RowFilter(split=None, words=("happy", "again"))).nonzero()[0].tolist() == [3]
    assert select_rows(rows, RowFilter(split=None, clusters=(1, 2))).nonzero()[0].tolist() == [1, 2, 4, 5, 7]


def test_counts_per_tag_by_hand(rows):
    scored = (rows.frame["split"] == Split.TEST).to_numpy()  # 6: logreg wrong, fine-tuned right; 7: both wrong
    counts = {found.tag: found for found in count_tags(rows, scored, FINETUNED)}
    assert Tag.SURE_BUT_WRONG not in counts
    fragile = counts[Tag.FRAGILE]
    assert (fragile.n_rows, fragile.n_errors) == (2, 1)
    assert dict(fragile.by_outcome) == {Outcome.FIXED: 1, Outcome.BROKEN: 0, Outcome.WRONG_IN_BOTH: 1}
    assert fragile.interval == pytest.approx((0.0945, 0.9055), abs=1e-4)  # Wilson, 1 of 2
    assert counts[Tag.LEAKED].n_errors == 0
