"""Where one row lies on the map, among a sample of the others."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.row_filter import Projection
from core.analysis.rows import Rows
from core.charts.frame import finished
from core.charts.labels import short_labels
from core.charts.palette import INK, class_colours
from core.charts.specs import later_data

OTHERS = "others"
HERE = "here"
_HEIGHT = 230
_SAMPLE_ROWS = 1_000


def places_of(rows: Rows, ids: npt.NDArray[np.integer], projection: Projection) -> pd.DataFrame:
    """Return where rows lie, and the class that they are labelled with, as columns `x`, `y`, `label`."""
    frame = rows.frame.iloc[ids]
    labels = np.array(short_labels(rows.classes), dtype=object)
    return pd.DataFrame(
        {
            "x": frame[f"{projection}_x"].to_numpy(),
            "y": frame[f"{projection}_y"].to_numpy(),
            "label": labels[frame["label"].to_numpy()],
        }
    )


def sample_places(rows: Rows, projection: Projection) -> pd.DataFrame:
    """Return where some of the rows lie, the same ones at every call, at most 1,000."""
    if len(rows) <= _SAMPLE_ROWS:
        return places_of(rows, np.arange(len(rows)), projection)
    chosen = np.random.default_rng(0).choice(len(rows), _SAMPLE_ROWS, replace=False)
    return places_of(rows, np.sort(chosen), projection)


def make_place_chart(
    classes: Sequence[str],
    *,
    others: pd.DataFrame | None = None,
    here: pd.DataFrame | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return faint points in the colours of their classes, and a ring around one row.

    Args:
        classes: Class names in label order.
        others: Rows to find one among, from `sample_places`; None if they are filled in later, as the data `others`.
        here: The row with the ring, from `places_of`; None likewise, as the data `here`.
        title: Title of the chart.
        subtitle: Basis of the chart: run, row.
        stretch: Whether the width is left to the page.
        ink: Colour of the ring; that of the page's text follows its theme.
    """
    scale = alt.Scale(zero=False, nice=False, padding=10)
    x, y = alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None, scale=scale)
    colour = alt.Color(
        "label:N", legend=None, scale=alt.Scale(domain=short_labels(classes), range=class_colours(len(classes)))
    )
    faint = alt.Chart(later_data(OTHERS) if others is None else others).mark_circle(size=11, opacity=0.5)
    row = alt.Chart(later_data(HERE) if here is None else here)
    dot = row.mark_circle(size=64, opacity=1)
    ring = row.mark_point(size=230, stroke=ink, strokeWidth=2.4, filled=False, opacity=1)
    nothing, label = alt.value(None), alt.Tooltip("label:N", title="true class")
    chart = alt.LayerChart(
        layer=[
            faint.encode(x=x, y=y, color=colour, tooltip=label),
            dot.encode(x=x, y=y, color=colour, tooltip=nothing),
            ring.encode(x=x, y=y, tooltip=label),
        ]
    ).properties(height=_HEIGHT)
    return finished(chart, width=None if stretch else 420, title=title, subtitle=subtitle)
