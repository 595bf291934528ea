"""A few texts of a corpus to begin with: short, never trained on, of different classes."""

import pandas as pd

from core.artifacts.schema import Split

_USUAL_CHARS = 36
_MIN_WORDS = 4
_MAX_CHARS = 80


def pick_example_ids(examples: pd.DataFrame, *, limit: int) -> list[int]:
    """Return ids of test rows, one of each of the first `limit` classes that have a short text there.

    Args:
        examples: Columns id, split, label, n_chars, n_words.
        limit: How many at most.

    Returns:
        Ids in class order; of each class the text whose length is nearest to that of a short sentence, the first of
        several.
    """
    short = examples[
        (examples["split"] == Split.TEST.value)
        & (examples["n_words"] >= _MIN_WORDS)
        & (examples["n_chars"] <= _MAX_CHARS)
    ]
    distance = (short["n_chars"] - _USUAL_CHARS).abs()
    ranked = short.assign(distance=distance).sort_values(["label", "distance", "id"])
    return ranked.groupby("label", sort=True)["id"].first().head(limit).tolist()
