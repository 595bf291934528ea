"""Two models compared: a class and a cell of McNemar's table, clicked."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, opened, wait_for_charts

pytestmark = pytest.mark.browser


def test_cells_and_classes_lead_to_their_rows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first&champion=Most+frequent+class") as watched:
        page = watched.page
        wait_for_charts(watched, 9)
        expect(page.get_by_text(re.compile("Fine-tuned is better than most frequent class by"))).to_be_visible()
        fixed = page.locator(".st-key-flips_fixed").get_by_role("button")
        n_rows = re.findall(r"\d+", fixed.inner_text())[0]
        fixed.click()
        expect(page.get_by_text(f"{n_rows} rows fixed")).to_be_visible()
        dots = page.locator('[class*="st-key-chart_class_differences"] svg').locator("g.mark-rect").first
        dots.locator('path[aria-label*="class: fear"]').first.click(force=True)
        expect(chips(page)).to_contain_text("true class: fear")
        expect(page.get_by_text(f"{n_rows} rows fixed")).to_be_visible()
        page.get_by_role("link", name="Read them in Errors").click()
        expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(chips(page)).to_contain_text(f"{n_rows} of 1,200 rows")
        assert watched.behaved()
