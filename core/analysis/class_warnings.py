"""Classes with too few texts, and classes of very different size."""

from collections.abc import Iterator

import numpy as np

from core.analysis.class_balance import ClassBalance
from core.analysis.corpus_warnings import Check, Finding, Severity, listed, named
from core.artifacts.schema import Split

MIN_ROWS = 20
"""Rows that a class needs per split: the default of Azimuth's dataset warnings; a share of 20 rows is known to ±20
points (Wilson score interval of 95%)."""
HIGH_IMBALANCE = 9.0
"""Ratio of largest to smallest class from which imbalance counts as high: the border of the KEEL repository's
collections of imbalanced data sets (Alcalá-Fdez et al. 2011)."""


def find_small_classes(balance: ClassBalance) -> Iterator[Finding]:
    """Yield, for each split, the classes that it lacks and those with fewer than 20 rows; one finding if all is fine.

    Args:
        balance: Rows per class and split.
    """
    found = [finding for split in balance.counts for finding in _small_in(balance, split)]
    yield from found
    if not found:
        fewest, split, k = min(
            (n, split, k) for split, of_split in balance.counts.items() for k, n in enumerate(of_split)
        )
        yield Finding(
            check=Check.CLASS_SIZE,
            severity=Severity.FINE,
            sentence=f"Every class has {MIN_ROWS} texts or more in each split; the fewest are the {fewest:,} of"
            f" {named(balance.classes[k])} in {split}.",
        )


def find_imbalance(balance: ClassBalance) -> Finding:
    """Return how much larger the largest class of the train split is than the smallest that has a row."""
    counts = balance.counts[Split.TRAIN]
    present = [k for k, n in enumerate(counts) if n]
    large, small = max(present, key=lambda k: counts[k]), min(present, key=lambda k: counts[k])
    ratio, n_rows = counts[large] / counts[small], balance.n_rows(Split.TRAIN)
    sizes = (
        f"{named(balance.classes[large])} has {counts[large] / n_rows:.1%} of the training texts,"
        f" {named(balance.classes[small])} {counts[small] / n_rows:.1%}: {ratio:.1f} times as many"
    )
    if ratio <= HIGH_IMBALANCE:
        return Finding(check=Check.IMBALANCE, severity=Severity.FINE, sentence=f"{sizes}, which is not much.")
    return Finding(
        check=Check.IMBALANCE,
        severity=Severity.NOTABLE,
        sentence=f"{sizes}. Accuracy flatters a model that favours the frequent classes: look at macro F1 and at the"
        " recall of the rare ones, and label more of these.",
        split=Split.TRAIN,
        classes=(small,),
        n_rows=counts[small],
    )


def _small_in(balance: ClassBalance, split: Split) -> Iterator[Finding]:
    counts = np.array(balance.counts[split])
    is_train = split is Split.TRAIN
    absent, few = np.flatnonzero(counts == 0), np.flatnonzero((counts > 0) & (counts < MIN_ROWS))
    few = few[np.argsort(counts[few], kind="stable")]
    if len(absent):
        consequence = "no model can learn them" if is_train else "nothing says how well they are recognised"
        yield Finding(
            check=Check.CLASS_SIZE,
            severity=Severity.SERIOUS,
            sentence=f"{_classes(len(absent))} no text in {split}"
            f" ({listed([named(balance.classes[k]) for k in absent])}): {consequence}. Label some, or drop the class.",
        )
    if len(few):
        consequence = (
            "little to learn from. Label more, or merge them with a class that is like them"
            if is_train
            else "scores of so few can be 20 points off by chance. Read them with their intervals, or label more"
        )
        sizes = listed([f"{named(balance.classes[k])} {counts[k]}" for k in few])
        yield Finding(
            check=Check.CLASS_SIZE,
            severity=Severity.NOTABLE,
            sentence=f"{_classes(len(few))} fewer than {MIN_ROWS} texts in {split} ({sizes}): {consequence}.",
            split=split,
            classes=tuple(int(k) for k in few),
            n_rows=int(counts[few].sum()),
        )


def _classes(number: int) -> str:
    return "1 class has" if number == 1 else f"{number:,} classes have"
