"""Stratified splits and samples by seed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.artifacts.schema import Split
from core.errors import CorpusError


def add_missing_splits(
    frame: pd.DataFrame, *, classes: tuple[str, ...], validation_share: float, test_share: float, seed: int
) -> tuple[pd.DataFrame, list[str]]:
    """Fill the splits that a corpus lacks from its train rows, stratified by label, every class in every split.

    Args:
        frame: Columns label (int) and split; a row without a split of its own has split train.
        classes: Class names, for messages.
        validation_share: Share of these train rows that becomes validation, in (0, 1).
        test_share: Share of these train rows that becomes test, in (0, 1).
        seed: Seed of the draw.

    Returns:
        A frame in the same row order with all three splits, and one note per split that was made.

    Raises:
        CorpusError: If a share is not in (0, 1), a class has too few rows for one in each split, or there are fewer
            rows than the splits need.
    """
    _check_shares(validation_share, test_share)
    frame = frame.copy()
    shares = {Split.TEST: test_share, Split.VALIDATION: validation_share}
    lacking = [split for split in shares if not (frame["split"] == split).any()]
    labels = frame.loc[frame["split"] == Split.TRAIN, "label"]
    if lacking:
        _check_splittable(labels, classes, n_parts=len(lacking) + 1)
    n_to_divide, n_classes = len(labels), labels.nunique()
    rng = np.random.default_rng(seed)
    notes = []
    for k, split in enumerate(lacking):
        labels = frame.loc[frame["split"] == Split.TRAIN, "label"]
        n_held_out = max(round(shares[split] * n_to_divide), n_classes)
        n_later = len(lacking) - k  # train and the splits still to be drawn
        if len(labels) - n_held_out < n_later * n_classes:
            raise CorpusError(
                f"{len(labels):,} rows with {n_classes} classes are too few to take {n_held_out:,} of them as {split},"
                f" expected at least {n_later} per class to remain; give a larger corpus, or one file per split"
            )
        n_by_class = dict(zip(*np.unique(labels, return_counts=True), strict=True))
        for label, n in allocate(n_by_class, n_held_out, n_to_leave=n_later).items():
            drawn = rng.choice(labels.index[labels == label].to_numpy(), size=n, replace=False)
            frame.loc[drawn, "split"] = split.value
        notes.append(f"{split}: {n_held_out:,} rows drawn from train, stratified by label, seed {seed}")
    return frame, notes


def allocate(n_by_class: Mapping[int, int], n_to_draw: int, *, n_to_leave: int) -> dict[int, int]:
    """Return how many rows of each class to draw: in proportion, but at least one, and leaving at least `n_to_leave`.

    Each class gets its exact share rounded down; the rows that are then missing go to the largest remainders.

    Args:
        n_by_class: Rows of each class, at least 1 + `n_to_leave`.
        n_to_draw: Rows to draw, at least one per class, leaving at least `n_to_leave` per class.
        n_to_leave: Rows that remain of each class.
    """
    n_rows = sum(n_by_class.values())
    exact = {label: n_to_draw * n / n_rows for label, n in sorted(n_by_class.items())}
    drawn = {label: min(max(int(share), 1), n_by_class[label] - n_to_leave) for label, share in exact.items()}
    while (n_missing := n_to_draw - sum(drawn.values())) != 0:
        if n_missing > 0:
            able = [label for label in drawn if drawn[label] < n_by_class[label] - n_to_leave]
            drawn[max(able, key=lambda label: exact[label] - drawn[label])] += 1
        else:
            able = [label for label in drawn if drawn[label] > 1]
            drawn[min(able, key=lambda label: exact[label] - drawn[label])] -= 1
    return drawn


def _check_shares(validation_share: float, test_share: float) -> None:
    for option, share in (("--validation-share", validation_share), ("--test-share", test_share)):
        if not 0 < share < 1:
            raise CorpusError(f"{option} is {share:g}, expected a share between 0 and 1; give one such as 0.1")
    if validation_share + test_share >= 1:
        raise CorpusError(
            f"--validation-share {validation_share:g} and --test-share {test_share:g} leave nothing to train on,"
            f" expected less than 1 together; give smaller ones"
        )


def _check_splittable(labels: pd.Series, classes: tuple[str, ...], *, n_parts: int) -> None:
    counts = labels.value_counts()
    n_rows = int(counts.min())
    if n_rows < n_parts:
        smallest = classes[int(counts.index[int(counts.argmin())])]
        raise CorpusError(
            f"the class {smallest!r} has {n_rows} row(s), expected at least {n_parts} to be split into {n_parts} parts;"
            f" add rows, merge or drop the class, or give one file per split"
        )


def sample_rows(frame: pd.DataFrame, *, limit: int, seed: int) -> pd.DataFrame:
    """Return about `limit` rows in the old order, drawn from each (split, label) in proportion, at least two of each.

    Raises:
        CorpusError: If `limit` is below 1.
    """
    if limit < 1:
        raise CorpusError(f"--limit is {limit}, expected a number of rows of at least 1; give a larger one")
    share = limit / len(frame)
    if share >= 1:
        return frame
    rng = np.random.default_rng(seed)
    kept = []
    for _, group in frame.groupby(["split", "label"], sort=True):
        n = min(len(group), max(2, round(share * len(group))))
        kept.append(rng.choice(group.index.to_numpy(), size=n, replace=False))
    return frame.loc[np.sort(np.concatenate(kept))].reset_index(drop=True)
