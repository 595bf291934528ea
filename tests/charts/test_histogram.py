import numpy as np
import pytest

from core.analysis.histogram import compute_histogram
from core.charts.histogram import make_histogram_chart, range_in_words
from core.charts.images import ImageFormat, encode_chart

TOKENS = compute_histogram(np.arange(100.0), np.arange(100) < 90, np.arange(100) < 4)  # bins of 3
TAIL = np.concatenate([np.arange(1000) % 20, [500.0]])
WITH_TAIL = compute_histogram(TAIL, TAIL >= 0, TAIL >= 0)


def spec_of(histogram=TOKENS, **options) -> dict:
    return make_histogram_chart(histogram, name="Tokens", **options).to_dict()


def texts(spec: dict) -> list[str]:
    return [row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row]


def bars(spec: dict) -> list[dict]:
    return next(rows for rows in spec["datasets"].values() if "chosen" in rows[0])


def test_bars_of_whole_numbers_are_centred_on_them():
    first, second, *_ = bars(spec_of())
    assert (first["start"], first["end"], first["range"], first["rows"], first["chosen"]) == (-0.5, 2.5, "0–2", 3, 3)
    assert (second["start"], second["range"], second["rows"], second["chosen"], second["i"]) == (2.5, "3–5", 3, 1, 1)
    assert first["share"] == 3 / 90


def test_a_click_selects_the_bin():
    assert [(p["name"], p["select"]["fields"]) for p in spec_of()["params"]] == [("picked", ["i"])]


def test_limit_inside_is_a_line_after_the_last_token_that_is_read():
    spec = spec_of(limit=64)
    assert texts(spec) == ["median 44.5", "cut after 64"]
    values = [row["value"] for rows in spec["datasets"].values() for row in rows if row.get("text") == "cut after 64"]
    assert values == [64.5]


def test_limit_beyond_all_texts_is_pointed_at():
    assert texts(spec_of(limit=128)) == ["median 44.5", "cut after 128 →"]


def test_without_a_limit_only_the_median_is_marked():
    assert texts(spec_of()) == ["median 44.5"]


def test_open_bin_says_so_on_axis_and_in_tooltip():
    spec = spec_of(WITH_TAIL)
    assert bars(spec)[-1]["range"] == "20 and more"
    axis = spec["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"][-1] == 20
    assert '"≥20"' in axis["labelExpr"]


def test_ticks_are_round_and_whole():
    for values in ([9, 9], [0, 1], [4, 87], [12, 2993]):
        measured = np.array(values, dtype=float)
        spec = spec_of(compute_histogram(measured, measured >= 0, measured >= 0))
        ticks = spec["layer"][0]["encoding"]["x"]["axis"]["values"]
        assert 1 <= len(ticks) <= 12
        assert all(tick == int(tick) for tick in ticks)


@pytest.mark.parametrize("histogram", [TOKENS, WITH_TAIL])
def test_can_be_saved(histogram):
    chart = make_histogram_chart(histogram, name="Tokens", limit=60, title="Tokens per text", subtitle="run x")
    assert encode_chart(chart, ImageFormat.SVG).startswith(b"<svg")


def test_ranges_in_words():
    assert [range_in_words(5, 5), range_in_words(1000, 1999), range_in_words(60, None)] == [
        "5",
        "1,000–1,999",
        "60 and more",
    ]
