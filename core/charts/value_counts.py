"""How often each value of a metadata column occurs, and the accuracy on its rows."""

import altair as alt
import pandas as pd

from core.analysis.metadata import value_label
from core.analysis.value_counts import ValueCount, ValueCounts
from core.charts.frame import finished
from core.charts.labels import percent, short_labels
from core.charts.palette import INK, RIGHT_COLOUR
from core.charts.picking import FADED, picked_by

FEW_ROWS = 30
_ROOM_FOR_COUNTS = 1.3
_ROOM_FOR_ACCURACY = 2.6
_STEP = 24


def make_value_counts_chart(
    counts: ValueCounts,
    *,
    chosen: tuple[str, ...] = (),
    measured: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return horizontal bars: rows of each value, with the accuracy on them at the right edge.

    All further values together have no bar: it would dwarf the others, and is none of a value.

    A click anywhere in the line of a value selects its position as `i`; the line of all further values has -1.

    Args:
        counts: The values, from top to bottom.
        chosen: Values that the filter asks for; others fade.
        measured: Whose accuracy it is; none is shown without.
        title: Title of the chart.
        subtitle: Basis of the chart.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    lines = _lines(counts, chosen)
    base = _line_by_line(lines, with_accuracy=measured is not None)
    most = max(lines["bar"], default=1) or 1
    room = _ROOM_FOR_COUNTS if measured is None else _ROOM_FOR_ACCURACY
    drawn = base.mark_bar(cornerRadiusEnd=2, cursor="pointer", color=RIGHT_COLOUR).encode(
        x=alt.X("bar:Q", title=None, scale=alt.Scale(domain=[0, most * room], nice=False), axis=None),
        opacity=alt.condition("datum.faded", alt.value(FADED), alt.value(1.0)),
    )
    words = base.mark_text(align="left", dx=5, fontSize=11, color=ink, cursor="pointer")
    layers = [picked_by(base, "i"), drawn, words.encode(x="bar:Q", text=alt.Text("rows:Q", format=","))]
    if measured is not None:
        right = base.mark_text(align="right", fontSize=12, color=ink, cursor="pointer")
        faint = alt.condition("datum.few", alt.value(0.55), alt.value(1))
        layers += [right.encode(x=alt.value("width"), text="accuracy:N", opacity=faint), _heading(measured, ink)]
    return finished(
        alt.LayerChart(layer=layers).properties(height=_STEP * len(lines)),
        width=None if stretch else 380,
        title=title,
        subtitle=subtitle,
    )


def _line_by_line(lines: pd.DataFrame, *, with_accuracy: bool) -> alt.Chart:
    """Return what all marks share: one line per value, and what is said of it."""
    tooltip = [alt.Tooltip("value:N"), alt.Tooltip("rows:Q", format=","), alt.Tooltip("share:Q", format=".1%")]
    if with_accuracy:
        tooltip += [
            alt.Tooltip("accuracy:N"),
            alt.Tooltip("interval:N", title="95% interval"),
            alt.Tooltip("scored:Q", title="rows measured on", format=","),
        ]
    base: alt.Chart = alt.Chart(lines).encode(
        y=alt.Y(
            "label:N",
            title=None,
            scale=alt.Scale(domain=lines["label"].tolist(), paddingInner=0.22, paddingOuter=0.1),
            axis=alt.Axis(labelLimit=170, labelOverlap=False, ticks=False, domain=False, labelFontSize=12),
        ),
        tooltip=tooltip,
    )
    return base


def _lines(counts: ValueCounts, chosen: tuple[str, ...]) -> pd.DataFrame:
    total = max(1, counts.n_rows)
    names = [value_label(v.value) for v in counts.values]
    lines = [
        {
            "i": i,
            "value": short_labels([name], max_width=80)[0],
            "rows": v.n_rows,
            "bar": v.n_rows,
            "scored": v.n_scored,
            "accuracy": _accuracy(v),
            "interval": "–" if v.interval is None else " to ".join(percent(end) for end in v.interval),
            "few": v.n_scored < FEW_ROWS,
            "faded": bool(chosen) and v.value not in chosen,
        }
        for i, (name, v) in enumerate(zip(names, counts.values, strict=True))
    ]
    if counts.n_other_values:
        names.append(f"{counts.n_other_values:,} more")
        lines.append(
            {
                "i": -1,
                "value": names[-1],
                "rows": counts.n_other_rows,
                "bar": 0,
                "scored": None,
                "accuracy": "",
                "interval": "",
                "few": True,
                "faded": bool(chosen),
            }
        )
    frame = pd.DataFrame(lines)
    frame.insert(0, "label", short_labels(names, max_width=18))
    frame["share"] = frame["rows"] / total
    return frame


def _accuracy(v: ValueCount) -> str:
    if v.accuracy is None:
        return "–"
    return f"{percent(v.accuracy)}{f' of {v.n_scored}' if v.n_scored < FEW_ROWS else ''}"


def _heading(text: str, ink: str) -> alt.Chart:
    heading: alt.Chart = (
        alt.Chart(pd.DataFrame({"text": [text]}))
        .mark_text(align="right", fontSize=11, color=ink, opacity=0.7)
        .encode(x=alt.value("width"), y=alt.value(-8), text="text:N")
    )
    return heading
