"""How the probabilities of classes move from one text to another, side by side for several models."""

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from core.artifacts.schema import ModelName
from core.charts.frame import finished
from core.charts.labels import MODEL_LABELS, short_labels
from core.charts.palette import INK, class_colours

FloatArray = npt.NDArray[np.floating]


def classes_that_move(
    before: Mapping[ModelName, FloatArray], after: Mapping[ModelName, FloatArray], *, limit: int
) -> list[int]:
    """Return the classes worth a line: those that win in any text, then those whose probability moves most.

    Args:
        before: Probabilities of all classes, shape (classes,), of each model.
        after: The same for the other text.
        limit: How many classes; never fewer than there are winners.
    """
    moves = np.max([np.abs(after[model] - before[model]) for model in before], axis=0)
    winners = {int(probs.argmax()) for side in (before, after) for probs in side.values()}
    rest = [int(k) for k in np.argsort(-moves, kind="stable") if k not in winners]
    return sorted([*winners, *rest[: max(0, limit - len(winners))]])


def make_answer_shift_chart(
    model: ModelName,
    before: FloatArray,
    after: FloatArray,
    classes: Sequence[str],
    *,
    shown: Sequence[int],
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return a line per class from its probability before (ring) to that after (dot), and the difference in points.

    Args:
        model: Whose answers.
        before: Probabilities of all classes, shape (classes,), in [0, 1].
        after: The same for the other text.
        classes: Class names in label order.
        shown: Class indices from top to bottom.
        title: Title of the chart.
        subtitle: Basis of the chart: run, texts.
        stretch: Whether the width is left to the page.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    labels, colours = short_labels(classes), class_colours(len(classes))
    moves = pd.DataFrame(
        [
            {
                "label": labels[k],
                "class": classes[k],
                "model": MODEL_LABELS[model],
                "before": float(before[k]),
                "after": float(after[k]),
                "points": points_text(float(after[k] - before[k])),
            }
            for k in shown
        ]
    )
    domain = [labels[k] for k in shown]
    y = alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=domain),
        axis=alt.Axis(labelLimit=180, labelOverlap=False, labelFontSize=12, ticks=False, domain=False),
    )
    colour = alt.Color("label:N", scale=alt.Scale(domain=domain, range=[colours[k] for k in shown]), legend=None)
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    x = alt.X("before:Q", title="Probability", scale=alt.Scale(domain=[0, 1.16], nice=False), axis=axis)
    base = alt.Chart(moves).encode(
        y=y,
        color=colour,
        tooltip=[
            alt.Tooltip("class:N"),
            alt.Tooltip("before:Q", title="original", format=".1%"),
            alt.Tooltip("after:Q", title="edited", format=".1%"),
        ],
    )
    layers = [
        base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=x, x2="after:Q"),
        base.mark_point(size=70, filled=False, strokeWidth=2, opacity=1).encode(x=x),
        base.mark_circle(size=90, opacity=1).encode(x=alt.X("after:Q")),
        alt.Chart(moves)
        .mark_text(align="right", fontSize=11, color=ink)
        .encode(y=y, x=alt.XDatum(1.16), text="points:N", tooltip=alt.value(None)),
    ]
    chart = alt.LayerChart(layer=layers).properties(height=alt.Step(26))
    return finished(chart, width=None if stretch else 380, title=title, subtitle=subtitle)


def points_text(difference: float) -> str:
    """Return a difference of two shares in percentage points: `+12.3`, `−0.4`, `0.0`."""
    rounded = round(100 * difference, 1)
    return "0.0" if rounded == 0 else f"{rounded:+.1f}".replace("-", "−")
