"""A model's probabilities as the table that a run keeps."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.schema import Origin, Split, probability_columns


def predictions_frame(probs: npt.NDArray[np.float32], split: npt.NDArray[Any], *, train_origin: Origin) -> pd.DataFrame:
    """Return id, pred, origin and one probability column per class.

    Args:
        probs: Class probabilities, shape (n, classes).
        split: Split of each row, shape (n,).
        train_origin: What the predictions of the train rows are; all others are held out.
    """
    frame = pd.DataFrame(
        {
            "id": np.arange(len(probs)),
            "pred": probs.argmax(axis=1),
            "origin": np.where(split == Split.TRAIN, train_origin.value, Origin.HELD_OUT.value),
        }
    )
    return pd.concat([frame, pd.DataFrame(probs, columns=probability_columns(probs.shape[1]))], axis=1)
