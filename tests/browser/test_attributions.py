"""Which words, in a real Chromium: from an error to Try it, words shaded and legible in the dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import INK, opened, serve
from tests.live_runs import write_live_run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, over a run whose models read text."""
    artifacts_dir = tmp_path_factory.mktemp("artifacts")
    write_live_run(artifacts_dir)
    with serve(artifacts_dir) as url:
        yield url


def test_error_is_taken_to_try_it_where_its_words_are_found(browser: Browser, live: str) -> None:
    with opened(browser, f"{live}/errors?run=live", theme="dark") as watched:
        page = watched.page
        text = page.locator(".row-text").inner_text()
        page.get_by_role("button", name="Ask the models now").click()
        expect(page.get_by_role("heading", name="Try it")).to_be_visible()
        expect(page.get_by_label("Your text")).to_have_value(text)
        page.get_by_role("button", name="Find the words behind the answers").click()
        shaded = page.locator(".word-scores")
        expect(shaded).to_have_count(2)
        word = shaded.first.locator("span[title$='points']").first
        expect(word).to_have_css("color", INK["dark"])
        page.get_by_role("combobox", name="Words for or against").click()
        page.get_by_role("option", name="anger").click()
        expect(page.get_by_text("which words speak for anger")).to_have_count(2)
        assert watched.behaved(), (watched.console_errors, watched.foreign_requests)
