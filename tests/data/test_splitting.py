from pathlib import Path

import pandas as pd
import pytest

from core.artifacts.schema import Split
from core.data.splitting import add_missing_splits, allocate, sample_rows
from core.errors import CorpusError
from tests.data.files import csv_of, load, write


def counts(frame: pd.DataFrame) -> dict[tuple[str, int], int]:
    return frame.groupby(["split", "label"]).size().to_dict()


def rows(counts: dict[int, int], split: str = "train") -> pd.DataFrame:
    return pd.DataFrame({"label": [k for k, n in counts.items() for _ in range(n)], "split": split})


def divide(frame: pd.DataFrame, **changes: object) -> tuple[pd.DataFrame, list[str]]:
    settings = {"classes": ("a", "b"), "validation_share": 0.1, "test_share": 0.2, "seed": 1, **changes}
    return add_missing_splits(frame, **settings)


def test_shares_hold_for_every_class() -> None:
    frame, notes = divide(rows({0: 70, 1: 30}))
    assert counts(frame) == {
        ("train", 0): 49, ("train", 1): 21, ("validation", 0): 7, ("validation", 1): 3, ("test", 0): 14, ("test", 1): 6
    }  # fmt: skip
    assert notes == [
        "test: 20 rows drawn from train, stratified by label, seed 1",
        "validation: 10 rows drawn from train, stratified by label, seed 1",
    ]


def test_same_seed_gives_the_same_splits_and_another_seed_others() -> None:
    first, second, other = (divide(rows({0: 70, 1: 30}), seed=seed)[0]["split"] for seed in (5, 5, 6))
    assert first.equals(second)
    assert not first.equals(other)


def test_rows_keep_their_order_and_the_frame_given_is_not_changed() -> None:
    frame = rows({0: 10, 1: 10})
    divided, _ = divide(frame)
    assert divided["label"].tolist() == [0] * 10 + [1] * 10
    assert set(frame["split"]) == {"train"}


def test_split_that_is_there_is_left_alone() -> None:
    frame = pd.concat([rows({0: 10, 1: 10}), rows({0: 3, 1: 1}, "test")], ignore_index=True)
    divided, notes = divide(frame)
    assert (divided["split"] == Split.TEST).sum() == 4
    assert (divided["split"][20:] == Split.TEST).all()
    assert notes == ["validation: 2 rows drawn from train, stratified by label, seed 1"]


@pytest.mark.parametrize("seed", range(8))
def test_three_rows_of_a_class_are_enough_whatever_the_seed(seed: int) -> None:
    frame, _ = divide(rows({0: 27, 1: 3}), seed=seed, test_share=0.1)
    assert {label for split, label in counts(frame) if split == "train"} == {0, 1}


@pytest.mark.parametrize("seed", range(8))
def test_three_rows_of_1200_are_one_in_each_split_whatever_the_seed(seed: int) -> None:
    frame, _ = divide(rows({0: 800, 1: 397, 2: 3}), classes=("a", "b", "c"), test_share=0.1, seed=seed)
    assert counts(frame) == {
        ("train", 0): 640, ("train", 1): 319, ("train", 2): 1,
        ("validation", 0): 80, ("validation", 1): 39, ("validation", 2): 1,
        ("test", 0): 80, ("test", 1): 39, ("test", 2): 1,
    }  # fmt: skip


def test_large_share_leaves_a_row_of_a_small_class_for_every_other_split() -> None:
    # 60% of 3 rows would be two of them in test alone
    frame, _ = divide(rows({0: 47, 1: 3}), test_share=0.6, validation_share=0.3)
    assert {key: n for key, n in counts(frame).items() if key[1] == 1} == {
        ("train", 1): 1, ("validation", 1): 1, ("test", 1): 1
    }  # fmt: skip
    assert frame["split"].value_counts().to_dict() == {"test": 30, "validation": 15, "train": 5}


