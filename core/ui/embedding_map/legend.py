"""The legend of the map: what each colour stands for and how many rows have it, wrapping as it must."""

from html import escape

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.map_colouring import Colouring, Groups
from core.charts.map_colours import MapColours
from core.ui.formatting import percent

MAX_ENTRIES = 12
_LIST = '<div style="display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;font-size:.875rem;line-height:1.5">{}</div>'
_ENTRY = (
    '<span style="display:inline-flex;align-items:center;gap:.4rem;min-width:0">'
    '<span style="width:.7rem;height:.7rem;border-radius:50%;background:{colour};flex:none"></span>'
    '<span style="overflow-wrap:anywhere" title="{name}">{label}</span>'
    '<span style="opacity:.65">{n_rows:,}</span></span>'
)
_RAMP = (
    '<span style="display:inline-flex;align-items:center;gap:.5rem">'
    '<span style="opacity:.65">{what}</span><span>{low}</span>'
    '<span style="width:11rem;height:.7rem;border-radius:3px;background:linear-gradient(90deg,{colours})"></span>'
    "<span>{high}</span></span>"
)


def frequent_groups(colouring: Colouring, shown: npt.NDArray[np.bool_]) -> list[int]:
    """Return the groups that the legend names, in their order: at most 12, those with the most rows; none of a measure.

    Args:
        colouring: What the rows are coloured by.
        shown: Which rows are in colour, shape (rows,).
    """
    if not isinstance(colouring, Groups):
        return []
    counts = colouring.counts(shown)
    ranked = sorted(np.flatnonzero(counts), key=lambda k: (-counts[k], k))[:MAX_ENTRIES]
    return sorted(int(k) for k in ranked)


def show_legend(colouring: Colouring, colours: MapColours, shown: npt.NDArray[np.bool_], *, what: str) -> None:
    """Show what each colour stands for, with the rows of each group that are in colour; names are plain text."""
    if not isinstance(colouring, Groups):
        ends = [percent(end) if colours.is_share else f"{end:,.6g}" for end in (colours.low, colours.high)]
        if np.nanmax(colouring.values, initial=-np.inf) > colours.high:
            ends[1] += " or more"
        ramp = _RAMP.format(what=escape(what), low=ends[0], high=ends[1], colours=",".join(colours.colours))
        st.html(_LIST.format(ramp))
        return
    counts = colouring.counts(shown)
    named = frequent_groups(colouring, shown)
    entries = [
        _ENTRY.format(
            colour=colours.colours[k],
            name=escape(colouring.names[k]),
            label=escape(colours.labels[k]),
            n_rows=int(counts[k]),
        )
        for k in named
    ]
    n_more = int((counts > 0).sum()) - len(named)
    if n_more:
        entries.append(f'<span style="opacity:.65">and {n_more:,} more: point at the map for their names</span>')
    st.html(_LIST.format("".join(entries)))
