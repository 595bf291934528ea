"""Models: a frozen encoder with a linear head beside the same encoder fine-tuned, class by class."""

import streamlit as st

from core.ui.models.calibration import show_calibration
from core.ui.models.chosen_rows import explain_scored
from core.ui.models.comparison import show_comparison
from core.ui.models.learning import show_learning_curves
from core.ui.models.significance import show_significance
from core.ui.notices import show_missing_parts
from core.ui.runs import reading
from core.ui.score_reads import scores_of
from core.ui.scores import show_basis, show_headline
from core.ui.view import begin_page

view = begin_page("Models", "What does fine-tuning change, and for which classes?")

with reading(view.run):
    measured = view.measured()
    if view.model is None:
        st.info("There are no predictions to compare yet.", icon=":material/pending:")
        show_missing_parts(view.run)
    elif measured:
        scores = scores_of(view)
        show_headline(measured, scores)
        show_basis(measured)
        with st.container():  # one element, whatever is chosen, so that a browser keeps those after it
            explain_scored(view)
        show_comparison(view, measured, scores)
        show_significance(view)
        show_calibration(view)

st.subheader("Learning curves", anchor=False)
with reading(view.run):
    show_learning_curves(view.run)
