"""From a doubtful row to the place where it can be judged, as somebody clicks it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.served import chips, opened

pytestmark = pytest.mark.browser

ROW_PX = 35


def wait_until_settled(page: Page) -> None:
    """Wait until the page is drawn to its end: what a click meets before belongs to the page before."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def click_line(page: Page, table: int, position: int, *, x: int) -> None:
    """Click into a line of a table; the header is line 0."""
    wait_until_settled(page)
    place = page.get_by_test_id("stDataFrame").nth(table)
    place.scroll_into_view_if_needed()
    place.click(position={"x": x, "y": ROW_PX * position + ROW_PX // 2})


def test_leaked_row_is_one_click_from_its_rows_and_another_from_errors(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data_quality?run=first") as watched:
        page = watched.page
        expect(page.get_by_test_id("stDataFrame")).to_have_count(4)
        click_line(page, 0, 4, x=15)
        expect(chips(page)).to_contain_text("2 of 1,200 rows")
        expect(chips(page)).to_contain_text("leaked")
        expect(page).to_have_url(re.compile("tag=leaked"))
        expect(page.get_by_text("id 3, train split")).to_be_visible()
        click_line(page, 3, 2, x=120)
        expect(page.get_by_text("id 1196, test split")).to_be_visible()
        wait_until_settled(page)
        page.get_by_role("link", name="Open both rows in Errors").click()
        expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(page.get_by_text("Exactly the 2 rows of the filter.")).to_be_visible()
        expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text("id 1196, test split")
        assert watched.behaved()


def test_line_of_the_scores_leaves_its_rows_out(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data_quality?run=first") as watched:
        page = watched.page
        expect(page.get_by_test_id("stDataFrame")).to_have_count(4)
        click_line(page, 1, 2, x=60)
        expect(chips(page)).to_contain_text("119 of 1,200 rows")
        expect(chips(page)).to_contain_text("without: leaked")
        click_line(page, 1, 1, x=60)
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        expect(page).not_to_have_url(re.compile("without"))
        assert watched.behaved()
