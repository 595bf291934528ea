import io

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from core.charts.images import ImageFormat, encode_chart

DOTS = alt.Chart(pd.DataFrame({"x": [1, 2], "y": [3, 4]})).mark_point().encode(x="x:Q", y="y:Q")


def test_png_is_a_picture_on_white_at_the_asked_scale():
    chart = DOTS.properties(width=200, height=100)
    small, large = (Image.open(io.BytesIO(encode_chart(chart, ImageFormat.PNG, scale=s))) for s in (1.0, 2.0))
    assert small.format == "PNG"
    assert (large.width, large.height) == (2 * small.width, 2 * small.height)
    assert large.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_svg_is_utf8_xml_with_the_title():
    svg = encode_chart(DOTS.properties(title="Größe – 悦"), ImageFormat.SVG).decode("utf-8")
    assert svg.startswith("<svg")
    assert "Größe – 悦" in svg


def test_more_than_5000_rows_are_drawn():
    chart = alt.Chart(pd.DataFrame({"x": range(5001)})).mark_tick().encode(x="x:Q")
    assert encode_chart(chart, ImageFormat.SVG).count(b'aria-roledescription="tick"') == 5001


def test_nothing_is_fetched():
    chart = alt.Chart(alt.UrlData("http://127.0.0.1:9/data.json")).mark_point().encode(x="x:Q")
    with pytest.raises(ValueError, match=r"not allowed|denied"):
        encode_chart(chart, ImageFormat.SVG)


def test_media_types():
    assert [f.media_type for f in ImageFormat] == ["image/png", "image/svg+xml"]
