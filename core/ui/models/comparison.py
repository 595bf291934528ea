"""The parts of the Models page in their places: controls, matrices with their rows, scores per class."""

import streamlit as st

from core.analysis.class_order import order_classes
from core.analysis.comparison import ModelScores
from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName
from core.ui.models.chosen_rows import show_chosen_rows
from core.ui.models.confused_pairs import show_confused_pairs
from core.ui.models.controls import pick_class_order, pick_matrices, pick_models, pick_normalise, pick_score
from core.ui.models.matrices import (
    SIDE_BY_SIDE_UP_TO,
    explain_matrices,
    largest_count,
    pick_classes,
    show_confusion_matrix,
    show_difference_matrix,
)
from core.ui.models.per_class import show_per_class_chart, show_per_class_table
from core.ui.score_reads import load_pair
from core.ui.view import View


def show_comparison(view: View, measured: list[SplitMetrics], scores: dict[ModelName, ModelScores]) -> None:
    """Show what two models, or the only one, do with each class.

    Args:
        view: What the page looks at.
        measured: Metrics of at least one model on the scored rows, from the humblest to the best expected.
        scores: The same scores with their intervals, as far as there are any.
    """
    st.subheader("Confusion matrices", anchor=False)
    with st.container(horizontal=True, gap="small"):
        models = pick_models(measured)
        side_by_side = len(view.rows.classes) <= SIDE_BY_SIDE_UP_TO
        matrices = pick_matrices(models, side_by_side=side_by_side)
        normalise = pick_normalise()
        order = order_classes(pick_class_order(len(view.rows.classes), n_models=len(models)), models)
        shown = pick_classes(models, order)
    has_place_beside = side_by_side and (matrices is None or len(matrices) == 1)
    n_places = 2 if side_by_side else 1
    places = st.columns(n_places, gap="medium")
    if matrices is None:
        with places[0]:
            show_difference_matrix(view, models, normalise=normalise, shown=shown)
    else:
        for place, metrics in zip(places, matrices, strict=False):
            with place:
                show_confusion_matrix(view, metrics, normalise=normalise, shown=shown, max_count=largest_count(models))
    if has_place_beside:
        with places[1]:
            show_confused_pairs(view, models, is_narrow=True)
    explain_matrices(matrices)
    with st.container():  # one element, whatever is chosen, so that a browser keeps those after it
        show_chosen_rows(view)
    if not has_place_beside:
        show_confused_pairs(view, models)
    st.subheader("Scores per class", anchor=False)
    score = pick_score()
    show_per_class_chart(view, models, scores, score, order=order)
    pair = load_pair(view.run, view.scored_filter, *(m.model for m in models)) if scores and len(models) == 2 else None
    show_per_class_table(view, models, scores, pair, order=order)
