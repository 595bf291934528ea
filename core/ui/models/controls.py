"""Widgets of the Models page; each owns its key, and its choice is in the URL."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from core.analysis.class_order import ClassOrder
from core.analysis.confusions import Normalise
from core.analysis.metrics import SplitMetrics
from core.charts.labels import MODEL_LABELS
from core.charts.per_class import Score
from core.ui import glossary

DIFFERENCE = "difference"
BOTH = "both models"
_MANY_ABOVE = 20
_Option = TypeVar("_Option", bound=str)


def pick_models(measured: list[SplitMetrics]) -> list[SplitMetrics]:
    """Return the models to show side by side: the best expected one last, the chosen baseline before it.

    Args:
        measured: Metrics of at least one model, from the humblest to the best expected.
    """
    if len(measured) == 1:
        return measured
    *candidates, best = measured
    baselines = {MODEL_LABELS[m.model]: m for m in reversed(candidates)}
    chosen = st.selectbox(
        f"{MODEL_LABELS[best.model]} beside",
        list(baselines),
        key="baseline",
        bind="query-params",
        help="\n\n".join(f"**{name}**: {glossary.MODELS[m.model]}" for name, m in baselines.items()),
        width=165,
    )
    return [baselines[chosen], best]


def pick_matrices(models: Sequence[SplitMetrics], *, side_by_side: bool) -> list[SplitMetrics] | None:
    """Return the models whose matrices to show, None for their difference; nothing to choose with one model.

    Args:
        models: One or two models.
        side_by_side: Whether there is room for both matrices beside each other; else it is one at a time.
    """
    if len(models) == 1:
        return list(models)
    views = {BOTH: list(models)} if side_by_side else {MODEL_LABELS[m.model]: [m] for m in reversed(models)}
    return views.get(_choice("Matrices", [*views, DIFFERENCE], key="matrix", help_text=glossary.MATRIX_DIFFERENCE))


def pick_normalise() -> Normalise:
    """Return what the cells of the confusion matrices say."""
    return _choice("Cells", list(Normalise), key="cells", help_text=glossary.NORMALISE)


def pick_score() -> Score:
    """Return the score per class to draw."""
    explanation = "\n\n".join((f"**F1**: {glossary.F1}", f"**Precision**: {glossary.PRECISION}",
                               f"**Recall**: {glossary.RECALL}"))  # fmt: skip
    return _choice("Score", list(Score), key="score", help_text=explanation)


def pick_class_order(n_classes: int, *, n_models: int) -> ClassOrder:
    """Return the order of the classes; many classes are in a useful one unless chosen otherwise."""
    options = [order for order in ClassOrder if n_models > 1 or order is not ClassOrder.GAIN]
    default = ClassOrder.TOGETHER if n_classes > _MANY_ABOVE else ClassOrder.WEAKEST
    chosen = st.selectbox(
        "Class order",
        options,
        index=options.index(default),
        key="order",
        bind="query-params",
        help="On the charts and in the table. Weakest: lowest F1 of the fine-tuned model, or of the only one. Gain: F1"
        " of the second model minus that of the first. Confused together: classes that the models take for each other"
        " stand side by side.",
        width=170,
    )
    return chosen or default


def _choice(label: str, options: list[_Option], *, key: str, help_text: str) -> _Option:
    chosen: _Option = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params", help=help_text
    )
    return chosen
