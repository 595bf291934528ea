"""How far two models differ on each class, with intervals."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.analysis.comparison import ClassDifference
from core.analysis.row_filter import Outcome
from core.charts.frame import finished
from core.charts.labels import short_labels
from core.charts.palette import INK, INK_ON_EITHER, OUTCOME_COLOURS
from core.charts.picking import picked_by

_SURE, _MAYBE = "sure", "may be chance"
_LEVEL = 0.05
_SMALL_ABOVE = 24


def make_class_difference_chart(
    differences: Sequence[ClassDifference | None],
    classes: Sequence[str],
    *,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return a dot per class with its 95% interval: F1 of the second model minus F1 of the first, in points.

    Classes go from the largest gain to the largest loss. A filled dot is a difference that holds after correction for
    looking at all classes, a hollow one may be chance. A click selects the class as `k`.

    Args:
        differences: One per class, None where there is none; such classes are left out.
        classes: Class names in label order.
        title: Title of the chart.
        subtitle: Basis of the chart: runs, split, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of intervals that may be chance and of the line at 0.
    """
    dots = _dots(differences, classes)
    many = len(dots) > _SMALL_ABOVE
    y = alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=dots["label"].tolist(), paddingOuter=0.2),
        axis=alt.Axis(
            labelLimit=200,
            labelOverlap=False,
            labelFlush=False,
            ticks=False,
            domain=False,
            labelFontSize=11 if many else 12,
        ),
    )
    base = alt.Chart(dots).encode(
        y=y,
        tooltip=[
            alt.Tooltip("class:N"),
            alt.Tooltip("difference:Q", title="F1, points", format="+.1f"),
            alt.Tooltip("interval:N", title="95% interval"),
            alt.Tooltip("p:N", title="p"),
            alt.Tooltip("p_adjusted:N", title="p, corrected"),
        ],
    )
    colour = alt.condition(
        f"datum.verdict == '{_MAYBE}'",
        alt.value(INK_ON_EITHER),
        alt.Color("direction:N", scale=_DIRECTIONS, title=None, legend=alt.Legend(orient="top", symbolType="circle")),
    )
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=ink, strokeDash=[4, 4]).encode(x="x:Q")
    x = alt.X(
        "low:Q",
        title="F1 of the second minus F1 of the first, points",
        axis=alt.Axis(
            labelExpr="datum.value == 0 ? '0' : format(datum.value, '+')",
            orient="top" if many else "bottom",
            tickCount=7,
        ),
        scale=alt.Scale(zero=True, nice=True),
    )
    layers = [
        picked_by(base.encode(), "k"),
        zero,
        base.mark_rule(strokeWidth=2, cursor="pointer").encode(x=x, x2="high:Q", color=colour),
        base.transform_filter(f"datum.verdict == '{_SURE}'")
        .mark_circle(size=80, opacity=1, cursor="pointer")
        .encode(x="difference:Q", color=colour),
        base.transform_filter(f"datum.verdict == '{_MAYBE}'")
        .mark_point(size=60, filled=False, strokeWidth=2, cursor="pointer", color=INK_ON_EITHER)
        .encode(x="difference:Q"),
    ]
    chart = alt.LayerChart(layer=layers).properties(height=alt.Step(15 if many else 24))
    return finished(chart, width=None if stretch else 480, title=title, subtitle=subtitle)


_DIRECTIONS = alt.Scale(
    domain=["better", "worse"], range=[OUTCOME_COLOURS[Outcome.FIXED], OUTCOME_COLOURS[Outcome.BROKEN]]
)


def _dots(differences: Sequence[ClassDifference | None], classes: Sequence[str]) -> pd.DataFrame:
    labels = short_labels(classes)
    rows = []
    for k, found in enumerate(differences):
        if found is None or found.f1.interval is None:
            continue
        low, high = found.f1.interval
        rows.append(
            {
                "k": k,
                "class": classes[k],
                "label": labels[k],
                "difference": 100 * found.f1.value,
                "low": 100 * low,
                "high": 100 * high,
                "interval": f"{100 * low:+.1f} to {100 * high:+.1f}",
                "verdict": _SURE if found.p_adjusted <= _LEVEL else _MAYBE,
                "direction": "better" if found.f1.value > 0 else "worse",
                "p": f"{found.p_value:.4f}",
                "p_adjusted": f"{found.p_adjusted:.4f}",
            }
        )
    columns = [
        "k",
        "class",
        "label",
        "difference",
        "low",
        "high",
        "interval",
        "verdict",
        "direction",
        "p",
        "p_adjusted",
    ]
    return pd.DataFrame(rows, columns=columns).sort_values("difference", ascending=False, kind="stable")
