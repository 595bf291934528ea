"""What models say about new texts: bars per class."""

import json
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent, short_labels
from core.charts.palette import INK, MODEL_COLOURS, class_colours

_ROOM_FOR_NUMBERS = 1.14
_FAINT = 0.5


def make_answer_chart(
    probs: npt.NDArray[np.floating],
    classes: Sequence[str],
    *,
    shown: Sequence[int] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return horizontal bars: the probability of each class for one text, the winner in full colour and bold.

    Args:
        probs: Probabilities of all classes, shape (classes,), in [0, 1].
        classes: Class names in label order.
        shown: Class indices from top to bottom; all in label order when None.
        title: Title of the chart.
        subtitle: Basis of the chart: run, text.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.

    Raises:
        ValueError: If the probabilities do not fit the classes.
    """
    if probs.shape != (len(classes),):
        raise ValueError(f"probs has shape {probs.shape}, expected {(len(classes),)}")
    order = list(range(len(classes))) if shown is None else list(shown)
    winner = int(probs.argmax())
    labels = short_labels(classes)
    bars = pd.DataFrame(
        {
            "label": [labels[k] for k in order],
            "class": [classes[k] for k in order],
            "prob": [float(probs[k]) for k in order],
            "text": [percent(float(probs[k])) for k in order],
            "winner": [k == winner for k in order],
        }
    )
    colours = class_colours(len(classes))
    domain = [labels[k] for k in order]
    y = alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=domain, paddingInner=0.25, paddingOuter=0.1),
        axis=alt.Axis(
            labelLimit=220,
            labelOverlap=False,
            ticks=False,
            domain=False,
            labelFontSize=13,
            labelFontWeight=alt.condition(
                f"datum.value === {json.dumps(labels[winner])}", alt.value("bold"), alt.value("normal")
            ),
        ),
    )
    base = alt.Chart(bars).encode(y=y)
    drawn = base.mark_bar(cornerRadiusEnd=3).encode(
        x=alt.X(
            "prob:Q",
            title=None,
            scale=alt.Scale(domain=[0, _ROOM_FOR_NUMBERS], nice=False),
            axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        ),
        color=alt.Color("label:N", scale=alt.Scale(domain=domain, range=[colours[k] for k in order]), legend=None),
        opacity=alt.condition("datum.winner", alt.value(1.0), alt.value(_FAINT)),
        tooltip=[alt.Tooltip("class:N"), alt.Tooltip("prob:Q", title="probability", format=".2%")],
    )
    numbers = base.mark_text(
        align="left",
        dx=6,
        fontSize=12,
        color=ink,
        fontWeight=alt.ExprRef("datum.winner ? 'bold' : 'normal'"),
    ).encode(x="prob:Q", text="text:N", tooltip=alt.value(None))
    chart = alt.LayerChart(layer=[drawn, numbers]).properties(height=28 * len(order))
    return finished(chart, width=None if stretch else 460, title=title, subtitle=subtitle)


def make_counts_chart(
    counts: Mapping[ModelName, Sequence[int]],
    classes: Sequence[str],
    *,
    shown: Sequence[int],
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return grouped horizontal bars: how many texts each model puts into each class.

    Args:
        counts: Texts per class of each model, in class order.
        classes: Class names in label order.
        shown: Class indices from top to bottom.
        title: Title of the chart.
        subtitle: Basis of the chart: run, source of the texts.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    labels = short_labels(classes)
    series = [MODEL_LABELS[model] for model in counts]
    bars = pd.DataFrame(
        [
            {"label": labels[k], "class": classes[k], "model": MODEL_LABELS[model], "texts": of_model[k]}
            for k in shown
            for model, of_model in counts.items()
        ]
    )
    base = alt.Chart(bars).encode(
        y=alt.Y(
            "label:N",
            title=None,
            scale=alt.Scale(domain=[labels[k] for k in shown], paddingInner=0.28),
            axis=alt.Axis(labelLimit=220, labelOverlap=False, ticks=False, domain=False, labelFontSize=13),
        ),
        yOffset=alt.YOffset("model:N", scale=alt.Scale(domain=series)),
    )
    most = max((max(of_model) for of_model in counts.values()), default=0)
    drawn = base.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X(
            "texts:Q",
            title="Texts",
            scale=alt.Scale(domain=[0, max(1.0, most * _ROOM_FOR_NUMBERS)], nice=False),
            axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5),
        ),
        color=alt.Color(
            "model:N",
            title=None,
            scale=alt.Scale(domain=series, range=[MODEL_COLOURS[model] for model in counts]),
            legend=alt.Legend(orient="top", labelLimit=240),
        ),
        tooltip=[alt.Tooltip("class:N"), alt.Tooltip("model:N"), alt.Tooltip("texts:Q", format=",")],
    )
    numbers = base.mark_text(align="left", dx=5, fontSize=11, color=ink).encode(
        x="texts:Q", text=alt.Text("texts:Q", format=","), tooltip=alt.value(None)
    )
    height = len(shown) * (16 * len(counts) + 10)
    return finished(
        alt.LayerChart(layer=[drawn, numbers]).properties(height=height),
        width=None if stretch else 460,
        title=title,
        subtitle=subtitle,
    )
