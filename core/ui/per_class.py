"""Scores per class: bars and a table."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.metrics import SplitMetrics
from core.charts.figures import make_per_class_f1_figure
from core.charts.labels import MODEL_LABELS, basis_of
from core.charts.per_class import make_per_class_f1_chart
from core.ui import glossary
from core.ui.downloads import show_chart_downloads, show_table_download

_SCROLLS_ABOVE = 24
_SCORES = {
    "precision": ("Precision", glossary.PRECISION),
    "recall": ("Recall", glossary.RECALL),
    "f1": ("F1", glossary.F1),
}
_CLASS = ("", "Class")
_ROWS = ("", "Rows")
_PREDICTED = "Predicted"
_GAIN = ("Difference", "F1, points")


def show_per_class_chart(models: list[SplitMetrics], *, order: list[int], run_name: str) -> None:
    """Show F1 per class, one bar per model."""
    st.caption(basis_of(models[-1]))
    scrolls = len(order) > _SCROLLS_ABOVE
    with st.container(height=560 if scrolls else "content", border=scrolls):
        st.altair_chart(
            make_per_class_f1_chart(models, order=order, stretch=True), width="stretch", alt="F1 per class and model"
        )
    show_chart_downloads(
        partial(make_per_class_f1_figure, models, run_name=run_name, order=order),
        stem=f"{run_name}_per_class_f1_{models[-1].split}",
    )


def per_class_table(models: list[SplitMetrics], order: list[int]) -> pd.DataFrame:
    """Return one row per class, columns in two levels: model, score; scores in percent.

    Of two models the last column is F1 of the second minus F1 of the first, in percentage points.
    """
    columns: dict[tuple[str, str], list[int] | list[str] | pd.Series] = {
        _CLASS: [models[0].per_class[k].name for k in order],
        _ROWS: [models[0].per_class[k].support for k in order],
    }
    for metrics in models:
        measured = [metrics.per_class[k] for k in order]
        name = MODEL_LABELS[metrics.model]
        for attribute, (score, _) in _SCORES.items():
            columns[name, score] = 100 * pd.Series([getattr(c, attribute) for c in measured], dtype="float64")
        columns[name, _PREDICTED] = [c.n_predicted for c in measured]
    table = pd.DataFrame(columns)
    if len(models) == 2:
        first, second = (table[MODEL_LABELS[m.model], "F1"] for m in models)
        table[_GAIN] = second - first
    return table


def show_per_class_table(models: list[SplitMetrics], *, order: list[int], run_name: str) -> None:
    """Show the scores of every class as a table that sorts on a click on its header."""
    table = per_class_table(models, order)
    explanations = dict(_SCORES.values())
    config: dict[Any, Any] = {}
    for position, score in enumerate(table.columns.get_level_values(1), start=1):
        if score == _CLASS[1]:
            config[position] = st.column_config.TextColumn(pinned=True)
        elif score == _GAIN[1]:
            config[position] = st.column_config.NumberColumn(format="%+.1f", help=glossary.F1_DIFFERENCE)
        elif score in explanations:
            config[position] = st.column_config.NumberColumn(format="%.1f%%", help=explanations[score])
        else:
            explanation = glossary.SUPPORT if score == _ROWS[1] else glossary.PREDICTED
            config[position] = st.column_config.NumberColumn(format="localized", help=explanation)
    st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        height="content" if len(table) <= _SCROLLS_ABOVE else 560,
        column_config=config,
    )
    flat = table.set_axis([": ".join(part for part in column if part) for column in table.columns], axis="columns")
    show_table_download(lambda: flat, stem=f"{run_name}_per_class_{models[-1].split}")
