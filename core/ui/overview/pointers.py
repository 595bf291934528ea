"""What to look at first, in words, each with a button that opens those rows."""

import streamlit as st

from core.analysis.metrics import SplitMetrics
from core.analysis.pointers import CONFIDENT, Pointer, PointerKind
from core.charts.labels import MODEL_LABELS, percent
from core.ui.filter.state import change_filter, filter_link_params
from core.ui.formatting import count, plain
from core.ui.overview.reads import load_pointers
from core.ui.view import View

_ERRORS_PAGE = "pages/errors.py"


def show_pointers(view: View, measured: SplitMetrics) -> None:
    """Show where to look first; a click sets the filter to those rows and opens the Errors page."""
    pointers = load_pointers(view.run, view.scored_filter, measured.model)
    if not pointers:
        st.success(f"{MODEL_LABELS[measured.model]} makes no mistake on these {count(measured.n_rows, 'row')}.")
        return
    for pointer in pointers:
        title, reason = _in_words(pointer, view.rows.classes)
        with st.container(border=True, key=f"pointer_{pointer.kind.name}"):
            words, look = st.columns([5, 1], vertical_alignment="center", gap="small")
            words.markdown(f"**{title}**  \n:gray[{reason}]")
            with look:
                clicked = st.button(
                    "Look",
                    key=f"look_{pointer.kind.name}",
                    width="stretch",
                    help="Open these rows on the Errors page.",
                )
            if clicked:
                change_filter(pointer.row_filter, view.rows)
                st.switch_page(_ERRORS_PAGE, query_params=filter_link_params())


def _in_words(pointer: Pointer, classes: tuple[str, ...]) -> tuple[str, str]:
    """Return what a pointer says, and why it is worth a look."""
    rows = f"{pointer.n_rows:,} of {pointer.of:,}"
    true = "" if pointer.true is None else plain(classes[pointer.true])
    match pointer.kind:
        case PointerKind.CONFUSION:
            predicted = plain(classes[pointer.predicted or 0])
            return f"{true} taken for {predicted}", f"{rows} {true} rows: the biggest confusion."
        case PointerKind.WEAKEST_CLASS:
            return f"{true} is the weakest class", f"F1 {percent(pointer.f1 or 0)}; {rows} of its rows are missed."
        case PointerKind.CONFIDENT_MISTAKES:
            share = percent(CONFIDENT, decimals=0)
            return (
                "Wrong and sure of it",
                f"{rows} mistakes at {share} confidence or more: blind spots, or wrong labels.",
            )
        case PointerKind.BROKEN:
            return "Broken by fine-tuning", f"{rows} rows that the baseline had right are wrong now."
        case PointerKind.WRONG_IN_BOTH:
            return "Wrong in both models", f"{rows} rows: hard texts, or wrong labels."
