"""Which words are typical of a class: more frequent in its texts than in all others, beyond chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.analysis.words import word_pattern

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

IntArray = npt.NDArray[np.integer]

MAX_TEXTS = 50_000
MIN_Z = 1.0
MIN_IN_CLASS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCounts:
    """How often each word stands in each text: `matrix` of shape (texts, words), `words` of shape (words,)."""

    matrix: "csr_matrix"
    words: npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalWord:
    """A word of one class: z-score and log-odds ratio, occurrences in the class and in all other classes."""

    word: str
    z: float
    log_odds: float
    n_in_class: int
    n_in_rest: int


def count_words(texts: Sequence[str]) -> WordCounts:
    """Count the words of texts.

    Words are those of `core.analysis.words`, in lower case. Scripts that write no spaces are not cut into words.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer  # a second to import

    vectorizer = CountVectorizer(token_pattern=word_pattern(), dtype=np.int32)
    try:
        matrix = vectorizer.fit_transform(texts)
    except ValueError:  # not one word in all texts
        return WordCounts(matrix=csr_matrix((len(texts), 0), dtype=np.int32), words=np.array([], dtype=object))
    return WordCounts(matrix=matrix, words=vectorizer.get_feature_names_out())


def compute_typical_words(
    counts: WordCounts, label: IntArray, *, n_classes: int, n_words: int = 10
) -> list[list[TypicalWord]]:
    """Return for each class, in class order, the words with the highest z-scores, highest first.

    Only words that stand in the class twice or more, with a z-score of at least 1.

    The log-odds ratio of a word between class i and all other classes j, under an informative Dirichlet prior, divided
    by its estimated standard deviation:

        δ = log((yᵢ + α) / (nᵢ + α₀ − yᵢ − α)) − log((yⱼ + α) / (nⱼ + α₀ − yⱼ − α))
        σ² = 1/(yᵢ + α) + 1/(yⱼ + α),  z = δ/σ

    with y the word's occurrences, n all words of the side. The prior α of a word is its number of occurrences in all
    the texts, α₀ the sum of these: a rare word cannot rank high by a few occurrences.

    Args:
        counts: Words of the compared texts, (texts, words).
        label: Class of each text, shape (texts,).
        n_classes: Number of classes.
        n_words: At most so many words per class.

    Raises:
        ValueError: If there is not one label per text.

    Source: Monroe, Colaresi & Quinn 2008, "Fightin' Words", eq. 16, 20 and 22 with the informative prior of section
    3.5.1; the prior from the compared texts themselves as in the R package tidylo.
    """
    if counts.matrix.shape[0] != len(label):
        raise ValueError(f"{len(label)} labels for {counts.matrix.shape[0]} texts, expected one each")
    n_texts = len(label)
    from scipy.sparse import csr_matrix

    membership = csr_matrix((np.ones(n_texts, dtype=np.int32), (label, np.arange(n_texts))), shape=(n_classes, n_texts))
    in_class = np.asarray((membership @ counts.matrix).todense(), dtype=np.int64)
    prior = in_class.sum(axis=0).astype(np.float64)
    used = prior > 0
    in_class, prior, words = in_class[:, used], prior[used], counts.words[used]
    present = in_class.sum(axis=1) > 0
    if present.sum() < 2 or len(words) < 2:
        return [[] for _ in range(n_classes)]
    return [_top_words(in_class[k], prior, words, n_words=n_words) if present[k] else [] for k in range(n_classes)]


def _top_words(
    in_class: npt.NDArray[np.int64], prior: npt.NDArray[np.float64], words: npt.NDArray[np.object_], *, n_words: int
) -> list[TypicalWord]:
    in_rest = prior - in_class
    log_odds = _log_odds(in_class, prior) - _log_odds(in_rest, prior)
    z = log_odds / np.sqrt(1 / (in_class + prior) + 1 / (in_rest + prior))
    qualified = np.flatnonzero((z >= MIN_Z) & (in_class >= MIN_IN_CLASS))
    best = qualified[np.lexsort((words[qualified], -z[qualified]))[:n_words]]
    return [
        TypicalWord(
            word=str(words[w]),
            z=float(z[w]),
            log_odds=float(log_odds[w]),
            n_in_class=int(in_class[w]),
            n_in_rest=int(in_rest[w]),
        )
        for w in best
    ]


def _log_odds(occurrences: npt.NDArray[np.number], prior: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    smoothed = occurrences + prior
    odds: npt.NDArray[np.float64] = np.log(smoothed / (smoothed.sum() - smoothed))
    return odds
