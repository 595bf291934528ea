"""Overview: what fine-tuning buys on this corpus, where it still fails, and how the run was made."""

import streamlit as st

from core.analysis.confusions import best_of
from core.artifacts.schema import METRICS, Stage
from core.ui.confusions import show_biggest_confusions
from core.ui.controls import pick_split
from core.ui.dataset import show_class_balance, show_corpus
from core.ui.layout import show_header
from core.ui.notices import show_missing_parts, show_stage_missing
from core.ui.provenance import show_encoder, show_stages
from core.ui.reads import load_metrics
from core.ui.runs import current_run, reading
from core.ui.scores import measured_models, show_basis, show_headline, show_score_table

run = current_run()
show_header("Overview", "How good are the models on this corpus, what do they confuse, and how was it measured?", run)

with reading(run):
    if run.record(METRICS) is None:
        show_stage_missing(run, Stage.METRICS, "Scores")
    else:
        metrics = load_metrics(run)
        models = measured_models(metrics, pick_split(metrics))
        show_headline(models)
        show_basis(models)
        st.subheader("All models, all splits", anchor=False)
        show_score_table(metrics)
        st.subheader("Biggest confusions", anchor=False, help="Of the model with the highest macro F1 on this split.")
        show_biggest_confusions(best_of(models))

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
