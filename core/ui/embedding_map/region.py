"""The rectangle of the map against the rest: is the model weaker there?"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis.rates import HitRate
from core.analysis.regions import Region, compare_region
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.formatting import NOTHING, count, percent
from core.ui.reads import load_selection
from core.ui.row_table import ROW_HEIGHT
from core.ui.view import View

_ROWS_INSIDE, _ROWS_OUTSIDE = "Rows inside", "Rows outside"
_FOUND_INSIDE, _FOUND_OUTSIDE = "Found inside", "Found outside"
_SCROLLS_ABOVE = 12
_NUMBER_WIDTH = 92


def show_region(view: View) -> None:
    """Show rows per class and accuracy inside the rectangle and outside; without a rectangle, how to draw one."""
    st.subheader("Inside the rectangle", anchor=False, help=glossary.REGION)
    if view.filter.box is None:
        st.caption(
            "Drag a rectangle over the map: the classes in it, and how often the model is right there, stand here."
        )
        return
    region = region_of(view)
    if region.inside.n_rows == 0:
        st.caption(f"The rectangle holds no row of the {SPLIT_LABELS[view.split]} split.")
        return
    st.markdown(_sentence(view, region))
    table = region_table(view, region)
    st.dataframe(
        table,
        hide_index=True,
        placeholder=NOTHING,
        height=ROW_HEIGHT * (_SCROLLS_ABOVE + 1) + 3 if len(table) > _SCROLLS_ABOVE else "content",
        column_config={"True class": st.column_config.TextColumn(width=125)}
        | {
            name: st.column_config.NumberColumn(format="localized", width=_NUMBER_WIDTH)
            for name in (_ROWS_INSIDE, _ROWS_OUTSIDE)
        }
        | {
            name: st.column_config.NumberColumn(format="%.1f%%", help=glossary.RECALL, width=_NUMBER_WIDTH)
            for name in (_FOUND_INSIDE, _FOUND_OUTSIDE)
        },
    )
    st.caption(f"Basis: {SPLIT_LABELS[view.split]} split, rows of the filter whatever their label and answers are.")


def region_of(view: View) -> Region:
    """Return the scored rows inside the rectangle against those outside."""
    rows = view.rows
    everywhere = load_selection(view.run, replace(view.scored_filter, box=None))
    return compare_region(
        rows.frame["label"].to_numpy(),
        None if view.model is None else rows.right(view.model),
        inside=view.scored,
        basis=everywhere,
    )


def region_table(view: View, region: Region) -> pd.DataFrame:
    """Return one row per class inside, most rows first; recall in percent, none for a class without rows outside."""
    columns = {
        "True class": [view.rows.classes[c.label] for c in region.classes],
        _ROWS_INSIDE: [c.inside.n_rows for c in region.classes],
    }
    if view.model is not None:
        columns[_FOUND_INSIDE] = [_in_percent(c.inside) for c in region.classes]
        columns[_FOUND_OUTSIDE] = [_in_percent(c.outside) for c in region.classes]
    columns[_ROWS_OUTSIDE] = [c.outside.n_rows for c in region.classes]
    return pd.DataFrame(columns)


def _sentence(view: View, region: Region) -> str:
    if view.model is None:
        rows = count(region.inside.n_rows, "row")
        return f"**{rows}** inside, {region.outside.n_rows:,} outside. This run has no predictions to measure."
    return (
        f"{MODEL_LABELS[view.model]}: **{_with_interval(region.inside)}** inside,"
        f" **{_with_interval(region.outside)}** outside."
    )


def _with_interval(rate: HitRate) -> str:
    """Return a share with its 95% interval and its rows."""
    rows = count(rate.n_rows, "row")
    if rate.interval is None:
        return f"{NOTHING} of {rows}"
    low, high = rate.interval
    return f"{percent(rate.share)} right (95% interval {percent(low)} to {percent(high)}, {rows})"


def _in_percent(rate: HitRate) -> float | None:
    return None if rate.share is None else 100 * rate.share
