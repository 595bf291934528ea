"""Rows of the corpus as a table, page by page, with what the models answered; one row can be chosen."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.metadata import BLANK, as_text
from core.analysis.rows import Rows, confidence_column, true_prob_column
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.filter.chips import column_label
from core.ui.filter.state import until_filter_changes
from core.ui.formatting import count
from core.ui.tables import show_table_download
from core.ui.view import View

IntArray = npt.NDArray[np.integer]

_PAGE_ROWS = 20
ROW_HEIGHT = 35
_ID = "id"
_TEXT = "Text"


def show_rows(view: View, ids: IntArray, *, key: str, page_rows: int = _PAGE_ROWS) -> int | None:
    """Show rows as a table, page by page, and a button that saves all of them.

    Args:
        view: What the page looks at.
        ids: The rows in the order in which to show them.
        key: Tells tables of a page apart.
        page_rows: Rows per page.

    Returns:
        The id of the row that the reader chose, if any.
    """
    n_pages = max(1, -(-len(ids) // page_rows))
    table = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        position = pick_page(n_pages, key=key) if n_pages > 1 else 1
        first = (position - 1) * page_rows
        shown = ids[first : first + page_rows]
        if n_pages > 1:
            st.markdown(f"{first + 1:,}–{first + len(shown):,} of {count(len(ids), 'row')}", width="content")
        show_table_download(lambda: saved_rows(view.rows, ids), stem=f"{view.run.name}_{key}")
    with table:
        return _show_page(view, shown, key=until_filter_changes(f"rows_{key}_{position}"), n_rows=page_rows)


def row_table(rows: Rows, ids: IntArray) -> pd.DataFrame:
    """Return what is shown of rows: id, text, label, each model's answer and confidence in percent, split, metadata.

    Metadata keeps its `meta_` here, so that no column of a corpus takes the place of another.
    """
    frame = rows.frame.iloc[ids]
    names = np.array(rows.classes, dtype=object)
    columns: dict[str, Any] = {_ID: ids}
    if rows.texts is not None:
        columns[_TEXT] = rows.texts.iloc[ids].to_numpy()
    columns["True class"] = names[frame["label"]]
    for model in answering(rows):
        columns[MODEL_LABELS[model]] = names[rows.pred(model)[ids]]
        columns[confidence_label(model)] = 100 * frame[confidence_column(model)].to_numpy(dtype=np.float64)
    columns["Words"] = frame["n_words"].to_numpy()
    columns["Split"] = frame["split"].astype(str).to_numpy()
    for name in rows.metadata:
        columns[name] = _shown(frame[name])
    return pd.DataFrame(columns)


def saved_rows(rows: Rows, ids: IntArray) -> pd.DataFrame:
    """Return rows as they are saved: all that is known of them, class names instead of numbers, probabilities as such.

    Every model adds its prediction, the probability of that, and the probability of the label.
    """
    frame = rows.frame.iloc[ids]
    names = np.array(rows.classes, dtype=object)
    columns: dict[str, Any] = {_ID: ids, "split": frame["split"].astype(str).to_numpy()}
    if rows.texts is not None:
        columns["text"] = rows.texts.iloc[ids].to_numpy()
    columns["label"] = names[frame["label"]]
    for model in rows.models:
        columns[f"{model}_prediction"] = names[rows.pred(model)[ids]]
        for suffix, column in (("confidence", confidence_column(model)), ("true_prob", true_prob_column(model))):
            columns[f"{model}_{suffix}"] = frame[column].to_numpy(dtype=np.float64).round(6)
    known = [name for name in ("n_chars", "n_words", "n_tokens", "truncated", *rows.metadata) if name in frame]
    return pd.DataFrame(columns | {name: frame[name].to_numpy() for name in known})


def columns_of(rows: Rows) -> dict[str, Any]:
    """Return how the columns of `row_table` are shown."""
    confidence = {
        confidence_label(model): st.column_config.NumberColumn(
            "Confidence", format="%.1f%%", help=glossary.CONFIDENCE, width="small"
        )
        for model in answering(rows)
    }
    return confidence | {
        _ID: st.column_config.NumberColumn(format="%d", width=70, help=glossary.ROW_ID),
        _TEXT: st.column_config.TextColumn(width="large"),
        "Words": st.column_config.NumberColumn(format="localized", width=80),
        "Split": st.column_config.TextColumn(width=90),
        **{name: st.column_config.Column(column_label(name)) for name in rows.metadata},
    }


def answering(rows: Rows) -> list[ModelName]:
    """Return the models worth a column: not the one that always answers alike, unless it is the only one."""
    return [model for model in reversed(rows.models) if model is not ModelName.DUMMY] or list(rows.models)


def confidence_label(model: ModelName) -> str:
    """Return the column of `row_table` with a model's confidence."""
    return f"Confidence, {MODEL_LABELS[model].lower()}"


def pick_page(n_pages: int, *, key: str, page: int | None = None, change: Callable[[int], None] | None = None) -> int:
    """Let the reader turn the pages of a table, and return which one is open, from 1.

    Args:
        n_pages: Number of pages.
        key: Tells tables apart.
        page: The open page if somebody else decides on it; else it is the one turned to last.
        change: Called with the page that the reader turns to.
    """
    widget_key = until_filter_changes(f"page_{key}_{n_pages}")
    if page is not None:
        st.session_state[widget_key] = page
    return int(
        st.number_input(
            f"Page of {n_pages:,}",
            min_value=1,
            max_value=n_pages,
            key=widget_key,
            width=140,
            on_change="rerun" if change is None else lambda: change(st.session_state[widget_key]),
        )
    )


def _shown(values: pd.Series) -> npt.NDArray[Any]:
    """Return metadata as numbers where it is that, so that a table sorts them as such; else as text or None."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy()
    text = as_text(values)
    return text.where(text != BLANK, None).to_numpy()


def _show_page(view: View, ids: IntArray, *, key: str, n_rows: int) -> int | None:
    table = row_table(view.rows, ids)
    event = st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=ROW_HEIGHT * (min(n_rows, len(table)) + 1) + 3,
        column_config=columns_of(view.rows),
        placeholder="–",
    )
    chosen = event["selection"]["rows"]
    return int(ids[chosen[0]]) if chosen and chosen[0] < len(ids) else None
