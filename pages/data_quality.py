"""Data quality: Which labels, copies and odd texts of the corpus distort the scores, and by how much?"""

import streamlit as st

from core.artifacts.schema import ISSUES, Stage
from core.ui import glossary
from core.ui.data_quality.found import show_found
from core.ui.data_quality.queue import show_queue
from core.ui.data_quality.scores import show_scores_without
from core.ui.notices import show_stage_missing
from core.ui.runs import reading
from core.ui.view import begin_page

view = begin_page("Data quality", "Which rows of the corpus are doubtful, and what are the scores without them?")
if view.run.record(ISSUES.path) is None:
    show_stage_missing(view.run, Stage.ISSUES, "Suspected labels, duplicates and leaks")
else:
    with reading(view.run):
        show_found(view)
        show_scores_without(view)
        st.subheader("The rows, one by one", anchor=False, help=glossary.ISSUE_ROWS)
        show_queue(view)
