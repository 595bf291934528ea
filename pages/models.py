"""Models: a frozen encoder with a linear head beside the same encoder fine-tuned, class by class."""

import streamlit as st

from core.artifacts.schema import METRICS, Stage
from core.ui.controls import order_classes, pick_class_order, pick_models, pick_normalise, pick_split
from core.ui.layout import show_header
from core.ui.learning import show_learning_curves
from core.ui.matrices import show_confusion_matrices
from core.ui.notices import show_stage_missing
from core.ui.per_class import show_per_class_chart, show_per_class_table
from core.ui.reads import load_metrics
from core.ui.runs import current_run, reading

run = current_run()
show_header("Models", "What does fine-tuning change, and for which classes?", run)

with reading(run):
    if run.record(METRICS) is None:
        show_stage_missing(run, Stage.METRICS, "Confusion matrices and scores per class")
    else:
        metrics = load_metrics(run)
        with st.container(horizontal=True, gap="medium"):
            split = pick_split(metrics)
            models = pick_models(metrics, split)
            normalise = pick_normalise()
            order = order_classes(pick_class_order(), models[-1])
        st.subheader("Confusion matrices", anchor=False)
        show_confusion_matrices(models, normalise=normalise, order=order, run_name=run.name)
        st.subheader("F1 per class", anchor=False)
        show_per_class_chart(models, order=order, run_name=run.name)
        st.subheader("All scores per class", anchor=False)
        show_per_class_table(models, order=order, run_name=run.name)

st.subheader("Learning curves", anchor=False)
with reading(run):
    show_learning_curves(run)
