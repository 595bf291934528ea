"""Behavioural tests, as somebody reads them: a cell clicked, its texts read, the row behind one of them opened."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, opened, wait_for_charts

pytestmark = pytest.mark.browser


def test_click_on_a_cell_chooses_its_edit_and_class_and_leads_to_the_row(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/behaviour?run=first") as watched:
        page = watched.page
        wait_for_charts(watched, 2)
        edit = page.get_by_role("combobox", name="Edit")
        expect(edit).to_have_value("typo: swapped letters")
        cells = page.get_by_test_id("stVegaLiteChart").nth(1).locator("path[aria-label*='edit: capital letters']")
        labels = cells.evaluate_all("cells => cells.map(cell => cell.ariaLabel)")
        said = next(label for label in labels if "answers changed: 1;" in label)
        cell = cells.nth(labels.index(said))
        cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
        cell.click(force=True)  # its number lies on top of it
        expect(chips(page)).to_contain_text(re.search(r"true class: \w+", said)[0])
        expect(edit).to_have_value("capital letters")
        expect(page.locator("mark").filter(has_text=re.compile("^ABOUT$"))).to_be_visible()
        page.get_by_role("link", name="Row 1081 on the Errors page").click()
        expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text("id 1081, test split")
        assert watched.behaved()
