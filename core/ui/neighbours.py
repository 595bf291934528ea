"""The training texts that are nearest to one row, and a warning where most of them carry another label."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.analysis.nearest_texts import NearestTexts, nearest_of_row
from core.artifacts.run import Run, stage_command
from core.artifacts.schema import NEIGHBORS, Stage
from core.ui import glossary
from core.ui.caching import BY_DIGEST
from core.ui.formatting import count, plain
from core.ui.nearest_texts import show_nearest_texts
from core.ui.runs import reading
from core.ui.view import View

_KEPT = 4


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_neighbors(run: Run) -> pd.DataFrame:
    """Return the nearest training texts of every row.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return run.read_table(NEIGHBORS)


def show_neighbours(view: View, row_id: int, *, open_here: Callable[[int], None] | None = None) -> None:
    """Show the nearest training texts of a row; in a run without, how to find them.

    Args:
        view: What the page looks at.
        row_id: Which row.
        open_here: Opens another row on this page; None for a link to the Errors page.
    """
    st.markdown("**Nearest training texts**", help=glossary.NEAREST_TEXTS)
    if view.run.record(NEIGHBORS.path) is None:
        st.caption("This run does not know them yet. Find them with:")
        st.code(stage_command(view.run, Stage.NEIGHBORS), language=None, wrap_lines=True)
        return
    with reading(view.run):
        frame = view.rows.frame
        nearest = nearest_of_row(load_neighbors(view.run), row_id, frame["label"].to_numpy())
        if len(nearest) == 0:
            st.caption("There is no other training text.")
            return
        label = int(frame["label"].iloc[row_id])
        sentence = agreement_sentence(nearest, label, view.rows.classes)
        if nearest.disagree_with(label):
            st.warning(
                f"{sentence} Hard to tell apart for the frozen encoder, or a wrong label.",
                icon=":material/compare_arrows:",
            )
        else:
            st.caption(sentence)
        show_nearest_texts(view.run, view.rows, nearest, label=label, open_here=open_here)


def agreement_sentence(nearest: NearestTexts, label: int, classes: tuple[str, ...]) -> str:
    """Return in Markdown how many of the nearest texts, at least one, carry the label of a row, and what most carry."""
    own, usual = nearest.n_labelled(label), nearest.usual_label
    texts = count(len(nearest), "nearest training text")
    if usual == label or not nearest.disagree_with(label):
        only = "Only " if nearest.disagree_with(label) else ""
        return f"{only}{own} of the {texts} {_are(own)} labelled {plain(classes[label])} like this one."
    most = nearest.n_labelled(usual)
    return (
        f"{most} of the {texts} {_are(most)} labelled {plain(classes[usual])},"
        f" {f'only {own}' if own else 'none'} {plain(classes[label])} like this one."
    )


def _are(n_texts: int) -> str:
    return "is" if n_texts == 1 else "are"
