import pytest
from markdown_it import MarkdownIt

from core.ui.formatting import count, duration, moment, percent, plain, settings_line, size


def test_percent_of_nothing_is_a_dash():
    assert percent(None) == "–"
    assert percent(0.5) == "50.0%"


def test_count_agrees_with_its_noun():
    assert [count(1, "row"), count(2400, "row"), count(0, "class", "classes")] == ["1 row", "2,400 rows", "0 classes"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "< 0.1 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (134, "2 min 14 s"),
        (3599.7, "1 h 00 min"),
        (3900, "1 h 05 min"),
    ],
)
def test_duration(seconds, shown):
    assert duration(seconds) == shown


def test_moment_is_utc_and_leaves_alone_what_is_no_time():
    assert moment("2026-11-24T22:05:09+01:00") == "2026-11-24 21:05 UTC"
    assert moment("yesterday") == "yesterday"


def test_settings_line_reads_like_words_and_leaves_out_what_is_not_set():
    settings = {"batch_size": 16, "learning_rate": 0.0002, "revision": None, "fp16": False, "classes": [], "limit": 0}
    assert settings_line(settings) == "batch size 16 · learning rate 0.0002 · fp16 no · limit 0"


def test_settings_line_shortens_digests():
    assert settings_line({"weights_sha256": "0123456789ab" + "c" * 52}) == "weights sha256 0123456789ab…"
    assert settings_line({"name": "c" * 63}) == f"name {'c' * 63}"


def test_settings_line_shows_nested_values_as_json():
    assert settings_line({"classes": ["joy", "фу"], "rows": 20000}) == 'classes ["joy", "фу"] · rows 20,000'


@pytest.mark.parametrize(
    ("n_bytes", "shown"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (4.2e6, "4.2 MB")]
)
def test_size(n_bytes, shown):
    assert size(int(n_bytes)).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    "name",
    ["**bold** _x_", "<b>x</b> &amp;", "[a](http://x)", "# title", "`code` $x$ ~no~", ":red[hi]", "1. a", "a | b"],
)
def test_plain_survives_markdown_unchanged(name):
    rendered = MarkdownIt("gfm-like", {"linkify": False}).parse(plain(name))
    assert "".join(token.content for token in rendered[1].children) == name
    assert {token.type for token in rendered[1].children} <= {"text", "text_special"}


def test_plain_breaks_shortcodes_that_streamlit_replaces_after_escapes():
    assert ":smile:" not in plain(":smile:").replace("\\", "")
    assert plain("a\n\n  b") == "a b"
