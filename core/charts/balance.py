"""The classes of each split side by side, so that a shift between splits shows."""

from collections.abc import Collection

import altair as alt
import pandas as pd

from core.analysis.class_balance import ClassBalance
from core.artifacts.schema import Split
from core.charts.frame import finished
from core.charts.labels import SPLIT_LABELS, percent, short_labels
from core.charts.palette import INK, INK_ON_EITHER, class_colours, with_opacity
from core.charts.picking import FADED, picked_by
from core.charts.ticks import round_ticks

_NUMBERED_UP_TO = 12
_ROOM_FOR_NUMBERS = 1.42
_FILL = {Split.TRAIN: 1.0, Split.VALIDATION: 0.45, Split.TEST: 0.0}


def balance_order(balance: ClassBalance, chosen: Collection[int]) -> list[int]:
    """Return class indices as they are shown: in label order; of many, the chosen ones, then the largest, first."""
    classes = list(range(len(balance.classes)))
    if len(classes) <= _NUMBERED_UP_TO:
        return classes
    totals = balance.totals
    return sorted(classes, key=lambda k: (k not in chosen, -totals[k]))


def make_class_balance_chart(
    balance: ClassBalance,
    *,
    chosen: tuple[int, ...] = (),
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return horizontal bars in the colours of the classes: each class's share of the rows of each split.

    A click anywhere in the line of a class selects its index as `k`. Up to 12 classes bars end in share and count.

    Args:
        balance: Rows per class and split.
        chosen: Classes that the filter asks for; others fade. All are in full colour when there is none.
        title: Title of the chart.
        subtitle: Basis of the chart: run, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    order = balance_order(balance, chosen)
    labels = short_labels(balance.classes)
    shown = [labels[k] for k in order]
    splits = [SPLIT_LABELS[split] for split in balance.counts]
    bars = _bars(balance, labels, order, chosen)
    numbered = len(order) <= _NUMBERED_UP_TO
    most = max(bars["share"], default=1) or 1
    base = alt.Chart(bars).encode(
        y=alt.Y(
            "label:N",
            title=None,
            scale=alt.Scale(domain=shown, paddingInner=0.25, paddingOuter=0.12),
            axis=alt.Axis(
                labelLimit=220, labelOverlap=False, ticks=False, domain=False, labelFontSize=12 if numbered else 10
            ),
        ),
        tooltip=[
            alt.Tooltip("class:N"),
            alt.Tooltip("split:N"),
            alt.Tooltip("rows:Q", format=","),
            alt.Tooltip("share:Q", title="share of the split", format=".1%"),
        ],
    )
    offset = alt.YOffset("split:N", scale=alt.Scale(domain=splits, paddingInner=0.12))
    x = alt.X(
        "share:Q",
        title="Share of the rows of the split",
        scale=alt.Scale(domain=[0, most * (_ROOM_FOR_NUMBERS if numbered else 1.02)], nice=False),
        axis=alt.Axis(
            format=".3~%",
            values=round_ticks(0, most, n_at_most=5),
            orient="bottom" if numbered else "top",
        ),
    )
    drawn = base.mark_bar(strokeWidth=1, cursor="pointer").encode(
        yOffset=offset,
        x=x,
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
        opacity=alt.condition("datum.faded", alt.value(FADED), alt.value(1.0)),
    )
    layers = [picked_by(base, "k"), drawn, _legend(base, balance)]
    if numbered:
        numbers = base.mark_text(align="left", dx=5, fontSize=11, color=ink, cursor="pointer")
        layers.append(numbers.encode(yOffset=offset, x=x, text="text:N"))
    thickness = 16 if numbered else 7 if len(order) <= 40 else 6
    height = max(1, len(order)) * (thickness * max(1, len(splits)) + 7)
    return finished(
        alt.LayerChart(layer=layers).properties(height=height),
        width=None if stretch else 460,
        title=title,
        subtitle=subtitle,
    )


def _bars(balance: ClassBalance, labels: list[str], order: list[int], chosen: tuple[int, ...]) -> pd.DataFrame:
    colours = class_colours(len(labels))
    shares = {split: balance.shares(split) for split in balance.counts}
    return pd.DataFrame(
        [
            {
                "label": labels[k],
                "class": balance.classes[k],
                "k": k,
                "split": SPLIT_LABELS[split],
                "rows": of_split[k],
                "share": shares[split][k],
                "colour": colours[k],
                "fill": with_opacity(colours[k], _FILL[split]),
                "text": f"{percent(shares[split][k])}  ({of_split[k]:,})",
                "faded": bool(chosen) and k not in chosen,
            }
            for k in order
            for split, of_split in balance.counts.items()
        ]
    )


def _legend(base: alt.Chart, balance: ClassBalance) -> alt.Chart:
    """Return a layer without marks of any size, for a legend of the splits in grey."""
    legend: alt.Chart = base.mark_square(size=0).encode(
        fill=alt.Fill(
            "split:N",
            title=None,
            scale=alt.Scale(
                domain=[SPLIT_LABELS[split] for split in balance.counts],
                range=[with_opacity(INK_ON_EITHER, _FILL[split]) for split in balance.counts],
            ),
            legend=alt.Legend(orient="top", symbolType="square", symbolStrokeColor=INK_ON_EITHER, symbolStrokeWidth=1),
        )
    )
    return legend
