"""One row in full."""

import html

import pytest

from core.ui.one_row import text_html, visible


def test_text_is_shown_as_it_is():
    assert "&lt;b&gt;x&lt;/b&gt;\n  *y*</div>" in text_html("<b>x</b>\n  *y*")


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2069"])
def test_signs_that_control_what_is_shown_are_seen_instead(sign):
    shown = html.unescape(text_html(f"a{sign}b"))
    assert sign not in shown
    assert ">ab<" not in shown


def test_letters_of_any_script_tabs_and_line_ends_stay():
    text = "über مرحبا 你好 😀\u200d\tx\r\ny"
    assert visible(text) == text
