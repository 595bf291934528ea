"""The Data page, clicked: each click narrows the rows to just what the mark stood for, a second one takes it back."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.served import chips, opened

pytestmark = pytest.mark.browser


def marks(page: Page, chart: str) -> Locator:
    """Return the unseen rectangles of a chart that catch clicks, one for each mark."""
    return page.locator(f'[class*="st-key-chart_{chart}_"] svg').locator("g.mark-rect").first.locator("path")


def click(mark: Locator) -> None:
    expect(mark).to_have_count(1)
    mark.click(force=True)


def n_selected(page: Page) -> int:
    found = re.search(r"([\d,]+) of [\d,]+ row", chips(page).inner_text())
    assert found is not None
    return int(found[1].replace(",", ""))


def fact(mark: Locator, name: str) -> str:
    """Return what the tooltip of a mark says, from its description for screen readers."""
    said = re.search(rf"{name}: ([^;]+)", mark.get_attribute("aria-label") or "")
    assert said is not None
    return said[1]


def test_click_on_a_class_bar_shows_only_its_rows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data?run=first") as watched:
        page = watched.page
        test_bar = marks(page, "class_balance").nth(3 * 1 + 2)  # second class, third split
        expect(test_bar).to_be_attached()
        assert (fact(test_bar, "class"), fact(test_bar, "split")) == ("joy", "test")
        n_joy = int(fact(test_bar, "rows"))
        click(test_bar)
        expect(chips(page)).to_contain_text("true class: joy")
        expect(page).to_have_url(re.compile("true=joy"))
        assert n_selected(page) == n_joy
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(n_joy))
        click(marks(page, "class_balance").nth(3 * 1))
        expect(chips(page)).not_to_contain_text("true class")
        assert n_selected(page) == 120
        assert watched.behaved()


def test_two_classes_can_be_chosen_by_clicks(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data?run=first&true=joy") as watched:
        page = watched.page
        click(marks(page, "class_balance").nth(0))
        expect(chips(page)).to_contain_text("true class: joy or sadness")
        assert watched.behaved()


def test_click_on_a_histogram_bar_selects_as_many_rows_as_it_says(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data?run=first&length=Characters&split=all") as watched:
        page = watched.page
        bars = marks(page, "histogram_n_chars")
        expect(bars.nth(2)).to_be_attached()
        n_rows = {int(fact(bar, "rows")): bar for bar in bars.all()}
        most = max(n_rows)
        length = fact(n_rows[most], "characters")
        n_rows[most].click(force=True)
        expect(chips(page)).to_contain_text(f"characters {length.replace('–', ' to ')}")
        expect(page).to_have_url(re.compile(r"n_chars=\d+\.\.\d+"))
        assert n_selected(page) == most
        expect(page.get_by_text(f"{most:,} of them in the chosen range")).to_be_visible()
        chosen = marks(page, "histogram_n_chars").and_(page.locator(f'[aria-label*="characters: {length};"]'))
        click(chosen)
        expect(chips(page)).not_to_contain_text("characters")
        assert watched.behaved()


def test_click_on_a_word_searches_for_it(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data?run=first") as watched:
        page = watched.page
        line = marks(page, "words_3").first
        expect(line).to_be_attached()
        assert fact(line, "word") == "anger"
        n_anger = int(fact(line, "times in this class"))
        click(line)
        expect(chips(page)).to_contain_text("text has “anger”")
        expect(page).to_have_url(re.compile("q=anger"))
        assert n_selected(page) == n_anger  # every such text has the word once
        expect(marks(page, "words_3").first).to_be_attached()  # the words stay to be compared
        assert watched.behaved()
