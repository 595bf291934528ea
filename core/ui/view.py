"""What a page looks at: a run, its rows, and those that the filter selects."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.metrics import SplitMetrics
from core.analysis.row_filter import RowFilter, model_in_view
from core.analysis.rows import Rows
from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Split
from core.ui.filter.bar import show_filter_bar
from core.ui.filter.state import current_filter
from core.ui.formatting import count, plain
from core.ui.layout import show_header
from core.ui.notices import show_error
from core.ui.reads import load_filter_choices, load_rows, load_selection, load_selection_metrics
from core.ui.runs import check_not_rebuilt, current_run

BoolArray = npt.NDArray[np.bool_]
_MAX_NOTES = 5


@dataclass(frozen=True, kw_only=True)
class View:
    """A run under the filter.

    `selected` are the rows that pass all of the filter. `scored` are those that pass what does not depend on label or
    answers, on which models are measured; both of shape (rows,).
    """

    run: Run
    rows: Rows
    filter: RowFilter

    @cached_property
    def selected(self) -> BoolArray:
        """Return which rows the filter selects."""
        return load_selection(self.run, self.filter)

    @cached_property
    def scored(self) -> BoolArray:
        """Return which rows the models are measured on."""
        return load_selection(self.run, self.scored_filter)

    @property
    def scored_filter(self) -> RowFilter:
        """Return the filter of the rows that models are measured on: one split, whatever label and answers are."""
        return replace(self.filter.without_answers(), split=self.split)

    @property
    def model(self) -> ModelName | None:
        """Return whose answers the filter is about; None in a run without predictions."""
        return model_in_view(self.filter, self.rows.models)

    @property
    def split(self) -> Split:
        """Return the split that scores are about: the chosen one, test for all."""
        return self.filter.split or self.rows.main_split

    def measured(self) -> list[SplitMetrics]:
        """Return the metrics of every model on the scored rows, from the humblest to the best expected; maybe none."""
        return load_selection_metrics(self.run, self.scored_filter)


def begin_page(title: str, question: str) -> View:
    """Show a page's title, its question and the filter, and return what the page looks at.

    Without readable rows the page says so and ends here.
    """
    run = current_run()
    show_header(title, question, run)
    rows = load_rows(run)
    row_filter, notes = current_filter(rows, load_filter_choices(run))
    view = View(run=run, rows=rows, filter=row_filter)
    show_filter_bar(run, rows, row_filter, n_selected=int(view.selected.sum()))
    if notes:
        more = [f"And {count(len(notes) - _MAX_NOTES, 'more part')} of the filter."] if len(notes) > _MAX_NOTES else []
        st.warning("  \n".join(map(plain, notes[:_MAX_NOTES] + more)), icon=":material/filter_alt_off:")
    for problem in rows.problems:
        check_not_rebuilt(run)
        show_error(problem)
    return view
