"""A corpus that is ready to be trained on."""

from dataclasses import dataclass

import pandas as pd

from core.artifacts.manifest import CorpusInfo
from core.artifacts.schema import Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Checked texts with labels and splits.

    `frame` has the columns text (str), label (int, index into `info.classes`), split and any further columns of the
    source as `meta_<name>`; its order is the id order.
    """

    frame: pd.DataFrame
    info: CorpusInfo

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the class names, in label order."""
        return self.info.classes


def count_rows(split: pd.Series) -> dict[Split, int]:
    """Return the number of rows of each split, zero included."""
    counts = split.value_counts()
    return {part: int(counts.get(part.value, 0)) for part in Split}
