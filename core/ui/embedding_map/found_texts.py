"""Texts that are found on the map: how many, and the first of them."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from core.analysis.map_points import snippet
from core.artifacts.run import stage_command
from core.artifacts.schema import TEXTS, Stage
from core.ui.embedding_map.drawing import MAX_RINGS
from core.ui.embedding_map.reads import load_found
from core.ui.formatting import count
from core.ui.layout import show_text_table
from core.ui.view import View

_LISTED = 5
_CHARS = 200


def find_rows(view: View, words: str) -> npt.NDArray[np.int64]:
    """Return the rows whose texts hold some words, those of the filter first; none without words."""
    if not words:
        return np.zeros(0, dtype=np.int64)
    found = load_found(view.run, words)
    return found[np.argsort(~view.selected[found], kind="stable")]


def show_found(view: View, words: str, found: npt.NDArray[np.int64]) -> None:
    """Say how many texts were found and list the first; without texts on this machine, how to get them."""
    texts = view.rows.texts
    if texts is None:
        st.caption("Without the texts, none can be found on the map. Put them back with:")
        st.code(stage_command(view.run, Stage.PREPARE_DATA, TEXTS.path), language=None)
        return
    if not words:
        return
    if len(found) == 0:
        st.info("No text of this run holds these words.", icon=":material/search_off:")
        return
    within = view.selected[found]
    ringed = "all ringed" if len(found) <= MAX_RINGS else f"the first {MAX_RINGS} ringed"
    st.markdown(f"**{count(len(found), 'text')} found**, {int(within.sum()):,} of them in the filter; {ringed}.")
    first = found[:_LISTED]
    show_text_table(
        pd.DataFrame(
            {
                "id": first,
                "Text": [snippet(text, n_chars=_CHARS) for text in texts.iloc[first]],
                "True class": [view.rows.classes[k] for k in view.rows.frame["label"].iloc[first]],
                "In the filter": np.where(within[:_LISTED], "yes", "no"),
            }
        )
    )
    if len(found) > _LISTED:
        st.caption(f"The first {_LISTED}; to list all of them in the table, filter by these words.")
