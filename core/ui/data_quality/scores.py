"""Every score again without rows that say little about a model, beside the official one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.row_filter import RowFilter
from core.analysis.scores_without import LEFT_OUT, ScoreWithout
from core.analysis.tags import Tag
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS, basis_of
from core.ui import glossary
from core.ui.data_quality.reads import load_scores_without
from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.formatting import NOTHING
from core.ui.row_table import ROW_HEIGHT, answering
from core.ui.tables import show_table_download
from core.ui.view import View

_NAMES = {
    LEFT_OUT[0]: "nothing (official)",
    LEFT_OUT[1]: "leaked rows",
    LEFT_OUT[2]: "duplicates",
    LEFT_OUT[3]: "conflicting labels",
    LEFT_OUT[4]: "suspected labels",
    LEFT_OUT[5]: "all of these",
}
_SCORE_WIDTH, _GAIN_WIDTH = 72, 57


def show_scores_without(view: View) -> None:
    """Show the scores of every model on the split in view; a chosen line leaves its rows out everywhere."""
    official = replace(view.scored_filter, tags=(), without=())
    models = answering(view.rows)
    tables = {model: scores for model in models if (scores := load_scores_without(view.run, official, model))}
    if not tables:
        return
    st.subheader("The scores without them", anchor=False, help=glossary.SCORES_WITHOUT)
    for place, (model, scores) in zip(st.columns(len(tables), gap="small"), tables.items(), strict=True):
        with place:
            st.markdown(f"**{MODEL_LABELS[model]}**", help=glossary.MODELS[model])
            _show_table(view, official, model, scores)
    st.caption(
        "Suspected labels are suspected because models disagree with them, so the score without them flatters: the"
        " truth lies between it and the official one. Click a line to leave its rows out on every page."
    )


def scores_table(scores: Sequence[ScoreWithout]) -> pd.DataFrame:
    """Return one line per kind of rows left out: rows, scores in percent, their difference in percentage points."""
    return pd.DataFrame(
        {
            "Without": [_NAMES[found.without] for found in scores],
            "Rows": [_n_rows(found) for found in scores],
            "Accuracy": [None if found.metrics is None else 100 * found.metrics.accuracy for found in scores],
            "± acc.": [_points(found, found.accuracy_gain) for found in scores],
            "Macro F1": [None if found.metrics is None else 100 * found.metrics.macro_f1 for found in scores],
            "± F1": [_points(found, found.macro_f1_gain) for found in scores],
        }
    )


def _n_rows(found: ScoreWithout) -> int:
    return found.official.n_rows - found.n_left_out


def _points(found: ScoreWithout, gain: float | None) -> float | None:
    if gain is None or not found.without:
        return None
    return round(100 * gain, 1) + 0.0  # no -0.0


def _show_table(view: View, official: RowFilter, model: ModelName, scores: Sequence[ScoreWithout]) -> None:
    table = scores_table(scores)
    key = until_filter_changes(f"quality_scores_{model}")
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=_on_line(view, official, scores, key),
        selection_mode="single-cell",
        height=ROW_HEIGHT * (len(table) + 1) + 3,
        placeholder=NOTHING,
        column_config={
            "Without": st.column_config.TextColumn(width=122),
            "Rows": st.column_config.NumberColumn(format="localized", width=56),
            "Accuracy": _number("%.1f%%", _SCORE_WIDTH, glossary.ACCURACY),
            "± acc.": _number("%+.1f", _GAIN_WIDTH, "Percentage points more than the official accuracy."),
            "Macro F1": _number("%.1f%%", _SCORE_WIDTH, glossary.MACRO_F1),
            "± F1": _number("%+.1f", _GAIN_WIDTH, "Percentage points more than the official macro F1."),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_table_download(lambda: table, stem=f"{view.run.name}_scores_without_{model}_{view.split}")
        st.caption(f"{basis_of(scores[0].official)}.")


def _number(number_format: str, width: int, explanation: str) -> Any:
    return st.column_config.NumberColumn(format=number_format, help=explanation, width=width)


def _on_line(view: View, official: RowFilter, scores: Sequence[ScoreWithout], key: str) -> Callable[[], None]:
    def choose() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        if cells and cells[0][0] < len(scores):
            without: tuple[Tag, ...] = scores[cells[0][0]].without
            change_filter(replace(official, model=view.filter.model, without=without), view.rows)

    return choose
