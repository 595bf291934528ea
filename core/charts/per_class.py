"""F1 of each class, one bar per model."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.analysis.metrics import SplitMetrics
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent, short_labels
from core.charts.palette import INK_ON_EITHER, MODEL_COLOURS

_VALUES_UP_TO = 12


def make_per_class_f1_chart(
    models: Sequence[SplitMetrics],
    *,
    order: Sequence[int] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return grouped horizontal bars: F1 per class, one bar per model.

    Bars end in their value where there are few classes. A class without F1 (no row, never predicted) says so instead
    of showing a bar of length 0.

    Args:
        models: Metrics of one or more models on the same split.
        order: Class indices from top to bottom; label order when None.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.

    Raises:
        ValueError: If there is no model, or the models are of different splits.
    """
    if not models or len({metrics.split for metrics in models}) != 1:
        raise ValueError(f"models are {[(m.model, m.split) for m in models]}, expected at least one, all of one split")
    names = [c.name for c in models[0].per_class]
    shown = list(range(len(names))) if order is None else list(order)
    labels = [f"{label}  ({c.support:,})" for label, c in zip(short_labels(names), models[0].per_class, strict=True)]
    bars = _bars(models, labels, shown)
    series = [MODEL_LABELS[metrics.model] for metrics in models]
    thickness = 16 if len(shown) <= _VALUES_UP_TO else 7 if len(shown) <= 40 else 5
    y = alt.Y(
        "class:N",
        title="Class (rows in this split)",
        scale=alt.Scale(domain=[labels[k] for k in shown], paddingInner=0.28),
        axis=alt.Axis(
            labelLimit=300, labelOverlap=False, labelFontSize=12 if thickness > 5 else 10, ticks=False, domain=False
        ),
    )
    offset = alt.YOffset("model:N", scale=alt.Scale(domain=series))
    base = alt.Chart(bars).encode(y=y, yOffset=offset)
    drawn = (
        base.transform_filter("isValid(datum.f1)")
        .mark_bar(cornerRadiusEnd=2, height=alt.RelativeBandSize(0.92))
        .encode(
            x=alt.X(
                "f1:Q",
                title="F1",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", orient="top" if len(shown) > _VALUES_UP_TO else "bottom", tickCount=5),
            ),
            color=alt.Color(
                "model:N",
                title=None,
                scale=alt.Scale(domain=series, range=[MODEL_COLOURS[metrics.model] for metrics in models]),
                legend=alt.Legend(orient="top", labelLimit=240),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="class"),
                alt.Tooltip("model:N", title="model"),
                alt.Tooltip("f1:Q", title="F1", format=".1%"),
                alt.Tooltip("precision:Q", title="precision", format=".1%"),
                alt.Tooltip("recall:Q", title="recall", format=".1%"),
                alt.Tooltip("support:Q", title="rows", format=","),
            ],
        )
    )
    layers = [drawn]
    if len(shown) <= _VALUES_UP_TO:
        layers.append(_words(base, "isValid(datum.f1)", "datum.f1 > 0.12 ? -5 : 5"))
    if bars["f1"].isna().any():
        layers.append(_words(base, "!isValid(datum.f1)", "5"))
    chart = alt.LayerChart(layer=layers).properties(height=len(shown) * (len(models) * thickness + 8))
    return finished(chart, width=None if stretch else 460, title=title, subtitle=subtitle)


def _bars(models: Sequence[SplitMetrics], labels: list[str], shown: list[int]) -> pd.DataFrame:
    rows = []
    for metrics in models:
        for k in shown:
            measured = metrics.per_class[k]
            rows.append(
                {
                    "class": labels[k],
                    "name": measured.name,
                    "model": MODEL_LABELS[metrics.model],
                    "f1": measured.f1,
                    "precision": measured.precision,
                    "recall": measured.recall,
                    "support": measured.support,
                    "text": "no rows, never predicted" if measured.f1 is None else percent(measured.f1),
                }
            )
    return pd.DataFrame(rows).astype({"f1": "float64", "precision": "float64", "recall": "float64"})


def _words(base: alt.Chart, condition: str, dx: str) -> alt.Chart:
    inside = alt.condition("isValid(datum.f1) && datum.f1 > 0.12", alt.value("#ffffff"), alt.value(INK_ON_EITHER))
    chart: alt.Chart = (
        base.transform_filter(condition)
        .transform_calculate(at="isValid(datum.f1) ? datum.f1 : 0")
        .mark_text(
            fontSize=11,
            baseline="middle",
            dy=1,
            align=alt.ExprRef("isValid(datum.f1) && datum.f1 > 0.12 ? 'right' : 'left'"),
            dx=alt.ExprRef(dx),
        )
        .encode(x=alt.X("at:Q"), text="text:N", color=inside, tooltip=alt.value(None))
    )
    return chart
