"""How much each word of a text adds to the probability of a class, as a run keeps it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.run import Run
from core.artifacts.schema import ATTRIBUTIONS, ModelName

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]
_KEY = ["id", "model", "target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordScores:
    """The words of one text that a model has read, and what each adds to the probability of class `target`.

    `start` and `end` are places in the text, in order and apart, shape (words,); `scores` are probabilities, of either
    sign. `delta` is the convergence delta: the sum of the scores minus what they should add up to, which is the
    probability for the text minus that for as much padding.
    """

    target: int
    start: IntArray
    end: IntArray
    scores: FloatArray
    delta: float

    @property
    def largest(self) -> float:
        """Return the largest score without its sign, 0 without words."""
        return float(np.abs(self.scores).max(initial=0))

    def blank_prob(self, prob: float) -> float:
        """Return the probability of the class for a text of padding alone, given that for the text, in [0, 1]."""
        return min(1.0, max(0.0, prob - (float(self.scores.sum()) - self.delta)))

    def strongest(self, *, at_most: int) -> list[int]:
        """Return the positions of the words with the largest scores of either sign, the largest first."""
        order = np.argsort(-np.abs(self.scores), kind="stable")[:at_most]
        return [int(position) for position in order if self.scores[position] != 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWordScores:
    """All attributions of a run: sorted by id, model, target and place; `ids` is the sorted column of ids."""

    frame: pd.DataFrame
    ids: IntArray

    def of_row(self, row_id: int, text: str) -> dict[ModelName, dict[int, WordScores]]:
        """Return what was computed for a row, by model and class; empty if nothing was.

        Words that lie outside the text or overlap the one before are left out: the file may be of another corpus.

        Args:
            row_id: Which row.
            text: Its text.
        """
        first, last = np.searchsorted(self.ids, [row_id, row_id + 1])
        found: dict[ModelName, dict[int, WordScores]] = {}
        for _, words in self.frame.iloc[first:last].groupby(["model", "target"], sort=False):
            scores = _checked(words, len(text))
            if scores is not None:
                found.setdefault(ModelName(words["model"].iloc[0]), {})[scores.target] = scores
        return found


def read_word_scores(run: Run) -> StoredWordScores:
    """Return the attributions of a run.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    frame = run.read_table(ATTRIBUTIONS).sort_values([*_KEY, "start"], kind="stable", ignore_index=True)
    return StoredWordScores(frame=frame, ids=frame["id"].to_numpy())


def _checked(words: pd.DataFrame, n_chars: int) -> WordScores | None:
    """Return the words that lie inside a text and apart from each other; None if none does."""
    start, end = words["start"].to_numpy(), words["end"].to_numpy()
    apart, last = [], 0
    for position in range(len(start)):
        if last <= start[position] < end[position] <= n_chars:
            apart.append(position)
            last = end[position]
    if not apart:
        return None
    return WordScores(
        target=int(words["target"].iloc[0]),
        start=start[apart],
        end=end[apart],
        scores=words["score"].to_numpy()[apart],
        delta=float(words["delta"].iloc[0]),
    )
