"""The dashboard in a real Chromium: what only a browser can show."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import BACKGROUND, INK, PATIENCE_MS, opened, serve, wait_for_charts
from tests.fake_runs import write_fake_run

pytestmark = pytest.mark.browser


def test_link_to_a_page_works_on_a_server_that_nobody_has_visited(browser: Browser, tmp_path: Path) -> None:
    """Streamlit's older kind of pages must not get in the way."""
    write_fake_run(tmp_path, "second", classes=["neg", "pos"], corpus_name="Second Corpus")
    with serve(tmp_path) as fresh, opened(browser, f"{fresh}/models?run=second&cells=by+truth") as watched:
        wait_for_charts(watched, 9)
        expect(watched.page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
        expect(watched.page.get_by_test_id("stSidebar")).to_contain_text("Second Corpus")
        assert any(text.endswith("%") for text in watched.texts_of_chart(0))
        assert "run=second" in watched.page.url
        assert (watched.console_errors, watched.foreign_requests) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_in_both_themes(browser: Browser, address: str, theme: str) -> None:
    with opened(browser, address, theme=theme) as watched:
        page = watched.page
        wait_for_charts(watched, 1)
        expect(page.get_by_role("heading", name="Overview", exact=True)).to_be_visible()
        expect(page.get_by_test_id("stMetricValue")).to_have_count(4)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[theme])
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="Models").click()
        expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
        wait_for_charts(watched, 9)
        zero = page.get_by_test_id("stVegaLiteChart").first.locator("svg text", has_text=re.compile("^0$")).first
        expect(zero).to_have_css("fill", INK[theme])
        assert (watched.console_errors, watched.foreign_requests) == ([], [])


def test_numbers_follow_a_change_of_theme(browser: Browser, address: str) -> None:
    """The server does not hear of a change of theme, so the ink of the numbers must not depend on it."""
    with opened(browser, f"{address}/models?run=first") as watched:
        wait_for_charts(watched, 9)
        watched.page.emulate_media(color_scheme="dark")
        expect(watched.page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND["dark"])
        chart = watched.page.get_by_test_id("stVegaLiteChart").first
        expect(chart.locator("svg text", has_text=re.compile("^0$")).first).to_have_css("fill", INK["dark"])


def test_normalise_control_changes_the_matrix_and_the_link(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        wait_for_charts(watched, 9)
        counts = watched.texts_of_chart(0)
        assert {"sadness", "True class"} <= set(counts)
        assert not any(text.endswith("%") for text in counts)
        watched.page.get_by_role("radio", name="by truth").click()
        first = watched.page.get_by_test_id("stVegaLiteChart").first
        expect(first.locator("svg text", has_text="%").first).to_be_visible()
        expect(watched.page).to_have_url(re.compile("cells=by(%20|\\+)truth"))
        assert watched.console_errors == []


def test_switching_the_run_changes_page_and_link(browser: Browser, address: str) -> None:
    with opened(browser, address) as watched:
        page = watched.page
        wait_for_charts(watched, 1)
        expect(page).to_have_url(re.compile("run=first"))
        page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input").click()
        page.get_by_role("option", name="second").click()
        expect(page.get_by_test_id("stSidebar")).to_contain_text("Second Corpus")
        expect(page).to_have_url(re.compile("run=second"))
        assert watched.console_errors == []


def test_saved_picture_is_a_png(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        wait_for_charts(watched, 9)
        with watched.page.expect_download(timeout=PATIENCE_MS) as download:
            saved = watched.page.locator(".st-key-save_first_confusion_test_logreg_counts_png")
            saved.get_by_test_id("stDownloadButton").get_by_role("button").click()
        assert download.value.suggested_filename == "first_confusion_test_logreg_counts.png"
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
