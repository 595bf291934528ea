"""Labels and the answers of two models, drawn from a known distribution."""

import numpy as np
import numpy.typing as npt

from core.analysis.answer_counts import AnswerCounts

PRIOR = np.array([0.35, 0.3, 0.2, 0.15])
SHARES = np.zeros((4, 4, 4))
"""Share of the rows with a label, an answer of the first model, and one of the second."""
for k, first_right, second_right, both_right in ((0, 0.7, 0.9, 0.66), (1, 0.6, 0.85, 0.55), (2, 0.75, 0.8, 0.65),
                                                 (3, 0.5, 0.7, 0.42)):  # fmt: skip
    wrong = np.where(np.arange(4) == k, 0, np.roll([0, 0.5, 0.3, 0.2], k))
    SHARES[k, k, k] = both_right
    SHARES[k, k] += (first_right - both_right) * wrong
    SHARES[k, :, k] += (second_right - both_right) * wrong
    SHARES[k] += (1 - first_right - second_right + both_right) * np.outer(wrong, wrong)
    SHARES[k] *= PRIOR[k]


def draw_counts(n_rows: int, rng: np.random.Generator) -> AnswerCounts:
    return _counts(rng.multinomial(n_rows, SHARES.ravel()))


def draw_rows(n_rows: int, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return label, answers of the first model, answers of the second."""
    cell = np.random.default_rng(seed).choice(SHARES.size, n_rows, p=SHARES.ravel())
    label, first, second = np.unravel_index(cell, SHARES.shape)
    return label, first, second


def whole_population() -> AnswerCounts:
    """Return so many rows that their scores are the true ones."""
    return _counts(np.round(SHARES.ravel() * 1e12).astype(np.int64))


def only(counts: AnswerCounts, model: int) -> AnswerCounts:
    """Return the counts of one of the models."""
    return AnswerCounts(
        label=counts.label, answers=counts.answers[[model]], n_rows=counts.n_rows, n_classes=counts.n_classes
    )


def _counts(n_rows: npt.NDArray[np.int64]) -> AnswerCounts:
    found = np.flatnonzero(n_rows)
    label, *answers = np.unravel_index(found, SHARES.shape)
    return AnswerCounts(label=label, answers=np.stack(answers), n_rows=n_rows[found], n_classes=4)
