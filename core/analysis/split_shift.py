"""Whether a split that models are measured on is unlike the one that they learn from: labels, lengths, words.

A difference is a warning only if chance would hardly make it (p < 0.01) and if it is large enough to matter. With
many texts the smallest difference is beyond chance, with few the largest may be chance.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.analysis.corpus_warnings import Check, Finding, Severity, named
from core.analysis.typical_words import count_words
from core.artifacts.schema import Split

IntArray = npt.NDArray[np.integer]
BEYOND_CHANCE = 0.01
SMALL_EFFECT_OF_LABELS, LARGE_EFFECT_OF_LABELS = 0.1, 0.5
"""Cohen's w, "small" and "large" (Cohen 1988, "Statistical Power Analysis", section 7.2)."""
SMALL_EFFECT_OF_LENGTH, LARGE_EFFECT_OF_LENGTH = 0.2, 0.8
"""Cohen's d, "small" and "large" (section 2.2)."""
SMALL_DISTANCE, LARGE_DISTANCE = 0.1, 0.3
"""Kolmogorov-Smirnov distances of about those of two normal distributions d = 0.25 and d = 0.8 apart: for shifts that
leave the mean where it is."""
SMALL_EXCESS, LARGE_EXCESS = 0.01, 0.05
"""Unseen words beyond those of a random split, as a share of all words: one in a hundred, and one in twenty."""
N_DRAWS = 99
MAX_TRAIN_TEXTS, MAX_OTHER_TEXTS = 20_000, 5_000


def find_label_shift(train: Sequence[int], other: Sequence[int], *, split: Split, classes: Sequence[str]) -> Finding:
    """Return whether the classes of a split are spread as those of train: chi-squared test, and Cohen's w.

    Args:
        train: Rows per class in train.
        other: Rows per class in the split, at least one row.
        split: Which one.
        classes: Class names.
    """
    from scipy.stats import chi2_contingency

    counts = np.array([train, other], dtype=np.int64)
    shares = counts / counts.sum(axis=1, keepdims=True)
    k = int(np.abs(shares[1] - shares[0]).argmax())
    present = counts.sum(axis=0) > 0
    p_value = float(chi2_contingency(counts[:, present]).pvalue) if present.sum() > 1 else 1.0
    known = shares[0] > 0
    effect = float(np.sqrt((((shares[1] - shares[0]) ** 2)[known] / shares[0][known]).sum()))
    sizes = (
        f"The largest difference of classes between train and {split}: {named(classes[k])} has {shares[0, k]:.1%} of"
        f" the texts in train, {shares[1, k]:.1%} in {split} ({_p(p_value)}, Cohen's w {effect:.2f})"
    )
    severity = _severity(p_value, effect, SMALL_EFFECT_OF_LABELS, LARGE_EFFECT_OF_LABELS)
    if severity is Severity.FINE:
        return Finding(check=Check.LABEL_SHIFT, severity=severity, sentence=f"{sizes}.")
    return Finding(
        check=Check.LABEL_SHIFT,
        severity=severity,
        sentence=f"{sizes}. Accuracy there says little about texts that are spread as in train: compare macro F1, or"
        " split anew so that every split has the same shares.",
        split=split,
        classes=(k,),
        n_rows=int(counts[1, k]),
    )


def find_length_shift(train: IntArray, other: IntArray, *, split: Split) -> Finding:
    """Return whether the texts of a split are as long as those of train: Kolmogorov-Smirnov test, and Cohen's d.

    Args:
        train: Words per text in train, shape (n,).
        other: Words per text in the split, shape (m,), at least one.
        split: Which one.
    """
    from scipy.stats import ks_2samp

    test = ks_2samp(train, other, method="asymp")
    distance, p_value = float(test.statistic), float(test.pvalue)
    effect = standardised_difference(train, other)
    sizes = (
        f"Texts in train have {np.median(train):,.6g} words in the middle, those in {split} {np.median(other):,.6g}"
        f" ({_p(p_value)}, Kolmogorov-Smirnov distance {distance:.2f}, Cohen's d {effect:+.2f})"
    )
    severity = min(
        _severity(p_value, abs(effect), SMALL_EFFECT_OF_LENGTH, LARGE_EFFECT_OF_LENGTH),
        _severity(p_value, distance, SMALL_DISTANCE, LARGE_DISTANCE),
        key=list(Severity).index,
    )
    if severity is Severity.FINE:
        return Finding(check=Check.LENGTH_SHIFT, severity=severity, sentence=f"{sizes}.")
    return Finding(
        check=Check.LENGTH_SHIFT,
        severity=severity,
        sentence=f"{sizes}. Models may do better or worse there for their length alone: compare the scores of short and"
        " long texts, and add training texts of the lengths that are rare.",
        split=split,
        n_rows=len(other),
    )


