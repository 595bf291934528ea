"""Learning curves of the fine-tuning."""

from functools import partial

import streamlit as st

from core.artifacts.run import Run
from core.artifacts.schema import TRAINING_LOG
from core.charts.figures import make_loss_figure, make_validation_score_figure
from core.ui.chart_downloads import show_chart_downloads
from core.ui.models.specs import load_learning_specs
from core.ui.notices import show_stage_missing
from core.ui.reads import load_training_log


def show_learning_curves(run: Run) -> None:
    """Show loss and validation scores over the epochs, or how to get them."""
    if run.record(TRAINING_LOG.path) is None:
        show_stage_missing(run, TRAINING_LOG.stage, "Learning curves", path=TRAINING_LOG.path)
        return
    training_log = load_training_log(run)
    loss, scores = load_learning_specs(run)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Loss**", help="Mean of −ln(probability given to the true class): falling on both is learning.")
        st.vega_lite_chart(spec=loss, width="stretch", alt="Loss over epochs")
        show_chart_downloads(partial(make_loss_figure, training_log, run_name=run.name), stem=f"{run.name}_loss")
    with right:
        st.markdown(
            "**Scores on the validation split**", help="Measured while training, at the end of each evaluation."
        )
        st.vega_lite_chart(spec=scores, width="stretch", alt="Validation scores over epochs")
        show_chart_downloads(
            partial(make_validation_score_figure, training_log, run_name=run.name), stem=f"{run.name}_validation_scores"
        )
