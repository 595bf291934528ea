"""Scores per class: bars and a table."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.class_order import f1_gains
from core.analysis.comparison import ModelScores, PairedComparison
from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName
from core.charts.figures import make_per_class_figure
from core.charts.labels import MODEL_LABELS, basis_of
from core.charts.per_class import CHOSEN_CLASSES, Score, class_labels
from core.charts.picking import PICKED
from core.charts.specs import with_data
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.chart_place import chart_place
from core.ui.class_clicks import on_class_click
from core.ui.filter.state import until_filter_changes
from core.ui.models.specs import load_per_class_spec
from core.ui.tables import show_table_download
from core.ui.verdict import interval_text
from core.ui.view import View

Scores = Mapping[ModelName, ModelScores]

_SCROLLS_ABOVE = 24
_SCORES = {
    "precision": ("Precision", glossary.PRECISION),
    "recall": ("Recall", glossary.RECALL),
    "f1": ("F1", glossary.F1),
}
_CLASS = ("", "Class")
_ROWS = ("", "Rows")
_PREDICTED = "Predicted"
_INTERVAL = "F1, 95%"
_GAIN = ("Difference", "F1, points")
_P = ("Difference", "p, corrected")


def show_per_class_chart(
    view: View, models: list[SplitMetrics], scores: Scores, score: Score, *, order: list[int]
) -> None:
    """Show a score per class, one bar per model; a click on a class chooses its rows.

    Args:
        view: What the page looks at.
        models: One or two models.
        scores: The scores with their intervals, as far as there are any.
        score: Which score.
        order: Class indices from top to bottom.
    """
    lines = "lines are 95% intervals · " if scores else ""
    st.caption(f"{basis_of(models[-1])} · {lines}click a class to see its rows", help=glossary.INTERVAL)
    scrolls = len(order) > _SCROLLS_ABOVE
    key = until_filter_changes("per_class")
    labels = class_labels(models)
    chosen = pd.DataFrame({"class": [labels[k] for k in view.filter.true]}, dtype="object")
    spec = load_per_class_spec(
        view.run,
        view.scored_filter,
        tuple(m.model for m in models),
        score=score,
        order=tuple(order),
        with_intervals=bool(scores),
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
        partial(make_per_class_figure, models, score, run_name=view.run.name, scores=scores, order=order),
        stem=f"{view.run.name}_per_class_{score.attribute}_{models[-1].split}",
    )


def per_class_table(
    models: list[SplitMetrics],
    order: list[int],
    scores: Scores = MappingProxyType({}),
    pair: PairedComparison | None = None,
) -> pd.DataFrame:
    """Return one row per class, columns in two levels: model, score; scores in percent, F1 with its interval.

    Of two models the last columns are F1 of the second minus F1 of the first, in percentage points, its interval and
    the corrected p-value, the latter two if the pair was compared.
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
        if metrics.model in scores:
            columns[name, _INTERVAL] = [interval_text(scores[metrics.model].per_class[k].f1) for k in order]
        columns[name, _PREDICTED] = [c.n_predicted for c in measured]
    table = pd.DataFrame(columns)
    if len(models) == 2:
        gains = f1_gains(*models)
        table[_GAIN] = 100 * pd.Series([gains[k] for k in order], dtype="float64")
    if pair is not None:
        found = [pair.per_class[k] for k in order]
        table[_GAIN[0], _INTERVAL] = [interval_text(c.f1 if c else None, of_difference=True) for c in found]
        table[_P] = pd.Series([c.p_adjusted if c else None for c in found], dtype="float64")
    return table


def show_per_class_table(
    view: View, models: list[SplitMetrics], scores: Scores, pair: PairedComparison | None, *, order: list[int]
) -> None:
    """Show the scores of every class as a table that sorts on a click on its header."""
    table = per_class_table(models, order, scores, pair)
    explanations = dict(_SCORES.values())
    config: dict[Any, Any] = {}
    groups, scores_of_groups = (table.columns.get_level_values(level) for level in (0, 1))
    for position, (group, score) in enumerate(zip(groups, scores_of_groups, strict=True), start=1):
        if score == _CLASS[1]:
            config[position] = st.column_config.TextColumn(pinned=True)
        elif score == _GAIN[1]:
            config[position] = st.column_config.NumberColumn(format="%+.1f", help=glossary.F1_DIFFERENCE)
        elif score == _INTERVAL:
            explanation = glossary.DIFFERENCE_INTERVAL if group == _GAIN[0] else glossary.INTERVAL
            config[position] = st.column_config.TextColumn(help=explanation)
        elif score == _P[1]:
            config[position] = st.column_config.NumberColumn(format="%.3f", help=glossary.P_ADJUSTED)
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
    show_table_download(lambda: flat, stem=f"{view.run.name}_per_class_{models[-1].split}")
