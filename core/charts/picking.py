"""What makes marks of a chart clickable: an unseen rectangle behind each, so that short bars are as easy to hit."""

import altair as alt

PICKED = "picked"
FADED = 0.35


def picked_by(base: alt.Chart, *fields: str) -> alt.Chart:
    """Return a layer of unseen rectangles, as long as the plot, whose click selects `fields` of the datum under it.

    Marks of other layers on top of it select alike, as long as their data have the fields.

    Args:
        base: Chart with the data and the position of the marks in one direction; the other one is filled.
        fields: What identifies a mark.
    """
    rectangles: alt.Chart = base.mark_rect(fill="transparent", cursor="pointer").add_params(
        alt.selection_point(name=PICKED, fields=list(fields), toggle=False, nearest=False)
    )
    return rectangles
