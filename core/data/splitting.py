"""Stratified splits and samples by seed."""

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from core.artifacts.schema import Split
from core.errors import CorpusError


def add_missing_splits(
    frame: pd.DataFrame, *, classes: tuple[str, ...], validation_share: float, test_share: float, seed: int
) -> tuple[pd.DataFrame, list[str]]:
    """Fill the splits that a corpus lacks from its train rows, stratified by label.

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
    n_to_divide = int((frame["split"] == Split.TRAIN).sum())
    notes = []
    for k, split in enumerate(lacking):
        train = frame.index[frame["split"] == Split.TRAIN]
        labels = frame.loc[train, "label"]
        _check_splittable(labels, classes, n_parts=len(lacking) - k + 1)
        n_held_out = max(round(shares[split] * n_to_divide), labels.nunique())
        if len(train) - n_held_out < labels.nunique():
            raise CorpusError(
                f"{len(train):,} rows with {labels.nunique()} classes are too few to take {n_held_out:,} of them as"
                f" {split}, expected at least one per class to remain; give a larger corpus, or one file per split"
            )
        _, held_out = train_test_split(
            train.to_numpy(), test_size=n_held_out, stratify=labels.to_numpy(), random_state=seed
        )
        frame.loc[held_out, "split"] = split.value
        notes.append(f"{split}: {n_held_out:,} rows drawn from train, stratified by label, seed {seed}")
    return frame, notes


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
