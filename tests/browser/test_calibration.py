"""The confidence of a model, clicked: a bin and its rows, the slider, both sides, and a warning on the corpus."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, opened

pytestmark = pytest.mark.browser


def test_click_on_a_bin_chooses_its_rows_and_the_slider_moves_rows_to_the_other_side(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}/models?run=first&model=logreg") as watched:
        page = watched.page
        bins = page.locator('[class*="st-key-chart_reliability_logreg_"] svg').locator("g.mark-rect").first
        bins.locator("path").first.click(force=True)
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        expect(chips(page)).to_contain_text("confidence 80% to 86.67%")
        expect(page.get_by_role("link", name="Read these 120 rows")).to_have_count(2)  # of the bin, and above 80%
        bins.locator("path").first.click(force=True)
        expect(chips(page)).not_to_contain_text("confidence")
        slider = page.get_by_role("slider", name=re.compile("answers from this confidence on"))
        kept, left = page.locator(".st-key-handover_kept"), page.locator(".st-key-handover_left")
        expect(kept).to_contain_text("100.0% of all 120")
        slider.press("ArrowRight")
        expect(left).to_contain_text("100.0% of all 120")
        expect(page).to_have_url(re.compile("threshold=81"))
        left.get_by_role("link", name="Read these 120 rows").click()
        expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        expect(chips(page)).to_contain_text("confidence ≤ 81%")
        assert watched.behaved()


def test_button_of_a_warning_shows_its_rows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data?run=first&true=joy") as watched:
        page = watched.page
        button = page.get_by_role("button", name=re.compile(r"Show \d+ rows"))
        n_rows = re.findall(r"\d+", button.inner_text())[0]
        button.click()
        expect(chips(page)).to_contain_text(f"{n_rows} of 1,200 rows")
        expect(chips(page)).to_contain_text("true class: surprise")
        expect(page).to_have_url(re.compile("split=train"))
        assert watched.behaved()
