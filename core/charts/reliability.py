"""How often a model is right when it says how sure it is, with the rows behind each bar."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.analysis.calibration import CalibrationBin
from core.charts.frame import finished
from core.charts.labels import percent
from core.charts.palette import INK, INK_ON_EITHER
from core.charts.picking import FADED, picked_by
from core.charts.specs import later_data

BINS = "bins"
_HEIGHT = 300
_FLOOR = -0.36
_TALLEST = 0.22
_TICKS = (0, 0.2, 0.4, 0.6, 0.8, 1)
_GAP = 0.006


def make_reliability_chart(
    bins: Sequence[CalibrationBin] | None,
    *,
    colour: str,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return accuracy against confidence with its 95% intervals, and below it the rows of each bin.

    A point on the diagonal is a model that knows how sure it may be; below it, one that is too sure. A click selects
    the index of the bin as `i`.

    Args:
        bins: Bins over [0, 1], at least one of them with rows; None if what `reliability_rows` returns is filled in
            later as the data `bins`.
        colour: Colour of the model.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of the words; that of the page's text follows its theme.
    """
    base = alt.Chart(later_data(BINS) if bins is None else reliability_rows(bins)).encode(
        opacity=alt.condition("datum.faded", alt.value(FADED), alt.value(1.0)),
        tooltip=[
            alt.Tooltip("range:N", title="confidence"),
            alt.Tooltip("confidence:Q", title="mean confidence", format=".1%"),
            alt.Tooltip("accuracy:Q", format=".1%"),
            alt.Tooltip("interval:N", title="95% interval"),
            alt.Tooltip("rows:Q", format=","),
            alt.Tooltip("right:Q", format=","),
        ],
    )
    points = base.encode(x=_x("confidence:Q"))
    diagonal = alt.Chart(pd.DataFrame({"x": [0.0, 1.0]}))
    layers = [
        picked_by(base.encode(x=_x("low:Q"), x2="high:Q"), "i"),
        diagonal.mark_line(color=INK_ON_EITHER, strokeDash=[5, 4], strokeWidth=1.5).encode(x=_x("x:Q"), y=_y("x:Q")),
        base.mark_bar(cursor="pointer", color=INK_ON_EITHER).encode(
            x=_x("bar_low:Q"), x2="bar_high:Q", y=_y("floor:Q"), y2="top:Q"
        ),
        base.mark_text(dy=-7, fontSize=10, color=ink).encode(
            x=_x("middle:Q"), y=_y("top:Q"), text=alt.Text("rows:Q", format=",")
        ),
        points.mark_rule(strokeWidth=2, color=colour).encode(y=_y("least:Q"), y2="most:Q"),
        points.mark_circle(size=70, color=colour, cursor="pointer").encode(y=_y("accuracy:Q")),
    ]
    return finished(
        alt.LayerChart(layer=layers).properties(height=_HEIGHT),
        width=None if stretch else 480,
        title=title,
        subtitle=subtitle,
    )


def reliability_rows(bins: Sequence[CalibrationBin], *, chosen: int | None = None) -> pd.DataFrame:
    """Return one row for each bin with rows, as the chart draws it.

    Args:
        bins: Bins over [0, 1], at least one of them with rows.
        chosen: The bin that the filter asks for; others fade. All are in full colour when there is none.
    """
    most = max(found.n_rows for found in bins)
    rows = []
    for i, found in enumerate(bins):
        if found.interval is None:
            continue
        low, high = found.interval
        rows.append(
            {
                "i": i,
                "low": found.low,
                "high": found.high,
                "bar_low": found.low + _GAP,
                "bar_high": found.high - _GAP,
                "middle": (found.low + found.high) / 2,
                "range": f"{percent(found.low)} to {percent(found.high)}",
                "confidence": found.confidence,
                "accuracy": found.accuracy,
                "least": low,
                "most": high,
                "interval": f"{percent(low)} – {percent(high)}",
                "rows": found.n_rows,
                "right": found.n_right,
                "floor": _FLOOR,
                "top": _FLOOR + _TALLEST * found.n_rows / most,
                "faded": chosen is not None and i != chosen,
            }
        )
    return pd.DataFrame(rows)


def _x(field: str) -> alt.X:
    return alt.X(
        field,
        title="Confidence (bars: rows)",
        scale=alt.Scale(domain=[0, 1], nice=False, zero=False),
        axis=alt.Axis(values=list(_TICKS), format="~%", grid=False),
    )


def _y(field: str) -> alt.Y:
    return alt.Y(
        field,
        title="Share that is right",
        scale=alt.Scale(domain=[_FLOOR, 1], nice=False, zero=False),
        axis=alt.Axis(values=list(_TICKS), format="~%", titlePadding=8),
        stack=None,
    )
