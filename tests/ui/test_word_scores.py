"""Texts with shaded words, as HTML."""

import re

import numpy as np
import pytest

from core.analysis.word_scores import WordScores
from core.charts.palette import with_opacity
from core.ui.word_scores import AGAINST_COLOUR, TOWARDS_COLOUR, strongest_html, words_html

HOSTILE = "<img src=x onerror=alert(1)> **bold** \u202e$x$ [a](javascript:alert(1)) \x07"


def scored(*words: tuple[int, int, float]) -> WordScores:
    start, end, scores = (np.array(column) for column in zip(*words, strict=True))
    return WordScores(target=0, start=start, end=end, scores=scores, delta=0.0)


def test_words_are_shaded_by_sign_and_size_and_the_rest_is_pale():
    html = words_html("so glad  today, they", scored((0, 2, 0.1), (3, 7, -0.4)), 0.4, label="words")
    assert re.findall(r'title="(\S+) points" style="background:([^;]+);[^>]*>(\w+)<', html) == [
        ("+10.0", with_opacity(TOWARDS_COLOUR, 0.163), "so"),
        ("−40.0", with_opacity(AGAINST_COLOUR, 0.65), "glad"),
    ]
    assert '<span title="not read by the model" style="opacity:.45">  today, they</span>' in html
    assert re.sub("<[^>]+>", "", html) == "so glad  today, they"


def test_scores_of_nothing_are_not_shaded():
    html = words_html("so", scored((0, 2, 0.0)), 0.0, label="words")
    assert with_opacity(AGAINST_COLOUR, 0) in html
    assert strongest_html("so", scored((0, 2, 0.0))) == ""


def test_hostile_text_is_shown_as_itself():
    found = scored((0, 28, 0.2), (38, 42, -0.1), (43, len(HOSTILE), 0.1))
    for html in (words_html(HOSTILE, found, 0.2, label='"><script>'), strongest_html(HOSTILE, found)):
        assert not re.search(r"<(img|script)|[\x00-\x08\u202e]", html)
        assert "&lt;img src=x" in html


def test_strongest_words_are_named_with_their_points():
    found = scored((0, 1, 0.01), (2, 3, -0.3), (4, 5, 0.2), (6, 7, 0.05), (8, 9, 0.02))
    named = re.sub("<[^>]+>", "", strongest_html("a b c d e", found))
    assert named == "b −30.0 · c +20.0 · d +5.0 · e +2.0"


@pytest.mark.parametrize(
    ("end", "pale"), [("\ufe0f", False), ("\u200b", False), ("\u0301\x07 ", False), (" \ufe0f!", True)]
)
def test_invisible_characters_at_the_end_are_not_taken_for_text_that_was_cut(end, pale):
    html = words_html(f"glad{end}", scored((0, 4, 0.1)), 0.1, label="words")
    assert ("not read by the model" in html) is pale
