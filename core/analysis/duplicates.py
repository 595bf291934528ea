"""Texts that stand in a corpus more than once: copies, near copies, copies across splits, copies with other labels."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.schema import NONE, Split

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]
_SPACE = " "
_SHINGLE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Rows, each with the row that it repeats; int arrays of shape (pairs,), ordered by `ids`.

    `similarity` is cosine similarity, 1 for equal texts.
    """

    ids: IntArray
    others: IntArray
    similarity: FloatArray

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.ids)

    def without(self, ids: IntArray) -> "Pairs":
        """Return the pairs of other rows than these."""
        kept = ~np.isin(self.ids, ids)
        return Pairs(ids=self.ids[kept], others=self.others[kept], similarity=self.similarity[kept])


class _Cleaning(dict[int, str]):
    """What becomes of each character, worked out when it is first met: punctuation is a space, format marks go."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        self[code] = "" if category == "Cf" else _SPACE if category[0] in "PZC" else letter
        return self[code]


_CLEANING = _Cleaning()


def normalise(text: str) -> str:
    """Return a text without what does not make it another one: NFKC, no case, punctuation and spaces as one space.

    Symbols stay, since two texts may differ in an emoji alone.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_CLEANING).split())


def group_texts(texts: Sequence[str]) -> IntArray:
    """Return a number per text that equal texts share, shape (texts,).

    Texts that are nothing but punctuation are compared as they stand.
    """
    codes, _ = pd.factorize(np.array([normalise(text) or f"\0{text}" for text in texts], dtype=object))
    return codes


def find_repeats(group: IntArray, split: npt.NDArray[np.object_]) -> Pairs:
    """Return the rows whose text stands in their split before, each with its first row there.

    Args:
        group: Number that equal texts share, shape (rows,).
        split: Split of each row, shape (rows,).
    """
    frame = pd.DataFrame({"group": group, "split": split, "id": np.arange(len(group))})
    first = frame.groupby(["group", "split"], sort=False)["id"].transform("min").to_numpy()
    ids = np.flatnonzero(first < frame["id"].to_numpy())
    return _equal(ids, first[ids])


def find_leaks(group: IntArray, split: npt.NDArray[np.object_]) -> Pairs:
    """Return the rows of validation and test whose text stands in train, each with the first row there."""
    train = split == Split.TRAIN
    first_in_train = pd.Series(np.flatnonzero(train)).groupby(group[train]).min()
    others = first_in_train.reindex(group, fill_value=NONE).to_numpy()
    ids = np.flatnonzero(~train & (others != NONE))
    return _equal(ids, others[ids])


def find_label_conflicts(group: IntArray, label: IntArray) -> Pairs:
    """Return the rows whose text stands in the corpus with another label, each with the first row of such a label."""
    frame = pd.DataFrame({"group": group, "label": label, "id": np.arange(len(group))})
    of_each_label = frame.drop_duplicates(["group", "label"])
    first = of_each_label.drop_duplicates("group").set_index("group")
    second = of_each_label[of_each_label.duplicated("group")].drop_duplicates("group").set_index("group")["id"]
    found = frame[frame["group"].isin(second.index)]
    has_first_label = first.loc[found["group"], "label"].to_numpy() == found["label"].to_numpy()
    other = np.where(has_first_label, second.loc[found["group"]], first.loc[found["group"], "id"])
    return _equal(found["id"].to_numpy(), other)


def near_pairs(
    texts: Sequence[str],
    group: IntArray,
    ids: IntArray,
    nearest: IntArray,
    similarity: FloatArray,
    *,
    min_similarity: float,
    min_shared: float,
) -> Pairs:
    """Return the pairs of rows whose vectors and whose letters are nearly the same, equal texts left out.

    Vectors alone say what a text is about: in a frozen encoder's eyes, short texts on one subject are often nearer than
    0.95. So two texts must share most of their runs of three characters too.

    Args:
        texts: All texts of the corpus.
        group: Number that equal texts share, shape (texts,).
        ids: Rows that are looked at, shape (n,).
        nearest: Their nearest rows, NONE where there are fewer, shape (n, k).
        similarity: Cosine similarity to these, shape (n, k).
        min_similarity: Cosine similarity from which a pair is looked at.
        min_shared: Share of the runs of three characters that both must have (Jaccard), in [0, 1].

    Returns:
        A pair per row of `ids` and near row of it.
    """
    place, rank = np.nonzero((similarity >= min_similarity) & (nearest != NONE))
    left, right, score = ids[place], nearest[place, rank], similarity[place, rank]
    differ = group[left] != group[right]
    left, right, score = left[differ], right[differ], score[differ]
    shingles = {int(i): _shingles(texts[i]) for i in np.unique(np.concatenate([left, right]))}
    alike = np.array(
        [_jaccard(shingles[i], shingles[j]) >= min_shared for i, j in zip(left.tolist(), right.tolist(), strict=True)],
        dtype=np.bool_,
    )
    return Pairs(ids=left[alike], others=right[alike], similarity=score[alike])


def later_of_each(pairs: Pairs) -> Pairs:
    """Return for each row that is near an earlier one the pair with the nearest earlier row; order does not matter."""
    frame = pd.DataFrame(
        {
            "id": np.maximum(pairs.ids, pairs.others),
            "other": np.minimum(pairs.ids, pairs.others),
            "similarity": pairs.similarity,
        }
    )
    return _best(frame[frame["id"] != frame["other"]])


def nearest_of_each(pairs: Pairs) -> Pairs:
    """Return for each row the pair with its nearest row."""
    return _best(pd.DataFrame({"id": pairs.ids, "other": pairs.others, "similarity": pairs.similarity}))


def _best(frame: pd.DataFrame) -> Pairs:
    best = frame.sort_values(["similarity", "other"], ascending=[False, True]).drop_duplicates("id").sort_values("id")
    return Pairs(ids=best["id"].to_numpy(), others=best["other"].to_numpy(), similarity=best["similarity"].to_numpy())


def _equal(ids: IntArray, others: IntArray) -> Pairs:
    return Pairs(ids=ids, others=others, similarity=np.ones(len(ids), dtype=np.float32))


def _shingles(text: str) -> frozenset[str]:
    key = normalise(text)
    return frozenset(key[i : i + _SHINGLE] for i in range(max(1, len(key) - _SHINGLE + 1)))


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)
