"""The pairs of classes that the models confuse, as a table; a chosen line chooses its rows."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.confusions import ConfusedPair, confused_pairs
from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.class_clicks import choose_classes
from core.ui.filter.state import until_filter_changes
from core.ui.formatting import count
from core.ui.row_table import ROW_HEIGHT
from core.ui.tables import show_table_download
from core.ui.view import View

_MAX_SHOWN = 1_000
_MAX_LINES = 11
_SHARE = "Of the true class"
_DIFFERENCE = "Difference"
_TRUE = "True class"
_PREDICTED = "Predicted as"
_CLASS_WIDTH = 105


def show_confused_pairs(view: View, models: Sequence[SplitMetrics], *, is_narrow: bool = False) -> None:
    """Show which classes are taken for which, most often by the last model first.

    Args:
        view: What the page looks at.
        models: One or two models.
        is_narrow: Whether there is room for half a page only; then names of models stand above the table.
    """
    names = [MODEL_LABELS[m.model] for m in models]
    st.markdown("**Most confused pairs**")
    who = f"Rows before: {names[0].lower()}, after: {names[1].lower()}. " if is_narrow and len(names) == 2 else ""
    st.caption(f"{who}Select a line to see its rows, as answered by {names[-1].lower()}.")
    pairs = confused_pairs(models)
    if not pairs:
        st.success(f"There is no mistake on these {count(models[0].n_rows, 'row')}.")
        return
    shown = pairs[:_MAX_SHOWN]
    table = pair_table(models, shown)
    key = until_filter_changes("confused_pairs")
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=_on_line(view, shown, key, models[-1].model),
        selection_mode="single-row",
        height=ROW_HEIGHT * (min(_MAX_LINES, len(table)) + 1) + 3,
        column_order=[name for name in table.columns if not (is_narrow and name == _SHARE)],
        column_config=_columns(models, is_narrow=is_narrow),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_table_download(
            lambda: pair_table(models, pairs), stem=f"{view.run.name}_confused_pairs_{models[-1].split}"
        )
        if len(pairs) > len(shown):
            st.caption(f"The first {len(shown):,} of {count(len(pairs), 'pair')}; the file has all.", width="content")


def pair_table(models: Sequence[SplitMetrics], pairs: Sequence[ConfusedPair]) -> pd.DataFrame:
    """Return one line per pair: classes, rows of each model, their difference, share of the true class in percent."""
    classes = models[-1].per_class
    columns: dict[str, list[str] | list[int] | list[float]] = {
        _TRUE: [classes[pair.true].name for pair in pairs],
        _PREDICTED: [classes[pair.predicted].name for pair in pairs],
    }
    for position, metrics in enumerate(models):
        columns[MODEL_LABELS[metrics.model]] = [pair.n_rows[position] for pair in pairs]
    if len(models) == 2:
        columns[_DIFFERENCE] = [pair.difference for pair in pairs]
    columns[_SHARE] = [100 * pair.share_of_true for pair in pairs]
    return pd.DataFrame(columns)


def _columns(models: Sequence[SplitMetrics], *, is_narrow: bool) -> dict[str, Any]:
    short = ("Rows",) if len(models) == 1 else ("Before", "After")
    columns: dict[str, Any] = {
        MODEL_LABELS[m.model]: st.column_config.NumberColumn(
            label if is_narrow else None, format="localized", help=glossary.MODELS[m.model]
        )
        for m, label in zip(models, short, strict=True)
    }
    class_column = st.column_config.TextColumn(width=_CLASS_WIDTH if is_narrow else None)
    return columns | {
        _TRUE: class_column,
        _PREDICTED: class_column,
        _DIFFERENCE: st.column_config.NumberColumn(
            "Change" if is_narrow else None, format="%+d", help=glossary.PAIR_DIFFERENCE
        ),
        _SHARE: st.column_config.NumberColumn(format="%.1f%%", help=glossary.SHARE_OF_TRUE),
    }


def _on_line(view: View, pairs: Sequence[ConfusedPair], key: str, model: ModelName) -> Callable[[], None]:
    def choose() -> None:
        lines = st.session_state[key]["selection"]["rows"]
        if lines and lines[0] < len(pairs):
            pair = pairs[lines[0]]
            choose_classes(view, (pair.true,), (pair.predicted,), model=model)

    return choose
