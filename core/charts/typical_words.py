"""The words that are typical of a class."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.analysis.typical_words import TypicalWord
from core.charts.frame import finished
from core.charts.labels import short_labels
from core.charts.palette import INK, class_colours
from core.charts.picking import FADED, picked_by

_ROOM_FOR_NUMBERS = 1.45
_STEP = 21


def make_typical_words_chart(
    words: Sequence[TypicalWord],
    *,
    k: int,
    z_max: float,
    chosen: str = "",
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    clickable: bool = True,
    ink: str = INK,
) -> alt.LayerChart:
    """Return horizontal bars in the colour of the class: z-score of each word, with its occurrences in class and rest.

    A click anywhere in the line of a word selects its position as `i`.

    Args:
        words: Words of the class, at least one, from top to bottom.
        k: Class index, for the colour.
        z_max: Length of the axis, to give several charts one scale.
        chosen: The word that the filter asks for; others fade.
        title: Title of the chart.
        subtitle: Basis of the chart.
        stretch: Whether the width is left to the page.
        clickable: Whether a click selects anything; not in a chart that is part of another one.
        ink: Colour of the numbers; that of the page's text follows its theme.
    """
    base = _line_by_line(words, chosen)
    drawn = base.mark_bar(cornerRadiusEnd=2, cursor="pointer", color=class_colours(k + 1)[k]).encode(
        x=alt.X("z:Q", title=None, scale=alt.Scale(domain=[0, z_max * _ROOM_FOR_NUMBERS], nice=False), axis=None),
        opacity=alt.condition("datum.faded", alt.value(FADED), alt.value(1.0)),
    )
    numbers = base.mark_text(align="left", dx=5, fontSize=11, color=ink, cursor="pointer").encode(
        x="z:Q", text="text:N"
    )
    return finished(
        alt.LayerChart(layer=[*([picked_by(base, "i")] if clickable else []), drawn, numbers]).properties(
            height=_STEP * len(words)
        ),
        width=None if stretch else 260,
        title=title,
        subtitle=subtitle,
    )


def make_typical_words_figure(
    words: Mapping[int, Sequence[TypicalWord]], classes: Sequence[str], *, subtitle: str
) -> alt.ConcatChart:
    """Return the charts of some classes, by class index, in one picture for a file."""
    z_max = max(word.z for of_class in words.values() for word in of_class)
    labels = short_labels(classes)
    charts = [
        make_typical_words_chart(of_class, k=k, z_max=z_max, title=labels[k], clickable=False)
        for k, of_class in words.items()
        if of_class
    ]
    figure: alt.ConcatChart = alt.concat(*charts, columns=3).properties(
        title=alt.TitleParams("Typical words", subtitle=subtitle)
    )
    return figure


def _line_by_line(words: Sequence[TypicalWord], chosen: str) -> alt.Chart:
    """Return what all marks share: one line per word, and what is said of it."""
    labels = short_labels([word.word for word in words], max_width=18)
    is_chosen = [word.word == chosen for word in words]
    lines = pd.DataFrame(
        {
            "label": labels,
            "i": range(len(words)),
            "word": short_labels([word.word for word in words], max_width=80),
            "z": [word.z for word in words],
            "in_class": [word.n_in_class for word in words],
            "in_rest": [word.n_in_rest for word in words],
            "text": [f"{word.n_in_class:,} : {word.n_in_rest:,}" for word in words],
            "faded": [any(is_chosen) and not this for this in is_chosen],
        }
    )
    axis = alt.Axis(minExtent=96, labelLimit=150, labelOverlap=False, ticks=False, domain=False, labelFontSize=12)
    scale = alt.Scale(domain=labels, paddingInner=0.2, paddingOuter=0.1)
    base: alt.Chart = alt.Chart(lines).encode(
        y=alt.Y("label:N", title=None, scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("word:N"),
            alt.Tooltip("z:Q", title="z-score", format=".1f"),
            alt.Tooltip("in_class:Q", title="times in this class", format=","),
            alt.Tooltip("in_rest:Q", title="times in all others", format=","),
        ],
    )
    return base
