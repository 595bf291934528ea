"""What models say about new texts: winners, agreement, counts, and the table of it all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.schema import ModelName

ROW, TEXT, AGREE, TRUNCATED = "row", "text", "agree", "truncated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one model says about n texts.

    `probs` is float32 of shape (n, classes); `n_tokens` (int32) and `truncated` are of shape (n,). Tokens are counted
    before the cut, special ones included; of a truncated text, the first `max_length` were read.
    """

    model: ModelName
    classes: tuple[str, ...]
    probs: npt.NDArray[np.float32]
    n_tokens: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]
    max_length: int

    @property
    def y_pred(self) -> npt.NDArray[np.intp]:
        """Return the most probable class of each text, shape (n,)."""
        y_pred: npt.NDArray[np.intp] = self.probs.argmax(axis=1)
        return y_pred

    @property
    def confidence(self) -> npt.NDArray[np.float64]:
        """Return the probability of the most probable class, shape (n,), in [0, 1]."""
        confidence: npt.NDArray[np.float64] = self.probs.max(axis=1).astype(np.float64)
        return confidence

    @property
    def names(self) -> list[str]:
        """Return the name of the most probable class of each text."""
        return [self.classes[k] for k in self.y_pred]

    @property
    def counts(self) -> list[int]:
        """Return how many texts each class won, in class order."""
        counts: list[int] = np.bincount(self.y_pred, minlength=len(self.classes)).tolist()
        return counts


def join_answers(parts: Sequence[Answers]) -> Answers:
    """Return the answers of one model to consecutive parts of a list of texts as one.

    Raises:
        ValueError: If there is no part, or they are of different models.
    """
    if len({(part.model, part.classes, part.max_length) for part in parts}) != 1:
        raise ValueError(f"parts are of {[part.model for part in parts]}, expected at least one, all of one model")
    return Answers(
        model=parts[0].model,
        classes=parts[0].classes,
        probs=np.concatenate([part.probs for part in parts]),
        n_tokens=np.concatenate([part.n_tokens for part in parts]),
        truncated=np.concatenate([part.truncated for part in parts]),
        max_length=parts[0].max_length,
    )


def agreement(answers: Sequence[Answers]) -> npt.NDArray[np.bool_]:
    """Return for each text whether all models name the same class, shape (n,).

    Raises:
        ValueError: If there is no model.
    """
    if not answers:
        raise ValueError("there is no model, expected at least one")
    agree: npt.NDArray[np.bool_] = np.all([a.y_pred == answers[0].y_pred for a in answers], axis=0)
    return agree


def likeliest_classes(answers: Sequence[Answers], row: int, *, limit: int) -> list[int]:
    """Return the classes to which any model gives most for one text, most first; every winner is among the first.

    Args:
        answers: What each model says.
        row: Which text.
        limit: How many classes; never fewer than there are winners.
    """
    best = np.max([a.probs[row] for a in answers], axis=0)
    winners = list(dict.fromkeys(int(a.y_pred[row]) for a in answers))
    winners.sort(key=lambda k: -best[k])
    rest = [int(k) for k in np.argsort(-best, kind="stable") if k not in winners]
    chosen = [*winners, *rest[: max(0, limit - len(winners))]]
    return sorted(chosen, key=lambda k: -best[k])


def most_predicted_classes(answers: Sequence[Answers], *, limit: int) -> list[int]:
    """Return the classes that won any text of any model, those with the most texts first."""
    totals = np.sum([a.counts for a in answers], axis=0)
    return [int(k) for k in np.argsort(-totals, kind="stable") if totals[k] > 0][:limit]


def answer_table(texts: Sequence[str], answered: Sequence[int], answers: Sequence[Answers]) -> pd.DataFrame:
    """Return one row per text, in the order of the texts, those without an answer included.

    Args:
        texts: All texts.
        answered: Positions of the texts that the models were asked about, ascending.
        answers: What each model says about these.

    Returns:
        `row` (from 1), `text`, per model `<model>` and `<model>_probability` (four decimals), `agree` if there are
        several models, and `truncated` if any model read only a beginning; empty where nothing was asked.
    """
    columns: dict[str, object] = {}
    for a in answers:
        columns[a.model] = a.names
        columns[f"{a.model}_probability"] = a.confidence.round(4)
    if len(answers) > 1:
        columns[AGREE] = agreement(answers)
    columns[TRUNCATED] = np.any([a.truncated for a in answers], axis=0)
    table = pd.DataFrame({ROW: np.arange(1, len(texts) + 1), TEXT: list(texts)})
    told = pd.DataFrame(columns, index=list(answered)).astype(
        {name: "boolean" for name in (AGREE, TRUNCATED) if name in columns}
    )
    return table.join(told)
