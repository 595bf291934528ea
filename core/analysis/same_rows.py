"""Which rows of another run are the same: same text, same class, same split."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, NONE, Split

_TEXT, _CLASS, _REPEAT = "text_sha256", "class", "repeat"


def find_same_rows(run: Run, other: Run, split: Split) -> npt.NDArray[np.int64] | None:
    """Return the id in `other` of each row of a split of `run`, in id order; None unless each of them is there.

    Texts that a split repeats are paired in their order. Classes go by their names.

    Raises:
        ArtifactError: If the examples of either run are missing or damaged.
    """
    if not may_share_rows(run, other, split):
        return None
    mine, others = _rows(run, split), _rows(other, split)
    found = mine.merge(others, on=[_TEXT, _CLASS, _REPEAT], how="left", suffixes=("", "_other"), validate="1:1")
    ids = found["id_other"].fillna(NONE).to_numpy(dtype=np.int64)
    return None if (ids == NONE).any() else ids


def may_share_rows(run: Run, other: Run, split: Split) -> bool:
    """Return whether the manifests allow two runs to have the same rows: same class names, rows enough."""
    mine, others = run.manifest.corpus, other.manifest.corpus
    n_rows = mine.n_rows.get(split, 0)
    return sorted(mine.classes) == sorted(others.classes) and 0 < n_rows <= others.n_rows.get(split, 0)


def class_codes(run: Run, other: Run) -> npt.NDArray[np.int64]:
    """Return the class in `run` of each class of `other`, shape (classes,)."""
    position = {name: k for k, name in enumerate(run.manifest.corpus.classes)}
    return np.array([position[name] for name in other.manifest.corpus.classes])


def _rows(run: Run, split: Split) -> pd.DataFrame:
    examples = run.read_table(EXAMPLES, ["id", "split", "label", _TEXT])
    rows = examples[examples["split"] == split.value]
    rows = rows.assign(**{_CLASS: np.array(run.manifest.corpus.classes, dtype=object)[rows["label"]]})
    return rows.assign(**{_REPEAT: rows.groupby([_TEXT, _CLASS]).cumcount()})[["id", _TEXT, _CLASS, _REPEAT]]
