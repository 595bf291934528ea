"""Colours of the map, the same for points, cells and legend."""

from dataclasses import dataclass

import altair as alt

from core.analysis.map_colouring import ColourBy, Colouring, ColourKind, Groups
from core.analysis.row_filter import COMPARING
from core.charts.labels import short_labels
from core.charts.palette import OUTCOME_COLOURS, RIGHT_COLOUR, WRONG_COLOUR, class_colours

BACKGROUND_COLOUR = "#8a92a0"
_LABEL_WIDTH = 40
_RAMP = (WRONG_COLOUR, "#b77a5e", "#8d80a3", "#5f79b8", RIGHT_COLOUR)
_OF_OUTCOME = (RIGHT_COLOUR, WRONG_COLOUR)
_OF_CHANGE = (RIGHT_COLOUR, *(OUTCOME_COLOURS[outcome] for outcome in COMPARING))


@dataclass(frozen=True, slots=True, kw_only=True)
class MapColours:
    """Labels and colours of groups; or, without any label, the colours of a measure from its low to its high end."""

    labels: tuple[str, ...]
    colours: tuple[str, ...]
    low: float = 0.0
    high: float = 1.0
    is_share: bool = False

    @property
    def is_measure(self) -> bool:
        """Return whether numbers are coloured instead of groups."""
        return not self.labels


def colours_of(by: ColourBy, colouring: Colouring) -> MapColours:
    """Return labels and colours of a colouring; rare and missing values are grey."""
    if not isinstance(colouring, Groups):
        ramp = _RAMP[::-1] if by.kind is ColourKind.OUTCOME else _RAMP
        return MapColours(labels=(), colours=ramp, low=colouring.low, high=colouring.high, is_share=colouring.is_share)
    own = {ColourKind.OUTCOME: _OF_OUTCOME, ColourKind.CHANGE: _OF_CHANGE}.get(by.kind)
    colours = own or tuple(class_colours(colouring.n_own))
    n_grey = len(colouring.names) - colouring.n_own
    labels = short_labels(colouring.names, max_width=_LABEL_WIDTH)
    return MapColours(labels=tuple(labels), colours=(*colours, *[BACKGROUND_COLOUR] * n_grey))


def colour_channel(field: str, colours: MapColours, *, title: str, legend_labels: list[str] | None) -> alt.Color:
    """Return the colour of marks.

    Args:
        field: Column with the label of the group, or the number.
        colours: Labels and colours.
        title: Title of the legend.
        legend_labels: Groups in the legend, any for a measure; None for no legend.
    """
    if colours.is_measure:
        scale = alt.Scale(domain=_stops(colours), range=list(colours.colours), interpolate="rgb", clamp=True)
        number = alt.Legend(title=title, format=".0%" if colours.is_share else "~g", gradientLength=160)
        # a missing number is no point of the ramp
        return alt.Color(
            f"{field}:Q",
            scale=scale,
            legend=None if legend_labels is None else number,
            condition={"test": f"!isValid(datum['{field}'])", "value": BACKGROUND_COLOUR},
        )
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(colours.labels), range=list(colours.colours)),
        legend=None
        if legend_labels is None
        else alt.Legend(title=title, values=legend_labels, labelLimit=320, symbolType="circle", symbolOpacity=1),
    )


def _stops(colours: MapColours) -> list[float]:
    n_steps = len(colours.colours) - 1
    return [colours.low + step * (colours.high - colours.low) / n_steps for step in range(n_steps + 1)]
