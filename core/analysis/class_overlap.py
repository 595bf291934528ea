"""Pairs of classes whose texts lie among each other for the frozen encoder."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from core.analysis.class_warnings import MIN_ROWS
from core.analysis.corpus_warnings import Check, Finding, Severity, named
from core.artifacts.schema import Split

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]
OVERLAPPING = 0.5
"""From here a text of the other class is at least half as likely to be near as one of the own class."""
N_NEAREST = 10
MAX_ASKED, MAX_AROUND = 4_000, 20_000
_MAX_PAIRS = 4
_CHUNK = 500


def find_class_overlap(
    vectors: FloatArray, train: IntArray, label: IntArray, group: IntArray, *, classes: Sequence[str], seed: int
) -> Iterator[Finding]:
    """Yield the pairs of classes that overlap most, at most four; one finding if none does.

    Args:
        vectors: Vectors of all texts, shape (texts, dimensions).
        train: Which of them are training texts, as indices, shape (n,).
        label: Their classes, shape (n,).
        group: Equal for equal texts, shape (n,).
        classes: Class names.
        seed: Draws the texts whose neighbours are looked at, and the texts around them.
    """
    counts = np.bincount(label, minlength=len(classes))
    usable = counts >= MIN_ROWS
    if usable.sum() < 2:
        yield Finding(
            check=Check.CLASS_OVERLAP,
            severity=Severity.NOT_CHECKED,
            sentence=f"Overlap of classes: fewer than two classes have {MIN_ROWS} training texts.",
        )
        return
    overlap = class_overlap(near_shares(vectors, train, label, group, n_classes=len(classes), seed=seed), counts)
    overlap[~usable], overlap[:, ~usable] = 0, 0
    pairs = sorted(combinations(range(len(classes)), 2), key=lambda pair: -overlap[pair])
    found = [pair for pair in pairs if overlap[pair] >= OVERLAPPING]
    basis = f"among the {N_NEAREST} nearest training texts by the frozen encoder, a text of the other class is"
    for place, (a, b) in enumerate(found[:_MAX_PAIRS]):
        pair, share = f"{named(classes[a])} and {named(classes[b])} overlap", f"{overlap[a, b]:.0%}"
        yield Finding(
            check=Check.CLASS_OVERLAP,
            severity=Severity.NOTABLE,
            sentence=f"{pair} too ({share})."
            if place
            else f"{pair}{_rank(len(found), len(pairs))}: {basis} {share} as likely as one of the own, whatever the"
            " sizes of the two. Check how they are told apart when labelling, and whether fine-tuning can.",
            split=Split.TRAIN,
            classes=(a, b),
            n_rows=int(counts[a] + counts[b]),
        )
    if not found:
        a, b = pairs[0]
        yield Finding(
            check=Check.CLASS_OVERLAP,
            severity=Severity.FINE,
            sentence=f"No two classes overlap much. The nearest are {named(classes[a])} and {named(classes[b])}:"
            f" {basis} {overlap[a, b]:.0%} as likely as one of the own.",
        )


def _rank(n_found: int, n_pairs: int) -> str:
    return "" if n_found == 1 else f" most, of {n_found:,} pairs of classes that do ({n_pairs:,} in all)"


def class_overlap(near: FloatArray, counts: IntArray) -> npt.NDArray[np.float64]:
    """Return how much each pair of classes overlaps, shape (classes, classes), in [0, 1]; 0 for a class without rows.

    Neighbours of the other class over neighbours of the own class, each relative to the size of the class, both
    directions together: 0 if they never stand near each other, 1 if nothing tells them apart.

    Args:
        near: Share of the neighbours of class i that is of class j, shape (classes, classes).
        counts: Texts of each class among which the neighbours are, shape (classes,).
    """
    likely = near * (counts.sum() / np.maximum(counts, 1))
    own = np.diag(likely)
    other, same = likely + likely.T, own[:, None] + own[None, :]
    overlap: npt.NDArray[np.float64] = np.divide(other, same, out=(other > 0).astype(np.float64), where=same > 0)
    np.fill_diagonal(overlap, 0)
    return np.minimum(overlap, 1)


def near_shares(
    vectors: FloatArray, train: IntArray, label: IntArray, group: IntArray, *, n_classes: int, seed: int
) -> npt.NDArray[np.float64]:
    """Return which share of the ten nearest other texts of class i is of class j, shape (classes, classes).

    Nearest by cosine. Looked at are 4,000 texts at most, among 20,000 at most. A class without texts has zeros.

    Args:
        vectors: Vectors of all texts, shape (texts, dimensions).
        train: Which of them count, as indices, shape (n,).
        label: Class of each, shape (n,).
        group: Equal for equal texts, which are no neighbours of each other, shape (n,).
        n_classes: Number of classes.
        seed: Seed of the draw.
    """
    rng = np.random.default_rng(seed)
    around = rng.permutation(len(label))[:MAX_AROUND]
    known = _unit(vectors[train[around]])
    n_nearest = min(N_NEAREST, len(around) - 1)
    near = np.zeros((n_classes, n_classes))
    for start in range(0, min(MAX_ASKED, len(around)), _CHUNK):
        asked = around[start : min(start + _CHUNK, MAX_ASKED)]
        similarity = known[start : start + len(asked)] @ known.T
        similarity[group[asked][:, None] == group[around][None, :]] = -np.inf
        nearest = np.argpartition(-similarity, n_nearest - 1, axis=1)[:, :n_nearest]
        is_other = np.isfinite(np.take_along_axis(similarity, nearest, axis=1))
        pairs = np.repeat(label[asked].astype(np.int64), n_nearest) * n_classes + label[around][nearest].ravel()
        near += np.bincount(pairs[is_other.ravel()], minlength=n_classes**2).reshape(n_classes, n_classes)
    totals = near.sum(axis=1, keepdims=True)
    shares: npt.NDArray[np.float64] = np.divide(near, totals, out=np.zeros_like(near), where=totals > 0)
    return shares


def _unit(vectors: FloatArray) -> npt.NDArray[np.float32]:
    exact = vectors.astype(np.float32)
    unit: npt.NDArray[np.float32] = exact / np.maximum(np.linalg.norm(exact, axis=1, keepdims=True), 1e-12)
    return unit
