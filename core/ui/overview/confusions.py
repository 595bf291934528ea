"""The pairs of classes that a model confuses most."""

import pandas as pd
import streamlit as st

from core.analysis.confusions import biggest_confusions
from core.analysis.metrics import SplitMetrics
from core.charts.labels import MODEL_LABELS, basis_of
from core.ui import glossary
from core.ui.formatting import count
from core.ui.tables import show_table_download


def show_biggest_confusions(metrics: SplitMetrics, *, run_name: str) -> None:
    """Show the biggest confusions of one model as a table, with its basis."""
    st.caption(f"{MODEL_LABELS[metrics.model]} · {basis_of(metrics)}")
    confusions = biggest_confusions(metrics)
    if not confusions:
        st.success(f"{MODEL_LABELS[metrics.model]} makes no mistake on these {count(metrics.n_rows, 'row')}.")
        return
    table = pd.DataFrame(
        {
            "True class": [c.true for c in confusions],
            "Predicted as": [c.predicted for c in confusions],
            "Rows": [c.n_rows for c in confusions],
            "Of the true class": [100 * c.share_of_true for c in confusions],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Of the true class": st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0, max_value=100, help=glossary.SHARE_OF_TRUE
            ),
        },
    )
    show_table_download(lambda: table, stem=f"{run_name}_confusions_{metrics.split}_{metrics.model}")
