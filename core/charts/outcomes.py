"""What became of the rows of each class: fixed, broken, wrong in both models."""

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.analysis.outcome_counts import OutcomeCounts
from core.analysis.row_filter import Outcome
from core.charts.frame import finished
from core.charts.labels import percent, short_labels
from core.charts.palette import INK, OUTCOME_COLOURS
from core.charts.picking import FADED, picked_by

_ROOM_FOR_NUMBERS = 1.6
_SMALL_ABOVE = 24
_SAID_BY_TITLE = " by fine-tuning"
_DRAWN = (Outcome.FIXED, Outcome.WRONG_IN_BOTH, Outcome.BROKEN, Outcome.WRONG)
"""From left to right: the first two are the mistakes of the baseline, the middle two those of the fine-tuned model."""


def make_outcome_chart(
    counts: OutcomeCounts,
    classes: Sequence[str],
    *,
    order: Sequence[int],
    true: tuple[int, ...] = (),
    outcomes: tuple[Outcome, ...] = (),
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return stacked horizontal bars: rows of each true class by outcome, and the mistakes of one model in words.

    A click on a segment selects its class index `k` and the name of its `outcome`; a click beside it, in the row of a
    class, that class and what is wrong.

    Args:
        counts: Rows of each class.
        classes: Class names in label order.
        order: Class indices from top to bottom.
        true: Classes that the filter asks for; others fade. None fades when there is none.
        outcomes: Outcomes that the filter asks for, likewise.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    shown = [outcome for outcome in _DRAWN if outcome in counts.by_outcome]
    labels = short_labels(classes)
    segments = _segments(counts, classes, labels, order, shown)
    segments["asked"] = [
        (not true or k in true) and (not outcomes or outcome in outcomes)
        for k, outcome in zip(segments["k"], segments["outcome"], strict=True)
    ]
    ends = _ends(counts, labels, order, shown)
    many = len(order) > _SMALL_ABOVE
    y = alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=[labels[k] for k in order], paddingInner=0.25, paddingOuter=0.1),
        axis=alt.Axis(labelLimit=140, labelOverlap=False, ticks=False, domain=False, labelFontSize=11 if many else 12),
    )
    x = alt.X(
        "rows:Q",
        title="Rows",
        stack="zero",
        scale=alt.Scale(domain=[0, max(1.0, _ROOM_FOR_NUMBERS * ends["rows"].max())], nice=False),
        axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5, orient="top" if many else "bottom"),
    )
    numbers = (
        alt.Chart(ends)
        .mark_text(align="left", dx=6, fontSize=10 if many else 11, color=ink)
        .encode(y=y, x=alt.X("rows:Q", stack=None), text="text:N", tooltip=alt.value(None))
    )
    behind = picked_by(alt.Chart(ends).encode(y=y, tooltip=alt.value(None)), "k", "outcome")
    drawn = _drawn(segments, shown).encode(y=y, x=x)
    chart = alt.LayerChart(layer=[behind, drawn, numbers]).properties(height=alt.Step(18 if many else 23))
    return finished(chart, width=None if stretch else 520, title=title, subtitle=subtitle)


def _segments(
    counts: OutcomeCounts, classes: Sequence[str], labels: Sequence[str], order: Sequence[int], shown: Sequence[Outcome]
) -> pd.DataFrame:
    """Return one row per class and outcome that occurs."""
    return pd.DataFrame(
        [
            {
                "label": labels[k],
                "class": classes[k],
                "k": k,
                "outcome": outcome.value,
                "position": position,
                "rows": int(counts.by_outcome[outcome][k]),
                "of": int(counts.n_rows[k]),
            }
            for k in order
            for position, outcome in enumerate(shown)
            if counts.by_outcome[outcome][k]
        ],
        columns=["label", "class", "k", "outcome", "position", "rows", "of"],
    )


def _ends(counts: OutcomeCounts, labels: Sequence[str], order: Sequence[int], shown: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row per class: where its segments end, and what stands there."""
    rates = counts.rates()
    return pd.DataFrame(
        {
            "label": [labels[k] for k in order],
            "k": list(order),
            "outcome": Outcome.WRONG.value,
            "rows": [int(sum(counts.by_outcome[outcome][k] for outcome in shown)) for k in order],
            "text": [
                f"{counts.n_wrong[k]:,} wrong of {counts.n_rows[k]:,} · {percent(float(rates[k]))}"
                if counts.n_rows[k]
                else "no rows"
                for k in order
            ],
        }
    )


def _drawn(segments: pd.DataFrame, shown: Sequence[Outcome]) -> alt.Chart:
    colours = alt.Scale(
        domain=[outcome.value for outcome in shown], range=[OUTCOME_COLOURS[outcome] for outcome in shown]
    )
    legend = alt.Legend(
        orient="top", symbolType="square", labelExpr=f"replace(datum.label, {json.dumps(_SAID_BY_TITLE)}, '')"
    )
    drawn: alt.Chart = (
        alt.Chart(segments)
        .mark_bar(cursor="pointer")
        .encode(
            order="position:Q",
            color=alt.Color("outcome:N", title=None, scale=colours, legend=legend),
            opacity=alt.condition("datum.asked", alt.value(1.0), alt.value(FADED)),
            tooltip=[
                alt.Tooltip("class:N", title="true class"),
                alt.Tooltip("outcome:N"),
                alt.Tooltip("rows:Q", format=","),
                alt.Tooltip("of:Q", title="rows of the class", format=","),
            ],
        )
    )
    return drawn
