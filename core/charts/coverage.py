"""Accuracy of the answers that are given when unsure texts are left to a person."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from core.analysis.coverage import CoverageCurve, Handover
from core.analysis.rates import wilson_interval
from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent
from core.charts.palette import INK, MODEL_COLOURS
from core.charts.specs import later_data

MARKED = "marked"
CURVES = "curves"
_MAX_POINTS = 200
_HEIGHT = 290


def make_coverage_chart(
    curves: Mapping[ModelName, CoverageCurve | None],
    *,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
    marked: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Return one line per model from its surest answers to all of them, with the point of a threshold on it.

    Args:
        curves: Curve of each model, at least one; None if what `curve_points` returns is filled in later as the data
            `curves`.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of the mark; that of the page's text follows its theme.
        marked: What `marked_point` returns; None if it is filled in later as the data `marked`.
    """
    names = [MODEL_LABELS[model] for model in curves]
    colours = alt.Scale(domain=names, range=[MODEL_COLOURS[model] for model in curves])
    lines = (
        alt.Chart(_known_points(curves))
        .mark_line(strokeWidth=2, interpolate="linear")
        .encode(
            x=_x(),
            y=_y(),
            color=alt.Color("model:N", title=None, scale=colours, legend=alt.Legend(orient="top", labelLimit=240)),
            order="coverage:Q",
        )
    )
    tips = [
        alt.Tooltip("model:N"),
        alt.Tooltip("threshold:Q", title="confidence at least", format=".1%"),
        alt.Tooltip("coverage:Q", title="answered", format=".1%"),
        alt.Tooltip("accuracy:Q", format=".1%"),
        alt.Tooltip("interval:N", title="95% interval"),
    ]
    dots = lines.mark_circle(size=60, opacity=0).encode(tooltip=tips)
    base = alt.Chart(later_data(MARKED) if marked is None else marked).encode(x=_x(), y=_y())
    ring = base.mark_point(size=170, strokeWidth=3, color=ink, filled=False, opacity=1).encode(tooltip=tips)
    rule = base.mark_rule(strokeWidth=1.5, strokeDash=[4, 3], color=ink).encode(y=alt.value(0), y2=alt.value(_HEIGHT))
    return finished(
        alt.LayerChart(layer=[lines, rule, dots, ring]).properties(height=_HEIGHT),
        width=None if stretch else 480,
        title=title,
        subtitle=subtitle,
    )


def marked_point(model: ModelName, sides: Handover) -> pd.DataFrame:
    """Return the place of a threshold on the curve of a model; no row where the model answers nothing."""
    if sides.kept.interval is None:
        return pd.DataFrame({name: [] for name in ("model", "threshold", "coverage", "accuracy", "interval")})
    return pd.DataFrame([_row(model, sides.threshold, sides.coverage, sides.kept.n_right or 0, sides.kept.n_rows)])


def curve_points(curves: Mapping[ModelName, CoverageCurve]) -> pd.DataFrame:
    """Return the points of the curves that are drawn, at most 200 each."""
    return pd.DataFrame(
        [
            _row(model, curve.threshold[i], curve.coverage[i], int(curve.n_right[i]), int(curve.n_kept[i]))
            for model, curve in curves.items()
            for i in curve.thinned(_MAX_POINTS)
        ]
    )


def _known_points(curves: Mapping[ModelName, CoverageCurve | None]) -> pd.DataFrame | alt.NamedData:
    known = {model: curve for model, curve in curves.items() if curve is not None}
    return curve_points(known) if known else later_data(CURVES)


def _x() -> alt.X:
    return alt.X(
        "coverage:Q",
        title="Share of the texts that the model answers",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format="~%", grid=False, tickCount=6),
    )


def _y() -> alt.Y:
    return alt.Y(
        "accuracy:Q",
        title="Right among them",
        scale=alt.Scale(zero=False, nice=True, domainMax=1, padding=4),
        axis=alt.Axis(format=".3~%", tickCount=6, titlePadding=8),
    )


def _row(model: ModelName, threshold: float, coverage: float, n_right: int, n_kept: int) -> dict[str, object]:
    low, high = wilson_interval(n_right, n_kept)
    return {
        "model": MODEL_LABELS[model],
        "threshold": float(threshold),
        "coverage": float(coverage),
        "accuracy": n_right / n_kept,
        "interval": f"{percent(low)} – {percent(high)}",
    }
