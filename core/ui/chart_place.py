"""A place for a chart that keeps its height while the chart is drawn anew, so that nothing below it jumps."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.charts.specs import Spec

_AXIS_AND_TITLE = 62


def chart_place(spec: Spec, *, key: str) -> DeltaGenerator:
    """Return a container at least as high as the plot of the specification with one axis.

    A chart with a new key is another element in the browser, which is empty for a moment.

    Args:
        spec: Specification with a height in pixels.
        key: Tells places of a page apart; the same however often the chart is drawn.
    """
    st.html(f"<style>.st-key-{key} {{ min-height: {int(spec['height']) + _AXIS_AND_TITLE}px; }}</style>")
    return st.container(key=key)
