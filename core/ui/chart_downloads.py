"""Buttons that save charts as images."""

from collections.abc import Callable
from functools import partial

import altair as alt
import streamlit as st

from core.charts.images import ImageFormat, encode_chart


def show_chart_downloads(make_chart: Callable[[], alt.TopLevelMixin], *, stem: str) -> None:
    """Show a PNG and an SVG button for one chart, which is drawn when a button is clicked.

    Args:
        make_chart: Returns the chart as it should stand in the file, with title and basis.
        stem: File name without its ending; also tells buttons of a page apart.
    """
    with st.container(horizontal=True, gap="small", width="content"):
        for image_format in ImageFormat:
            st.download_button(
                image_format.upper(),
                data=partial(_draw, make_chart, image_format),
                file_name=f"{stem}.{image_format}",
                mime=image_format.media_type,
                key=f"save_{stem}_{image_format}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
                help=f"Save this chart as {image_format.upper()}, on white.",
            )


def _draw(make_chart: Callable[[], alt.TopLevelMixin], image_format: ImageFormat) -> bytes:
    return encode_chart(make_chart(), image_format)
