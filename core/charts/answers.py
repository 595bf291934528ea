"""Into which classes models put many texts."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, short_labels
from core.charts.palette import INK, MODEL_COLOURS

_ROOM_FOR_NUMBERS = 1.14


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
    series = [MODEL_LABELS[model] for model in counts]
    base = _grouped(counts, classes, shown, series)
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
    chart = alt.LayerChart(layer=[drawn, numbers]).properties(height=len(shown) * (16 * len(counts) + 10))
    return finished(chart, width=None if stretch else 460, title=title, subtitle=subtitle)


def _grouped(
    counts: Mapping[ModelName, Sequence[int]], classes: Sequence[str], shown: Sequence[int], series: Sequence[str]
) -> alt.Chart:
    """Return what all marks share: one line per class and, within it, per model."""
    labels = short_labels(classes)
    bars = pd.DataFrame(
        [
            {"label": labels[k], "class": classes[k], "model": MODEL_LABELS[model], "texts": of_model[k]}
            for k in shown
            for model, of_model in counts.items()
        ]
    )
    base: alt.Chart = alt.Chart(bars).encode(
        y=alt.Y(
            "label:N",
            title=None,
            scale=alt.Scale(domain=[labels[k] for k in shown], paddingInner=0.28),
            axis=alt.Axis(labelLimit=220, labelOverlap=False, ticks=False, domain=False, labelFontSize=13),
        ),
        yOffset=alt.YOffset("model:N", scale=alt.Scale(domain=series)),
    )
    return base