@pytest.mark.parametrize(
    ("n_by_class", "n_to_draw", "n_to_leave", "expected"),
    [
        ({0: 70, 1: 30}, 20, 1, {0: 14, 1: 6}),
        ({0: 5, 1: 5, 2: 5}, 4, 1, {0: 2, 1: 1, 2: 1}),
        ({0: 98, 1: 1, 2: 1}, 10, 0, {0: 8, 1: 1, 2: 1}),
        ({0: 3, 1: 3}, 4, 1, {0: 2, 1: 2}),
        ({0: 9, 1: 2}, 9, 1, {0: 8, 1: 1}),
        ({0: 4, 1: 4}, 2, 2, {0: 1, 1: 1}),
    ],
)
def test_rows_to_draw_of_each_class(
    n_by_class: dict[int, int], n_to_draw: int, n_to_leave: int, expected: dict[int, int]
) -> None:
    assert allocate(n_by_class, n_to_draw, n_to_leave=n_to_leave) == expected


@pytest.mark.parametrize(
    ("frame", "changes", "message"),
    [
        (rows({0: 20, 1: 2}), {}, "the class 'b' has 2 row(s), expected at least 3 to be split into 3 parts; add rows"),
        (
            pd.concat([rows({0: 20, 1: 1}), rows({0: 1, 1: 1}, "test")], ignore_index=True),
            {},
            "the class 'b' has 1 row(s), expected at least 2 to be split into 2 parts; add rows",
        ),
        (
            rows({0: 3, 1: 3}),
            {"test_share": 0.8},
            "6 rows with 2 classes are too few to take 5 of them as test, expected at least 2 per class to remain",
        ),
        (
            rows({0: 9, 1: 9}),
            {"validation_share": 0.0},
            "--validation-share is 0, expected a share between 0 and 1; give",
        ),
        (rows({0: 9, 1: 9}), {"validation_share": 1.0}, "--validation-share is 1, expected a share between 0 and 1"),
        (rows({0: 9, 1: 9}), {"test_share": -0.1}, "--test-share is -0.1, expected a share between 0 and 1; give one"),
        (rows({0: 9, 1: 9}), {"test_share": 10}, "--test-share is 10, expected a share between 0 and 1; give one such"),
        (rows({0: 9, 1: 9}), {"test_share": float("nan")}, "--test-share is nan, expected a share between 0 and 1"),
        (
            rows({0: 9, 1: 9}),
            {"test_share": 0.9},
            "--validation-share 0.1 and --test-share 0.9 leave nothing to train on",
        ),
    ],
)
def test_what_cannot_be_split_says_why(frame: pd.DataFrame, changes: dict[str, object], message: str) -> None:
    with pytest.raises(CorpusError) as caught:
        divide(frame, **changes)
    assert message in str(caught.value)


def test_sample_keeps_the_proportions_and_the_order() -> None:
    frame = pd.concat([rows({0: 400, 1: 100}), rows({0: 80, 1: 20}, "test")], ignore_index=True)
    frame["n"] = range(600)
    sample = sample_rows(frame, limit=60, seed=3)
    assert counts(sample) == {("train", 0): 40, ("train", 1): 10, ("test", 0): 8, ("test", 1): 2}
    assert sample["n"].is_monotonic_increasing
    assert sample.index.tolist() == list(range(60))
    assert sample.equals(sample_rows(frame, limit=60, seed=3))
    assert not sample.equals(sample_rows(frame, limit=60, seed=4))


def test_sample_keeps_two_of_each_class_or_the_only_one() -> None:
    assert counts(sample_rows(rows({0: 500, 1: 1, 2: 9}), limit=1, seed=3)) == {
        ("train", 0): 2,
        ("train", 1): 1,
        ("train", 2): 2,
    }


def test_limit_above_the_number_of_rows_changes_nothing_and_is_not_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_of({"joy": 20, "fear": 20}))
    assert load(path, limit=40).frame.equals(load(path).frame)
    assert load(path, limit=40).info.notes == load(path).info.notes


def test_limit_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_of({"joy": 200, "fear": 200}))
    corpus = load(path, limit=40)
    assert corpus.info.n_rows == {Split.TRAIN: 32, Split.VALIDATION: 4, Split.TEST: 4}
    assert corpus.info.notes[-1] == "limited to 40 of 400 rows with --limit 40"


@pytest.mark.parametrize("limit", [0, -5])
def test_limit_below_one_is_refused(tmp_path: Path, limit: int) -> None:
    path = write(tmp_path / "a.csv", csv_of({"joy": 20, "fear": 20}))
    with pytest.raises(
        CorpusError, match=f"--limit is {limit}, expected a number of rows of at least 1; give a larger one"
    ):
        load(path, limit=limit)
