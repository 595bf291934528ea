"""Nearest training texts and clusters in a real Chromium: one click to the rows."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, opened

pytestmark = pytest.mark.browser


def test_a_neighbour_opens_its_row_and_undo_comes_back(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first&ids=1199&outcome=correct&outcome=wrong") as watched:
        page = watched.page
        # of 960 training rows the first neighbour of row 1199 is 1200 mod 960
        page.locator(".st-key-nearest_240").get_by_role("button").click()
        expect(page.get_by_text("id 240, train split")).to_be_visible()
        expect(page).to_have_url(re.compile(r"ids=240"))
        expect(page).to_have_url(re.compile(r"split=all"))
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("id 1199, test split")).to_be_visible()
        assert watched.behaved()


def test_a_line_of_the_clusters_chooses_its_rows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/embedding_map?run=first") as watched:
        page = watched.page
        table = page.get_by_test_id("stDataFrame").first
        table.scroll_into_view_if_needed()
        # the table is a canvas, beside which its cells stand for screen readers; the second line is another cluster
        name = table.locator("canvas tr[aria-rowindex='3'] td").filter(has_text="cluster").text_content()
        number = re.match(r"cluster (\d+)", name or "").group(1)
        table.click(position={"x": 120, "y": 87})
        expect(chips(page)).to_contain_text(re.compile(r"30 of 1,200 rows"))
        expect(page).to_have_url(re.compile(rf"cluster={number}\b"))
        assert watched.behaved()
