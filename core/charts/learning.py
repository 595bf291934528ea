"""Learning curves of the fine-tuning."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.palette import MODEL_COLOURS, WRONG_COLOUR

_WIDTH = 420
_FITTED = alt.Scale(zero=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    column: str
    label: str
    colour: str


def make_loss_chart(
    training_log: pd.DataFrame, *, title: str | None = None, subtitle: str | None = None, stretch: bool = False
) -> alt.LayerChart:
    """Return train and validation loss over the epochs, in nats.

    Args:
        training_log: Columns of `training_log.parquet`; a row holds train loss, validation metrics, or both.
        title: Title of the chart.
        subtitle: Basis of the chart: run and splits.
        stretch: Whether the width is left to the page.
    """
    curves = [
        _Curve(column="train_loss", label="train", colour=WRONG_COLOUR),
        _Curve(column="validation_loss", label="validation", colour=MODEL_COLOURS[ModelName.FINETUNED]),
    ]
    y = alt.Y("value:Q", title="Cross-entropy loss (nats)", scale=_FITTED, axis=alt.Axis(format="~g", tickCount=6))
    return finished(
        _draw(training_log, curves, y, value_format=".3f"),
        width=None if stretch else _WIDTH,
        title=title,
        subtitle=subtitle,
    )


def make_validation_score_chart(
    training_log: pd.DataFrame, *, title: str | None = None, subtitle: str | None = None, stretch: bool = False
) -> alt.LayerChart:
    """Return validation accuracy and macro F1 over the epochs; arguments as of `make_loss_chart`."""
    curves = [
        _Curve(column="validation_accuracy", label="accuracy", colour=MODEL_COLOURS[ModelName.FINETUNED]),
        _Curve(column="validation_macro_f1", label="macro F1", colour=MODEL_COLOURS[ModelName.LOGREG]),
    ]
    y = alt.Y("value:Q", title="Validation score", scale=_FITTED, axis=alt.Axis(format="~%", tickCount=6))
    return finished(
        _draw(training_log, curves, y, value_format=".1%"),
        width=None if stretch else _WIDTH,
        title=title,
        subtitle=subtitle,
    )


def _draw(training_log: pd.DataFrame, curves: list[_Curve], y: alt.Y, *, value_format: str) -> alt.LayerChart:
    labels = {curve.column: curve.label for curve in curves}
    points = training_log.melt(id_vars=["step", "epoch"], value_vars=list(labels), var_name="column")
    points = points.dropna(subset=["value"])
    points = points.assign(series=points["column"].map(labels))
    colours = alt.Scale(domain=list(labels.values()), range=[curve.colour for curve in curves])
    base = alt.Chart(points).encode(
        x=alt.X("epoch:Q", title="Epoch", scale=alt.Scale(zero=True), axis=alt.Axis(tickMinStep=1, grid=False)),
        y=y,
        color=alt.Color("series:N", title=None, scale=colours, legend=alt.Legend(orient="top", labelLimit=240)),
        tooltip=[
            alt.Tooltip("series:N", title="curve"),
            alt.Tooltip("epoch:Q", format=".2f"),
            alt.Tooltip("step:Q", format=","),
            alt.Tooltip("value:Q", format=value_format),
        ],
    )
    dots = base.mark_point(filled=True, opacity=1, size=45 if len(points) <= 60 else 8)
    return alt.LayerChart(layer=[base.mark_line(strokeWidth=2), dots]).properties(height=240)
