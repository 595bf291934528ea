"""Size and title, alike on every chart."""

from typing import TypeVar

import altair as alt

_Chart = TypeVar("_Chart", alt.Chart, alt.LayerChart)


def finished(chart: _Chart, *, width: int | None, title: str | None = None, subtitle: str | None = None) -> _Chart:
    """Return the chart with its width and title.

    Args:
        chart: A chart whose height is set.
        width: Width of the plot in pixels; when None the page stretches it, axes and legend included, while the height
            stays that of the plot alone.
        title: Title, on charts that stand alone.
        subtitle: Basis of the chart: run, split, rows.
    """
    if width is None:
        chart = chart.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    else:
        chart = chart.properties(width=width)
    return chart if title is None else chart.properties(title=alt.TitleParams(title, subtitle=subtitle or ""))
