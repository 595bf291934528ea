"""One filter for all pages, as somebody uses it: links, chips, undo, back, other pages, another run."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, click_chip, open_page, opened

pytestmark = pytest.mark.browser


def test_link_copied_into_a_fresh_browser_restores_run_page_and_filter(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first") as watched:
        page = watched.page
        page.get_by_role("radio", name="validation").click()
        page.get_by_test_id("stPopover").get_by_role("button", name="Filter").click()
        page.get_by_label("Text contains").fill("about joy")
        page.get_by_label("Text contains").press("Enter")
        expect(chips(page)).to_contain_text("text has “about joy”")
        expect(page).to_have_url(re.compile("q=about"))
        link, shown = page.url, chips(page).inner_text()
        assert watched.behaved()
    with opened(browser, link) as copied:
        expect(copied.page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(copied.page.get_by_role("radio", name="validation")).to_be_checked()
        expect(chips(copied.page)).to_have_text(re.compile("text has “about joy”"))
        assert chips(copied.page).inner_text() == shown
        assert copied.behaved()


def test_filter_goes_along_to_other_pages_and_back(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first&true=joy&outcome=wrong") as watched:
        page = watched.page
        expect(chips(page)).to_contain_text("true class: joy")
        shown = chips(page).inner_text()
        open_page(page, "Data")
        expect(chips(page)).to_contain_text("true class: joy")
        assert chips(page).inner_text() == shown
        expect(page).to_have_url(re.compile(r"/data\?.*true=joy"))
        open_page(page, "How it works")
        open_page(page, "Errors")
        expect(chips(page)).to_contain_text("wrong")
        assert chips(page).inner_text() == shown
        assert watched.behaved()


def test_chips_undo_and_the_back_button(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first&true=joy&outcome=wrong") as watched:
        page = watched.page
        expect(chips(page)).to_contain_text("true class: joy")
        click_chip(page, "true class: joy")
        expect(chips(page)).not_to_contain_text("true class: joy")
        expect(page).not_to_have_url(re.compile("true=joy"))
        page.get_by_role("button", name="Undo").click()
        expect(chips(page)).to_contain_text("true class: joy")
        click_chip(page, "wrong")
        expect(chips(page)).not_to_contain_text("wrong")
        page.go_back()
        expect(chips(page)).to_contain_text("wrong")
        expect(chips(page)).to_contain_text("true class: joy")
        assert watched.behaved()


def test_another_run_keeps_what_fits(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first&true=joy&n_words=1..9") as watched:
        page = watched.page
        expect(chips(page)).to_contain_text("true class: joy")
        page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input").click()
        page.get_by_role("option", name="second").click()
        expect(page.get_by_test_id("stAlert").first).to_contain_text("This run has no class “joy”")
        expect(chips(page)).to_contain_text("words 1 to 9")
        expect(page).to_have_url(re.compile("run=second"))
        assert watched.behaved()


def test_look_here_first_opens_just_those_rows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/?run=second") as watched:
        page = watched.page
        pointer = page.locator(".st-key-pointer_BROKEN")
        n_rows = re.search(r"(\d+) of \d+ rows", pointer.inner_text())
        assert n_rows is not None
        pointer.get_by_role("button", name="Look").click()
        expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(chips(page)).to_contain_text("broken by fine-tuning")
        expect(chips(page)).to_contain_text(f"{n_rows[1]} of 240 rows")
        expect(page).to_have_url(re.compile(r"/errors\?(?=.*run=second)(?=.*outcome=broken)"))
        assert watched.behaved()


def test_narrow_window_is_usable(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first&true=joy", width=480) as watched:
        page = watched.page
        expect(chips(page)).to_contain_text("true class: joy")
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
        click_chip(page, "true class: joy")
        expect(chips(page)).not_to_contain_text("true class: joy")
