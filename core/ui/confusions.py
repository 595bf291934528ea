"""The pairs of classes that a model confuses most."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.metrics import SplitMetrics
from core.charts.labels import MODEL_LABELS, basis_of
from core.ui import glossary
from core.ui.formatting import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Rows of one class that were predicted as another; `share_of_true` in [0, 1] of all rows of the true class."""

    true: str
    predicted: str
    n_rows: int
    share_of_true: float


def biggest_confusions(metrics: SplitMetrics, *, limit: int = 8) -> list[Confusion]:
    """Return the most frequent mistakes, most rows first; of equals, the larger share of the true class."""
    mistakes = metrics.confusion_array.copy()
    np.fill_diagonal(mistakes, 0)
    found = [
        Confusion(
            true=metrics.per_class[true].name,
            predicted=metrics.per_class[predicted].name,
            n_rows=int(mistakes[true, predicted]),
            share_of_true=float(mistakes[true, predicted] / metrics.per_class[true].support),
        )
        for true, predicted in np.argwhere(mistakes > 0)
    ]
    return sorted(found, key=lambda c: (-c.n_rows, -c.share_of_true))[:limit]


def most_confused_classes(models: list[SplitMetrics], *, limit: int) -> list[int]:
    """Return the classes with the most mistakes, as truth or as prediction, over all models, in label order."""
    mistakes = np.sum([m.confusion_array for m in models], axis=0)
    np.fill_diagonal(mistakes, 0)
    per_class = mistakes.sum(axis=0) + mistakes.sum(axis=1)
    return sorted(int(k) for k in np.argsort(-per_class, kind="stable")[:limit])


def show_biggest_confusions(metrics: SplitMetrics) -> None:
    """Show the biggest confusions of one model as a table, with its basis."""
    st.caption(f"{MODEL_LABELS[metrics.model]} · {basis_of(metrics)}")
    confusions = biggest_confusions(metrics)
    if not confusions:
        st.success(f"{MODEL_LABELS[metrics.model]} makes no mistake on these {count(metrics.n_rows, 'row')}.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "True class": [c.true for c in confusions],
                "Predicted as": [c.predicted for c in confusions],
                "Rows": [c.n_rows for c in confusions],
                "Of the true class": [100 * c.share_of_true for c in confusions],
            }
        ),
        hide_index=True,
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Of the true class": st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0, max_value=100, help=glossary.SHARE_OF_TRUE
            ),
        },
    )
