"""Buttons that save charts as images and tables as CSV."""

from collections.abc import Callable
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from core.charts.images import ImageFormat, encode_chart
from core.ui.tables import to_csv


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


def show_table_download(make_table: Callable[[], pd.DataFrame], *, stem: str) -> None:
    """Show a CSV button for one table, which is made when it is clicked; arguments as of `show_chart_downloads`."""
    st.download_button(
        "CSV",
        data=lambda: to_csv(make_table()),
        file_name=f"{stem}.csv",
        mime="text/csv",
        key=f"save_{stem}_csv",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="Save this table; texts that a spreadsheet would run as a formula get a leading apostrophe.",
    )


def _draw(make_chart: Callable[[], alt.TopLevelMixin], image_format: ImageFormat) -> bytes:
    return encode_chart(make_chart(), image_format)
