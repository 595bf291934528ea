"""From a weak slice to its rows, as somebody clicks it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, opened, wait_for_charts

pytestmark = pytest.mark.browser

ROW_PX = 35


def test_line_and_dot_of_a_slice_choose_its_rows_which_errors_shows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/slices?run=first") as watched:
        page = watched.page
        wait_for_charts(watched, 1)
        names = [text for text in watched.texts_of_chart(0) if re.match("true class|cluster", text)]
        assert len(names) == 8
        settled = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        expect(settled).to_be_visible()
        page.get_by_test_id("stDataFrame").first.click(position={"x": 120, "y": ROW_PX + ROW_PX // 2})
        expect(page.get_by_role("heading", name=f"Rows: {names[0]}", exact=True)).to_be_visible()
        expect(chips(page)).not_to_contain_text("120 of 1,200 rows")
        expect(page).to_have_url(re.compile("(true|cluster)="))
        wait_for_charts(watched, 1)
        expect(settled).to_be_visible()
        chart = page.get_by_test_id("stVegaLiteChart").first
        label = chart.locator("svg text").filter(has_text=re.compile(f"^{re.escape(names[3])}$"))
        box = label.bounding_box()
        page.mouse.click(box["x"] + box["width"] + 200, box["y"] + box["height"] / 2)
        expect(page.get_by_role("heading", name=f"Rows: {names[3]}", exact=True)).to_be_visible()
        expect(settled).to_be_visible()
        page.get_by_role("link", name="Read them on the Errors page").click()
        expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(page).to_have_url(re.compile("(true|cluster)="))
        assert watched.behaved()
