"""What models say about one text, side by side: the probability of each class."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent, short_labels
from core.charts.palette import INK, class_colours
from core.charts.picking import FADED
from core.charts.specs import later_data

FloatArray = npt.NDArray[np.floating]

ANSWERS = "answers"
_PANEL = 1.56
_PANEL_PIXELS = 230
_LABEL_WIDTHS = (28, 18)
_TRACK = "#8a92a0"


def classes_to_show(
    probs: Mapping[ModelName, FloatArray], label: int, pred: Mapping[ModelName, int], *, limit: int
) -> list[int]:
    """Return the classes worth a bar: all in label order if they are few, else the likeliest first.

    The label and every prediction are always among them; the likelihood of a class is the highest of any model.

    Args:
        probs: Probabilities of all classes, shape (classes,), of each model.
        label: The true class.
        pred: The predicted class of each model.
        limit: How many classes are few.
    """
    best = np.max(list(probs.values()), axis=0)
    if len(best) <= limit:
        return list(range(len(best)))
    needed = {label, *pred.values()}
    others = [int(k) for k in np.argsort(-best, kind="stable") if k not in needed]
    return sorted([*needed, *others[: max(0, limit - len(needed))]], key=lambda k: (-best[k], k))


def answer_bars(
    probs: Mapping[ModelName, FloatArray],
    classes: Sequence[str],
    *,
    pred: Mapping[ModelName, int],
    shown: Sequence[int],
) -> pd.DataFrame:
    """Return the bars of one text, one per model and class, models from left to right.

    Args:
        probs: Probabilities of all classes, shape (classes,), in [0, 1], of each model.
        classes: Class names in label order.
        pred: The predicted class of each model.
        shown: Class indices from top to bottom.

    Raises:
        ValueError: If there is no model, or probabilities do not fit the classes.
    """
    shapes = {model: values.shape for model, values in probs.items()}
    if set(shapes.values()) != {(len(classes),)}:
        raise ValueError(f"probs has shapes {shapes}, expected {(len(classes),)} of at least one model")
    labels = _labels(classes, n_models=len(probs))
    return pd.DataFrame(
        [
            {
                "label": labels[k],
                "class": classes[k],
                "model": MODEL_LABELS[model],
                "start": _PANEL * panel,
                "end": _PANEL * panel + float(values[k]),
                "full": _PANEL * panel + 1,
                "prob": float(values[k]),
                "text": percent(float(values[k])),
                "answer": k == pred[model],
            }
            for panel, (model, values) in enumerate(probs.items())
            for k in shown
        ]
    )


def make_row_answers_chart(
    models: Sequence[ModelName],
    classes: Sequence[str],
    *,
    label: int | None,
    shown: Sequence[int],
    bars: pd.DataFrame | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return horizontal bars of one text, one panel per model: the probability of each class.

    A → points at the label; each model's answer is in full colour and bold, other classes are faint. Of several models
    each panel is headed by its name.

    Args:
        models: The models from left to right.
        classes: Class names in label order.
        label: The true class; None for a text that has none.
        shown: Class indices from top to bottom.
        bars: The bars, from `answer_bars`; None if they are filled in later, as the data `answers`.
        title: Title of the chart.
        subtitle: Basis of the chart: run, row.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    labels, colours = _labels(classes, n_models=len(models)), class_colours(len(classes))
    domain = [labels[k] for k in shown]
    x = _panels(models)
    base = alt.Chart(later_data(ANSWERS) if bars is None else bars).encode(
        y=_lines(domain, None if label is None else labels[label]),
        tooltip=[alt.Tooltip("class:N"), alt.Tooltip("model:N"), alt.Tooltip("prob:Q", format=".2%")],
    )
    tracks = base.mark_bar(color=_TRACK, opacity=0.14).encode(x=x, x2="full:Q")
    drawn = base.mark_bar().encode(
        x=x,
        x2="end:Q",
        color=alt.Color("label:N", scale=alt.Scale(domain=domain, range=[colours[k] for k in shown]), legend=None),
        opacity=alt.condition("datum.answer", alt.value(1.0), alt.value(FADED)),
    )
    numbers = base.mark_text(
        align="left", dx=5, fontSize=11, color=ink, fontWeight=alt.ExprRef("datum.answer ? 'bold' : 'normal'")
    ).encode(x="full:Q", text="text:N", tooltip=alt.value(None))
    chart = alt.LayerChart(layer=[tracks, drawn, numbers]).properties(height=alt.Step(24))
    return finished(
        chart, width=None if stretch else _PANEL_PIXELS * max(2, len(models)), title=title, subtitle=subtitle
    )


def _labels(classes: Sequence[str], *, n_models: int) -> list[str]:
    """Return the labels of classes, shorter where several models share the width."""
    return short_labels(classes, max_width=_LABEL_WIDTHS[n_models > 1])


def _lines(domain: Sequence[str], marked: str | None) -> alt.Y:
    """Return one line per class, with an arrow at the marked one."""
    axis: dict[str, Any] = {"labelLimit": 220, "labelOverlap": False, "ticks": False, "domain": False, "grid": False}
    if marked is not None:
        is_label = f"datum.value === {json.dumps(marked)}"
        axis |= {
            "labelExpr": f"{is_label} ? '→ ' + datum.value : datum.value",
            "labelFontWeight": alt.condition(is_label, alt.value("bold"), alt.value("normal")),
        }
    return alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=domain, paddingInner=0.3, paddingOuter=0.1),
        axis=alt.Axis(**axis, labelFontSize=12),
    )


def _panels(models: Sequence[ModelName]) -> alt.X:
    """Return the axis on which panels of one unit stand side by side."""
    heading = alt.Axis(
        orient="top",
        values=[_PANEL * panel for panel in range(len(models))],
        labelExpr=f"{json.dumps([MODEL_LABELS[model] for model in models])}[round(datum.value / {_PANEL})]",
        labelAlign="left",
        labelFlush=False,
        labelBound=False,
        labelOverlap=False,
        labelFontSize=12,
        labelLimit=180,
        grid=False,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[0, _PANEL * len(models) - 0.04], nice=False)
    return alt.X("start:Q", title=None, scale=scale, axis=heading if len(models) > 1 else None)
