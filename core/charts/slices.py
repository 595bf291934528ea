"""Slices as dots with intervals: one model against the whole split, or two models on the same rows."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.analysis.slice_lines import DifferingLine, WeakLine
from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, percent, short_labels
from core.charts.palette import INK_ON_EITHER, MODEL_COLOURS, WRONG_COLOUR
from core.charts.picking import picked_by

_LINE = 26
_LABEL_WIDTH = 46
_BEYOND, _MAYBE = "worse than the rest beyond chance", "may be chance"


def make_weak_slices_chart(
    lines: Sequence[WeakLine],
    names: Sequence[str],
    *,
    overall: float,
    opened: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return one dot with its interval per slice: accuracy of a model there, against a line for the whole split.

    A click selects `at`, the position of the slice among those of the run.

    Args:
        lines: Slices from top to bottom.
        names: What each is called.
        overall: Accuracy on the whole split, in [0, 1].
        opened: The slice to mark, if any.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
    """
    labels = short_labels(names, max_width=_LABEL_WIDTH)
    intervals = [line.inside.interval or (0.0, 1.0) for line in lines]
    dots = pd.DataFrame(
        {
            "at": [line.at for line in lines],
            "label": labels,
            "slice": list(names),
            "share": [line.inside.share for line in lines],
            "low": [low for low, _ in intervals],
            "high": [high for _, high in intervals],
            "interval": [_span(low, high) for low, high in intervals],
            "rows": [line.inside.n_rows for line in lines],
            "rest": [line.outside.share for line in lines],
            "explained": [line.explained for line in lines],
            "state": [_BEYOND if line.is_beyond_chance else _MAYBE for line in lines],
        }
    )
    y = _slice_axis(labels)
    base = alt.Chart(dots).encode(
        y=y,
        color=alt.Color(
            "state:N",
            title=None,
            scale=alt.Scale(domain=[_BEYOND, _MAYBE], range=[WRONG_COLOUR, INK_ON_EITHER]),
            legend=alt.Legend(orient="top", labelLimit=300, symbolOpacity=1),
        ),
        tooltip=[
            alt.Tooltip("slice:N"),
            alt.Tooltip("rows:Q", format=","),
            alt.Tooltip("share:Q", title="accuracy", format=".1%"),
            alt.Tooltip("interval:N", title="95% interval"),
            alt.Tooltip("rest:Q", title="accuracy of the rest", format=".1%"),
            alt.Tooltip("explained:Q", title="errors explained", format=".1f"),
        ],
    )
    whole = alt.Chart(pd.DataFrame({"overall": [overall], "text": [f"whole split: {percent(overall)}"]}))
    layers = [
        *_bands(dots, y, opened),
        whole.mark_rule(strokeDash=[5, 4], color=INK_ON_EITHER, strokeWidth=1.5).encode(
            x="overall:Q", tooltip="text:N"
        ),
        base.mark_rule(strokeWidth=2, opacity=0.6, cursor="pointer").encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_circle(size=75, opacity=1, cursor="pointer").encode(
            x=_accuracy_axis(min(dots["low"].min(), overall))
        ),
    ]
    chart = alt.LayerChart(layer=layers).properties(height=_LINE * len(lines))
    return finished(chart, width=None if stretch else 480, title=title, subtitle=subtitle)


def make_differing_slices_chart(
    lines: Sequence[DifferingLine],
    names: Sequence[str],
    models: tuple[ModelName, ModelName],
    *,
    opened: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return two dots joined by a line per slice: the accuracy of two models on the same rows.

    A click selects `at`, the position of the slice among those of the run.

    Args:
        lines: Slices from top to bottom.
        names: What each is called.
        models: The two models, in the order of `first` and `second`.
        opened: The slice to mark, if any.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
    """
    labels = short_labels(names, max_width=_LABEL_WIDTH)
    dots = pd.DataFrame(
        {
            "at": line.at,
            "label": label,
            "slice": name,
            "rows": line.first.n_rows,
            "model": MODEL_LABELS[model],
            "share": rate.share,
            "gain": f"{100 * line.gain:+.1f} points",
            "interval": f"{100 * line.gain_interval[0]:+.1f} to {100 * line.gain_interval[1]:+.1f}",
        }
        for line, label, name in zip(lines, labels, names, strict=True)
        for model, rate in zip(models, (line.first, line.second), strict=True)
    )
    spans = pd.DataFrame(
        {"label": label, "low": line.first.share, "high": line.second.share}
        for line, label in zip(lines, labels, strict=True)
    )
    y = _slice_axis(labels)
    named = [MODEL_LABELS[model] for model in models]
    base = alt.Chart(dots).encode(
        y=y,
        x=_accuracy_axis(dots["share"].min()),
        color=alt.Color(
            "model:N",
            title=None,
            scale=alt.Scale(domain=named, range=[MODEL_COLOURS[model] for model in models]),
            legend=alt.Legend(orient="top", labelLimit=300, symbolOpacity=1),
        ),
        tooltip=[
            alt.Tooltip("slice:N"),
            alt.Tooltip("rows:Q", format=","),
            alt.Tooltip("model:N"),
            alt.Tooltip("share:Q", title="accuracy", format=".1%"),
            alt.Tooltip("gain:N", title="difference"),
            alt.Tooltip("interval:N", title="95% interval"),
        ],
    )
    layers = [
        *_bands(dots.drop_duplicates("at"), y, opened),
        alt.Chart(spans)
        .mark_rule(strokeWidth=2, color=INK_ON_EITHER, opacity=0.7)
        .encode(y=y, x=alt.X("low:Q"), x2="high:Q", tooltip=alt.value(None)),
        base.mark_circle(size=75, opacity=1, cursor="pointer"),
    ]
    chart = alt.LayerChart(layer=layers).properties(height=_LINE * len(lines))
    return finished(chart, width=None if stretch else 480, title=title, subtitle=subtitle)


def _bands(slices: pd.DataFrame, y: alt.Y, opened: int | None) -> list[alt.Chart]:
    """Return what lies behind the dots: the mark of the open slice, and what makes whole lines clickable."""
    bands = alt.Chart(slices).encode(y=y, tooltip=alt.value(None))
    marked = bands.transform_filter(alt.datum.at == (-1 if opened is None else opened))
    return [marked.mark_rect(fill=INK_ON_EITHER, fillOpacity=0.22), picked_by(bands, "at")]


def _slice_axis(labels: Sequence[str]) -> alt.Y:
    return alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=list(labels)),
        axis=alt.Axis(
            labelLimit=330, labelOverlap=False, labelFontSize=12, labelFlush=False, ticks=False, domain=False
        ),
    )


def _accuracy_axis(lowest: float) -> alt.X:
    return alt.X(
        "share:Q",
        title="Accuracy",
        scale=alt.Scale(domain=[max(0.0, lowest - 0.02), 1.0], nice=True, zero=False),
        axis=alt.Axis(format=".0%", tickCount=6),
    )


def _span(low: float, high: float) -> str:
    return f"{percent(low)} – {percent(high)}"
