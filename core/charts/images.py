"""Charts as image files, drawn by vl-convert without a browser or a network."""

from enum import StrEnum

import altair as alt
import vl_convert

from core.charts.palette import INK
from core.charts.specs import to_spec, with_plain_rows

_FONT = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
_PAPER = {
    "background": "#ffffff",
    "font": _FONT,
    "padding": 16,
    "title": {
        "anchor": "start",
        "frame": "group",
        "color": INK,
        "fontSize": 15,
        "fontWeight": "bold",
        "subtitleColor": "#5b6470",
        "subtitleFontSize": 11,
        "subtitlePadding": 4,
        "offset": 14,
    },
    "axis": {
        "labelColor": INK,
        "titleColor": "#5b6470",
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "gridColor": "#e4e7eb",
    },
    "legend": {"labelColor": INK, "titleColor": "#5b6470", "titleFontWeight": "normal"},
    "view": {"stroke": None},
}


class ImageFormat(StrEnum):
    """File formats of a saved chart."""

    PNG = "png"
    SVG = "svg"

    @property
    def media_type(self) -> str:
        """Return the MIME type."""
        return "image/png" if self is ImageFormat.PNG else "image/svg+xml"


def encode_chart(chart: alt.TopLevelMixin, image_format: ImageFormat, *, scale: float = 2.0) -> bytes:
    """Return a chart as image bytes, dark ink on white paper.

    Args:
        chart: Any Altair chart with a size of its own in pixels.
        image_format: PNG or SVG.
        scale: Pixels per CSS pixel of a PNG.
    """
    spec = with_plain_rows(to_spec(chart))
    # An empty list of addresses: whatever a specification says, nothing is fetched.
    if image_format is ImageFormat.PNG:
        png: bytes = vl_convert.vegalite_to_png(spec, scale=scale, config=_PAPER, allowed_base_urls=[])
        return png
    svg: str = vl_convert.vegalite_to_svg(spec, config=_PAPER, allowed_base_urls=[])
    return svg.encode("utf-8")
