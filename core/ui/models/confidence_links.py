"""Links from a range of confidence to its rows."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.analysis.row_filter import CONFIDENCE, RANGE_DIGITS, Outcome, Range, RowFilter
from core.artifacts.schema import ModelName
from core.ui.filter.link import encode_filter
from core.ui.formatting import count
from core.ui.view import View


def confidence_range(low: float | None, high: float | None) -> Range:
    """Return the range from `low` on, and below `high`, as an address can hold it; None is open.

    A `high` of 1 is included.
    """
    below = high if high is None or high >= 1 else _written((_last_before(high) + high) / 2)
    return Range(column=CONFIDENCE, low=None if low is None else _written(low), high=below)


def _last_before(edge: float) -> float:
    """Return the highest confidence below an edge: confidences are float32, so there is room between the two."""
    nearest = np.float32(edge)
    return float(nearest if float(nearest) < edge else np.nextafter(nearest, np.float32(0)))


def _written(end: float) -> float:
    return float(f"{end:.{RANGE_DIGITS}g}")


def rows_between(view: View, model: ModelName, wanted: Range) -> RowFilter:
    """Return the filter of the scored rows on which a model's confidence is in a range."""
    answers_of = None if model is view.rows.models[-1] else model
    return replace(view.scored_filter, model=answers_of).with_range(wanted)


def show_link_to_rows(view: View, model: ModelName, wanted: Range, n_rows: int) -> None:
    """Show a link that opens the rows of a range of confidence, right and wrong ones, on the Errors page."""
    if n_rows == 0:
        return
    both = replace(rows_between(view, model, wanted), outcomes=(Outcome.CORRECT, Outcome.WRONG))
    st.page_link(
        "pages/errors.py",
        label=f"Read {'this' if n_rows == 1 else 'these'} {count(n_rows, 'row')}",
        icon=":material/arrow_forward:",
        query_params={**encode_filter(both, view.rows.classes), "run": view.run.name},
    )
