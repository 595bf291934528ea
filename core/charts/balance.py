"""How many rows each class has."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.artifacts.schema import Split
from core.charts.frame import finished
from core.charts.labels import SPLIT_LABELS, short_labels
from core.charts.palette import class_colours


def make_class_balance_chart(
    counts: Mapping[Split, Sequence[int]], classes: Sequence[str], *, stretch: bool = False
) -> alt.Chart:
    """Return horizontal bars: rows per class over all splits, in the colour of the class.

    Args:
        counts: Rows per class of each split, in class order.
        classes: Class names in label order.
        stretch: Whether the width is left to the page.
    """
    labels = short_labels(classes)
    totals = [sum(part[k] for part in counts.values()) for k in range(len(classes))]
    frame = pd.DataFrame(
        {"label": labels, "class": list(classes), "rows": totals}
        | {SPLIT_LABELS[split]: list(part) for split, part in counts.items()}
    )
    frame["share"] = frame["rows"] / max(1, sum(totals))
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("rows:Q", title="Rows, all splits", axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5)),
            y=alt.Y(
                "label:N",
                title=None,
                scale=alt.Scale(domain=labels),
                axis=alt.Axis(
                    labelLimit=260,
                    labelOverlap=False,
                    ticks=False,
                    domain=False,
                    labelFontSize=12 if len(classes) <= 40 else 10,
                ),
            ),
            color=alt.Color("label:N", scale=alt.Scale(domain=labels, range=class_colours(len(classes))), legend=None),
            tooltip=[
                alt.Tooltip("class:N"),
                alt.Tooltip("rows:Q", format=","),
                alt.Tooltip("share:Q", title="share of all rows", format=".1%"),
                *(alt.Tooltip(f"{SPLIT_LABELS[split]}:Q", format=",") for split in counts),
            ],
        )
        .properties(height=alt.Step(26 if len(classes) <= 12 else 15))
    )
    return finished(chart, width=None if stretch else 420)
