"""A histogram with its median and, for tokens, the length at which an encoder cuts."""

import json

import altair as alt
import pandas as pd

from core.analysis.histogram import Bin, Histogram
from core.charts.frame import finished
from core.charts.palette import INK, RIGHT_COLOUR, WRONG_COLOUR
from core.charts.picking import FADED, picked_by
from core.charts.ticks import round_ticks

_MAX_TICKS = 8
_MIN_BINS = 11
_LEVELS = (-8, -22)


def make_histogram_chart(
    histogram: Histogram,
    *,
    name: str,
    limit: int | None = None,
    height: int = 250,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return one bar per bin, what the filter chooses of it in full colour; a click selects the bin's index as `i`.

    Args:
        histogram: The bins, at least one.
        name: What is measured, as the title of the axis.
        limit: Length at which texts are cut, marked by a line; where it lies beyond the bins an arrow points there.
        height: Height of the plot in pixels.
        title: Title of the chart.
        subtitle: Basis of the chart: run, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of the words; that of the page's text follows its theme.
    """
    shift = _shift(histogram)
    bars = _bars(histogram, shift)
    ends = _ends(histogram, shift)
    base = alt.Chart(bars).encode(
        x=alt.X(
            "start:Q",
            bin="binned",
            title=name,
            scale=alt.Scale(domain=list(ends), nice=False, zero=False),
            axis=_axis(histogram, ends),
        ),
        x2="end:Q",
        tooltip=[
            alt.Tooltip("range:N", title=name.lower()),
            alt.Tooltip("rows:Q", format=","),
            alt.Tooltip("share:Q", format=".1%"),
        ],
    )
    y = alt.Y(
        "rows:Q", title="Rows", axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5, titlePadding=8), stack=None
    )
    layers = [
        picked_by(base, "i"),
        base.mark_bar(cursor="pointer", color=RIGHT_COLOUR, opacity=FADED).encode(y=y),
        base.mark_bar(cursor="pointer", color=RIGHT_COLOUR).encode(y=alt.Y("chosen:Q", title="Rows")),
    ]
    layers += _lines(histogram, limit, ends, shift, ink)
    return finished(
        alt.LayerChart(layer=layers).properties(height=height),
        width=None if stretch else 560,
        title=title,
        subtitle=subtitle,
    )


def range_in_words(low: float, high: float | None) -> str:
    """Return a closed range as it is written: `5`, `5–9`, `60 and more`."""
    if high is None:
        return f"{low:,.6g} and more"
    return f"{low:,.6g}" if low == high else f"{low:,.6g}–{high:,.6g}"


def _bars(histogram: Histogram, shift: float) -> pd.DataFrame:
    known = max(1, histogram.n_rows - histogram.n_missing)
    return pd.DataFrame(
        [
            {
                "i": i,
                "start": b.start - shift,
                "end": b.end - shift,
                "range": range_in_words(
                    b.low if histogram.is_whole else b.start, _upper(b, is_whole=histogram.is_whole)
                ),
                "rows": b.n_rows,
                "share": b.n_rows / known,
                "chosen": b.n_chosen,
            }
            for i, b in enumerate(histogram.bins)
        ]
    )


def _ends(histogram: Histogram, shift: float) -> tuple[float, float]:
    """Return the ends of the axis; with few bins there is room beside them, lest one fills the chart."""
    first, last = histogram.bins[0], histogram.bins[-1]
    spare = max(0, _MIN_BINS - len(histogram.bins)) / 2 * (first.end - first.start)
    return first.start - shift - spare, last.end - shift + spare


def _upper(b: Bin, *, is_whole: bool) -> float | None:
    """Return the end of a bin in words: the last whole number, else the edge."""
    return b.high if is_whole or b.is_open else b.end


def _axis(histogram: Histogram, ends: tuple[float, float]) -> alt.Axis:
    """Return an axis with round ticks between its ends; an open bin is labelled in its middle."""
    last = histogram.bins[-1]
    values = round_ticks(*ends, n_at_most=_MAX_TICKS, whole=histogram.is_whole)
    if not last.is_open:
        return alt.Axis(values=values, format=",.6~g", grid=False, labelOverlap=True)
    middle = (last.start + last.end) / 2 - _shift(histogram)
    room = 0.6 * (ends[1] - ends[0]) / _MAX_TICKS
    values = [value for value in values if value <= middle - room] + [middle]
    label = json.dumps(f"≥{last.start:,.6g}", ensure_ascii=False)
    return alt.Axis(
        values=values,
        grid=False,
        labelOverlap=False,
        labelExpr=f"datum.value === {middle!r} ? {label} : format(datum.value, ',.6~g')",
    )


def _shift(histogram: Histogram) -> float:
    """Return by how much bars are moved to the left: those of whole numbers, to be centred on them."""
    return 0.5 if histogram.is_whole else 0.0


def _lines(
    histogram: Histogram, limit: int | None, ends: tuple[float, float], shift: float, ink: str
) -> list[alt.Chart]:
    marks = []
    if histogram.median is not None:
        marks.append((min(histogram.median, ends[1]), f"median {histogram.median:,.6g}", ink, [3, 3]))
    if limit is not None and limit + shift < ends[1]:
        marks.append((limit + shift, f"cut after {limit:,}", WRONG_COLOUR, [1, 0]))
    layers = []
    for level, (value, text, colour, dash) in zip(_LEVELS, marks, strict=False):
        at = alt.Chart(pd.DataFrame({"value": [value], "text": [text]})).encode(x="value:Q")
        on_the_left = value > sum(ends) / 2
        layers.append(at.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5))
        layers.append(
            at.mark_text(
                align="right" if on_the_left else "left", dx=-4 if on_the_left else 4, color=colour, fontSize=11
            ).encode(text="text:N", y=alt.value(level))
        )
    if limit is not None and limit + shift >= ends[1]:
        beyond = alt.Chart(pd.DataFrame({"value": [ends[1]], "text": [f"cut after {limit:,} →"]}))
        layers.append(
            beyond.mark_text(align="right", color=WRONG_COLOUR, fontSize=11).encode(
                x="value:Q", text="text:N", y=alt.value(_LEVELS[1])
            )
        )
    return layers
