"""Scores per class: bars and a table."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.class_order import f1_gains
from core.analysis.metrics import SplitMetrics
from core.charts.figures import make_per_class_figure
from core.charts.labels import MODEL_LABELS, basis_of
from core.charts.per_class import CHOSEN_CLASSES, Score, class_labels
from core.charts.picking import PICKED
from core.charts.specs import with_data
from core.ui import glossary
from core.ui.chart_place import chart_place
from core.ui.class_clicks import on_class_click
from core.ui.downloads import show_chart_downloads, show_table_download
from core.ui.filter.state import until_filter_changes
from core.ui.models.specs import load_per_class_spec
from core.ui.view import View

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


def show_per_class_chart(view: View, models: list[SplitMetrics], score: Score, *, order: list[int]) -> None:
    """Show a score per class, one bar per model; a click on a class chooses its rows."""
    st.caption(f"{basis_of(models[-1])} · click a class to see its rows")
    scrolls = len(order) > _SCROLLS_ABOVE
    key = until_filter_changes("per_class")
    labels = class_labels(models)
    chosen = pd.DataFrame({"class": [labels[k] for k in view.filter.true]}, dtype="object")
    spec = load_per_class_spec(
        view.run, view.scored_filter, tuple(m.model for m in models), score=score, order=tuple(order)
    )
    with st.container(height=560 if scrolls else "content", border=scrolls):
        chart_place(spec, key="place_of_bars").vega_lite_chart(
            spec=with_data(spec, CHOSEN_CLASSES, chosen),
            width="stretch",
            key=key,
            on_select=on_class_click(view, key),
            selection_mode=PICKED,
            alt=f"{score} per class and model",
        )
    show_chart_downloads(
        partial(make_per_class_figure, models, score, run_name=view.run.name, order=order),
        stem=f"{view.run.name}_per_class_{score.attribute}_{models[-1].split}",
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
        gains = f1_gains(*models)
        table[_GAIN] = 100 * pd.Series([gains[k] for k in order], dtype="float64")
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