def standardised_difference(train: IntArray, other: IntArray) -> float:
    """Return Cohen's d, (mean of `other` − mean of `train`) / pooled standard deviation; 0 where nothing varies."""
    n, m = len(train), len(other)
    if n + m <= 2:
        return 0.0
    pooled = ((n * train.var() + m * other.var()) / (n + m - 2)) ** 0.5
    return float((other.mean() - train.mean()) / pooled) if pooled else 0.0


def find_vocabulary_shift(train: Sequence[str], other: Sequence[str], *, split: Split, seed: int) -> Finding:
    """Return whether more words of a split are unseen in train than in 99 random splits of the same texts.

    Of more than 20,000 and 5,000 texts so many are drawn.

    Args:
        train: Texts of train.
        other: Texts of the split, at least one.
        split: Which one.
        seed: Seed of the draws.
    """
    rng = np.random.default_rng(seed)
    n_rows = len(other)
    train, other = _at_most(train, MAX_TRAIN_TEXTS, rng), _at_most(other, MAX_OTHER_TEXTS, rng)
    found, by_chance = unseen_shares([*train, *other], n_other=len(other), rng=rng)
    expected, p_value = float(by_chance.mean()), float((1 + (by_chance >= found).sum()) / (1 + len(by_chance)))
    sizes = (
        f"{found:.1%} of the words in {split} stand in no training text; in random splits of the same sizes it is"
        f" {expected:.1%} ({by_chance.min():.1%} to {by_chance.max():.1%})"
    )
    severity = _severity(p_value, found - expected, SMALL_EXCESS, LARGE_EXCESS)
    if severity is Severity.FINE:
        return Finding(check=Check.VOCABULARY_SHIFT, severity=severity, sentence=f"{sizes}.")
    return Finding(
        check=Check.VOCABULARY_SHIFT,
        severity=severity,
        sentence=f"{sizes}. The split is about other things, or from another time or source: its scores are those of"
        " new ground, and training texts like these would help.",
        split=split,
        n_rows=n_rows,
    )


def unseen_shares(
    texts: Sequence[str], *, n_other: int, rng: np.random.Generator
) -> tuple[float, npt.NDArray[np.float64]]:
    """Return which share of the words of the last texts stands in none of the others, then that of 99 random splits.

    A word counts as often as it occurs.

    Args:
        texts: All texts, those of train first.
        n_other: How many of the last texts are of the other split.
        rng: Draws the random splits.

    Returns:
        The share, and those of the random splits, shape (99,); all in [0, 1].
    """
    matrix = count_words(texts).matrix
    total = np.asarray(matrix.sum(axis=0)).ravel()

    def share_of(rows: IntArray) -> float:
        here = np.asarray(matrix[rows].sum(axis=0)).ravel()
        n_words = int(here.sum())
        return float(here[here == total].sum() / n_words) if n_words else 0.0

    found = share_of(np.arange(len(texts) - n_other, len(texts)))
    draws = [share_of(rng.choice(len(texts), n_other, replace=False)) for _ in range(N_DRAWS)]
    return found, np.array(draws)


def _severity(p_value: float, effect: float, small: float, large: float) -> Severity:
    if p_value > BEYOND_CHANCE or effect < small:
        return Severity.FINE
    return Severity.SERIOUS if effect >= large else Severity.NOTABLE


def _p(p_value: float) -> str:
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def _at_most(texts: Sequence[str], number: int, rng: np.random.Generator) -> Sequence[str]:
    if len(texts) <= number:
        return texts
    return [texts[i] for i in np.sort(rng.choice(len(texts), number, replace=False))]
