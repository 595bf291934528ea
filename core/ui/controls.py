"""Widgets that pages share; each owns its key, and its choice is in the URL."""

from enum import StrEnum
from typing import TypeVar

import streamlit as st

from core.analysis.metrics import RunMetrics, SplitMetrics
from core.artifacts.schema import Split
from core.charts.confusion import Normalise
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.scores import measured_models

_Option = TypeVar("_Option", bound=StrEnum)


class ClassOrder(StrEnum):
    """In which order classes stand on charts."""

    WEAKEST = "weakest first"
    CORPUS = "as in the corpus"
    NAME = "by name"


def pick_split(metrics: RunMetrics) -> Split:
    """Return the split to look at, test unless chosen otherwise."""
    measured = {m.split for m in metrics.metrics}
    splits = [split for split in (Split.TEST, Split.VALIDATION, Split.TRAIN) if split in measured]
    return _choice("Split", splits, key="split", help_text=glossary.SPLIT)


def pick_models(metrics: RunMetrics, split: Split) -> list[SplitMetrics]:
    """Return the models to show side by side: the best expected one last, the chosen baseline before it."""
    models = measured_models(metrics, split)
    if len(models) == 1:
        return models
    *candidates, best = models
    baselines = {MODEL_LABELS[m.model]: m for m in reversed(candidates)}
    chosen = st.selectbox(
        f"{MODEL_LABELS[best.model]} beside",
        list(baselines),
        key="baseline",
        bind="query-params",
        help="\n\n".join(f"**{name}**: {glossary.MODELS[m.model]}" for name, m in baselines.items()),
        width=175,
    )
    return [baselines[chosen], best]


def pick_normalise() -> Normalise:
    """Return what the cells of the confusion matrices say."""
    return _choice("Cells", list(Normalise), key="cells", help_text=glossary.NORMALISE)


def pick_class_order() -> ClassOrder:
    """Return the order of the classes."""
    chosen = st.selectbox(
        "Class order",
        list(ClassOrder),
        key="order",
        bind="query-params",
        help="On the charts and in the table. Weakest: lowest F1 of the fine-tuned model, or of the only one.",
        width=150,
    )
    return chosen or ClassOrder.WEAKEST


def order_classes(order: ClassOrder, metrics: SplitMetrics) -> list[int]:
    """Return class indices in the chosen order; classes without F1 come last among the weakest."""
    classes = range(len(metrics.per_class))
    if order is ClassOrder.NAME:
        return sorted(classes, key=lambda k: metrics.per_class[k].name.casefold())
    if order is ClassOrder.WEAKEST:
        scores = [c.f1 for c in metrics.per_class]
        return sorted(classes, key=lambda k: (scores[k] is None, scores[k] or 0.0))
    return list(classes)


def _choice(label: str, options: list[_Option], *, key: str, help_text: str) -> _Option:
    chosen: _Option = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params", help=help_text
    )
    return chosen
