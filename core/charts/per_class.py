"""A score of each class, one bar per model."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import altair as alt
import pandas as pd

from core.analysis.metrics import SplitMetrics
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent, short_labels
from core.charts.palette import INK_ON_EITHER, MODEL_COLOURS
from core.charts.picking import picked_by
from core.charts.specs import later_data

CHOSEN_CLASSES = "chosen"
_VALUES_UP_TO = 12
_OUTSIDE_BELOW = 0.12


class Score(StrEnum):
    """A score that every class has."""

    F1 = "F1"
    PRECISION = "precision"
    RECALL = "recall"

    @property
    def attribute(self) -> str:
        """Return the name of the score in the metrics of a class."""
        return self.value.lower()


_NO_SCORE = {
    Score.F1: "no rows, never predicted",
    Score.PRECISION: "never predicted",
    Score.RECALL: "no rows",
}


def make_per_class_chart(
    models: Sequence[SplitMetrics],
    score: Score = Score.F1,
    *,
    order: Sequence[int] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    clickable: bool = False,
) -> alt.LayerChart:
    """Return grouped horizontal bars: a score per class, one bar per model.

    Bars end in their value where there are few classes. A class without the score says so instead of showing a bar of
    length 0.

    Args:
        models: Metrics of one or more models on the same split.
        score: Which score.
        order: Class indices from top to bottom; label order when None.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
        clickable: Whether a click selects a class, as the selection `PICKED` of its index `k`, and the classes in the
            data `CHOSEN_CLASSES` are marked.

    Raises:
        ValueError: If there is no model, or the models are of different splits.
    """
    if not models or len({metrics.split for metrics in models}) != 1:
        raise ValueError(f"models are {[(m.model, m.split) for m in models]}, expected at least one, all of one split")
    labels = class_labels(models)
    shown = list(range(len(labels))) if order is None else list(order)
    bars = _bars(models, score, labels, shown)
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
    base = alt.Chart(bars).encode(y=y, yOffset=alt.YOffset("model:N", scale=alt.Scale(domain=series)))
    drawn = _drawn(base, models, score, axis_on_top=len(shown) > _VALUES_UP_TO)
    layers = [drawn]
    if clickable:
        layers = [*_bands(bars, y), drawn.mark_bar(**_BAR, cursor="pointer")]
    if len(shown) <= _VALUES_UP_TO:
        layers.append(_words(base, "isValid(datum.score)", f"datum.score > {_OUTSIDE_BELOW} ? -5 : 5"))
    if bars["score"].isna().any():
        layers.append(_words(base, "!isValid(datum.score)", "5"))
    chart = alt.LayerChart(layer=layers).properties(height=len(shown) * (len(models) * thickness + 8))
    return finished(chart, width=None if stretch else 460, title=title, subtitle=subtitle)


def class_labels(models: Sequence[SplitMetrics]) -> list[str]:
    """Return the label of each class on the axis: its name and its number of rows."""
    classes = models[0].per_class
    labels = short_labels([c.name for c in classes])
    return [f"{label}  ({c.support:,})" for label, c in zip(labels, classes, strict=True)]


_BAR: dict[str, Any] = {"cornerRadiusEnd": 2, "height": alt.RelativeBandSize(0.92)}


def _drawn(base: alt.Chart, models: Sequence[SplitMetrics], score: Score, *, axis_on_top: bool) -> alt.Chart:
    x = alt.X(
        "score:Q",
        title=_title(score),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", orient="top" if axis_on_top else "bottom", tickCount=5),
    )
    colour = alt.Color(
        "model:N",
        title=None,
        scale=alt.Scale(
            domain=[MODEL_LABELS[metrics.model] for metrics in models],
            range=[MODEL_COLOURS[metrics.model] for metrics in models],
        ),
        legend=alt.Legend(orient="top", labelLimit=240),
    )
    chart: alt.Chart = (
        base.transform_filter("isValid(datum.score)")
        .mark_bar(**_BAR)
        .encode(
            x=x,
            color=colour,
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
    return chart


def _bands(bars: pd.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """Return what lies below the bars: marks of the chosen classes, and the whole width of each class to click on."""
    chosen = (
        alt.Chart(later_data(CHOSEN_CLASSES))
        .mark_rect(fill=INK_ON_EITHER, fillOpacity=0.22)
        .encode(y=y, x=alt.XDatum(0), x2=alt.X2Datum(1))
    )
    classes = bars.drop_duplicates("k")[["k", "class", "name", "support"]]
    tooltip = [alt.Tooltip("name:N", title="class"), alt.Tooltip("support:Q", title="rows", format=",")]
    target = picked_by(alt.Chart(classes).encode(y=y, tooltip=tooltip), "k")
    return [chosen, target]


def _bars(models: Sequence[SplitMetrics], score: Score, labels: list[str], shown: list[int]) -> pd.DataFrame:
    rows = []
    for metrics in models:
        for k in shown:
            measured = metrics.per_class[k]
            value: float | None = getattr(measured, score.attribute)
            rows.append(
                {
                    "k": k,
                    "class": labels[k],
                    "name": measured.name,
                    "model": MODEL_LABELS[metrics.model],
                    "score": value,
                    "f1": measured.f1,
                    "precision": measured.precision,
                    "recall": measured.recall,
                    "support": measured.support,
                    "text": _NO_SCORE[score] if value is None else percent(value),
                }
            )
    floats = dict.fromkeys(("score", "f1", "precision", "recall"), "float64")
    return pd.DataFrame(rows).astype(floats)


def _words(base: alt.Chart, condition: str, dx: str) -> alt.Chart:
    is_inside = f"isValid(datum.score) && datum.score > {_OUTSIDE_BELOW}"
    chart: alt.Chart = (
        base.transform_filter(condition)
        .transform_calculate(at="isValid(datum.score) ? datum.score : 0")
        .mark_text(
            fontSize=11,
            baseline="middle",
            dy=1,
            align=alt.ExprRef(f"{is_inside} ? 'right' : 'left'"),
            dx=alt.ExprRef(dx),
        )
        .encode(
            x=alt.X("at:Q"),
            text="text:N",
            color=alt.condition(is_inside, alt.value("#ffffff"), alt.value(INK_ON_EITHER)),
        )
    )
    return chart


def _title(score: Score) -> str:
    return score.value if score is Score.F1 else score.value.capitalize()
