"""A score of each class, one bar per model."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import altair as alt
import pandas as pd

from core.analysis.comparison import Estimate, ModelScores
from core.analysis.metrics import SplitMetrics
from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent, short_labels
from core.charts.palette import INK, INK_ON_EITHER, MODEL_COLOURS
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
    scores: Mapping[ModelName, ModelScores] = MappingProxyType({}),
    order: Sequence[int] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    clickable: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return grouped horizontal bars: a score per class, one bar per model, with its 95% interval as a line.

    Bars begin with their value where there are few classes. A class without the score says so instead of showing a bar
    of length 0.

    Args:
        models: Metrics of one or more models on the same split.
        score: Which score.
        scores: The intervals, as far as there are any.
        order: Class indices from top to bottom; label order when None.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
        clickable: Whether a click selects a class, as the selection `PICKED` of its index `k`, and the classes in the
            data `CHOSEN_CLASSES` are marked.
        ink: Colour of the intervals; that of the page's text follows its theme.

    Raises:
        ValueError: If there is no model, or the models are of different splits.
    """
    if not models or len({metrics.split for metrics in models}) != 1:
        raise ValueError(f"models are {[(m.model, m.split) for m in models]}, expected at least one, all of one split")
    labels = class_labels(models)
    shown = list(range(len(labels))) if order is None else list(order)
    bars = _bars(models, score, labels, shown, scores)
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
    if bars["low"].notna().any():
        layers.append(_interval_lines(base, thin=len(shown) > _VALUES_UP_TO, ink=ink))
    if len(shown) <= _VALUES_UP_TO:
        layers.append(_words(base, "isValid(datum.score)"))
    if bars["score"].isna().any():
        layers.append(_words(base, "!isValid(datum.score)"))
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
                alt.Tooltip("interval:N", title=f"95% interval of {score}"),
                alt.Tooltip("support:Q", title="rows", format=","),
            ],
        )
    )
    return chart


def _interval_lines(base: alt.Chart, *, thin: bool, ink: str) -> alt.Chart:
    lines: alt.Chart = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1 if thin else 1.5, color=ink, cursor="pointer")
        .encode(x="low:Q", x2="high:Q")
    )
    return lines


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


def _bars(
    models: Sequence[SplitMetrics],
    score: Score,
    labels: list[str],
    shown: list[int],
    scores: Mapping[ModelName, ModelScores],
) -> pd.DataFrame:
    rows = []
    for metrics in models:
        estimated = scores.get(metrics.model)
        for k in shown:
            measured = metrics.per_class[k]
            value: float | None = getattr(measured, score.attribute)
            found: Estimate | None = None if estimated is None else getattr(estimated.per_class[k], score.attribute)
            low, high = (None, None) if found is None or found.interval is None else found.interval
            rows.append(
                {
                    "k": k,
                    "class": labels[k],
                    "name": measured.name,
                    "model": MODEL_LABELS[metrics.model],
                    "score": value,
                    "low": low,
                    "high": high,
                    "interval": "–" if low is None or high is None else f"{percent(low)} – {percent(high)}",
                    "f1": measured.f1,
                    "precision": measured.precision,
                    "recall": measured.recall,
                    "support": measured.support,
                    "text": _NO_SCORE[score] if value is None else percent(value),
                }
            )
    floats = dict.fromkeys(("score", "low", "high", "f1", "precision", "recall"), "float64")
    return pd.DataFrame(rows).astype(floats)


def _words(base: alt.Chart, condition: str) -> alt.Chart:
    """Return what is written on the bars: at their beginning, or behind the interval of one that is too short."""
    is_inside = f"isValid(datum.score) && datum.score > {_OUTSIDE_BELOW}"
    behind = "isValid(datum.high) ? datum.high : isValid(datum.score) ? datum.score : 0"
    chart: alt.Chart = (
        base.transform_filter(condition)
        .transform_calculate(at=f"{is_inside} ? 0 : {behind}")
        .mark_text(fontSize=11, baseline="middle", dy=1, dx=5, align="left")
        .encode(
            x=alt.X("at:Q"),
            text="text:N",
            color=alt.condition(is_inside, alt.value("#ffffff"), alt.value(INK_ON_EITHER)),
        )
    )
    return chart


def _title(score: Score) -> str:
    return score.value if score is Score.F1 else score.value.capitalize()
