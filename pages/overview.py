"""Overview: what fine-tuning buys on this corpus, where it still fails, and how the run was made."""

import streamlit as st

from core.analysis.confusions import best_of
from core.artifacts.schema import METRICS, Stage
from core.ui.notices import show_missing_parts, show_stage_missing
from core.ui.overview.balance import show_class_balance
from core.ui.overview.confusions import show_biggest_confusions
from core.ui.overview.dataset import show_corpus
from core.ui.overview.gain import show_gain
from core.ui.overview.pointers import show_pointers
from core.ui.overview.provenance import show_encoder, show_stages
from core.ui.runs import reading
from core.ui.score_reads import scores_of
from core.ui.scores import show_basis, show_headline, show_score_table
from core.ui.view import begin_page

view = begin_page("Overview", "Is fine-tuning worth it here, and where does it still go wrong?")
run = view.run

with reading(run):
    models = view.measured()
    if models:
        best = best_of(models)
        scores = scores_of(view)
        show_headline(models, scores)
        show_basis(models)
        if scores:
            show_gain(view)
        look, confusions = st.columns(2, gap="large")
        with look:
            st.subheader(
                "Look here first", anchor=False, help="Mistakes of the model with the highest macro F1 on these rows."
            )
            show_pointers(view, best)
        with confusions:
            st.subheader(
                "Biggest confusions", anchor=False, help="Of the model with the highest macro F1 on these rows."
            )
            show_biggest_confusions(best, run_name=run.name)

st.subheader("All models, all splits", anchor=False)
with reading(run):
    if run.record(METRICS) is None:
        show_stage_missing(run, Stage.METRICS, "Scores")
    else:
        show_score_table(run)

corpus, balance = st.columns(2, gap="large")
with corpus:
    st.subheader("The corpus", anchor=False)
    show_corpus(run)
    st.subheader("The encoder", anchor=False)
    show_encoder(run)
with balance, reading(run):
    st.subheader("Rows per class", anchor=False)
    show_class_balance(run)

st.subheader("How this run was made", anchor=False)
show_stages(run)

st.subheader("What is missing", anchor=False)
show_missing_parts(run)
