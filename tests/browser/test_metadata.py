"""Further columns of a corpus in a real Chromium: blank values, names that look like markup, sliders."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import chips, click_chip, opened, serve
from tests.browser.test_data import click, marks
from tests.fake_runs import write_fake_run

pytestmark = pytest.mark.browser

N_ROWS = 240
HOSTILE = "![x](http://evil.invalid/a.png) <img src=http://evil.invalid/b.png>"
PAGES = ["", "data", "embedding_map", "models", "errors"]


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    artifacts_dir = tmp_path_factory.mktemp("artifacts")
    metadata = {"shop": ["north", "", None, "south"] * 60}
    write_fake_run(artifacts_dir, "shops", metadata=metadata)
    hostile = {HOSTILE: ["a", HOSTILE] * 120, f"{HOSTILE} 2": [i / 7 for i in range(N_ROWS)]}
    write_fake_run(artifacts_dir, "hostile", metadata=hostile)
    users = {"user": [f"user {i:05}" for i in range(N_ROWS)]}
    write_fake_run(artifacts_dir, "users", metadata=users)
    with serve(artifacts_dir) as url:
        yield url


def test_click_on_the_blank_bar_chooses_the_rows_without_a_value(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/data?run=shops&split=all") as watched:
        page = watched.page
        bar = marks(page, "values_meta_shop").nth(2)
        expect(bar).to_have_attribute("aria-label", re.compile(r"value: \(blank\)"))
        click(bar)
        expect(chips(page)).to_contain_text("120 of 240 rows")
        expect(chips(page)).to_contain_text("shop: (blank)")
        expect(page).to_have_url(re.compile("meta_shop=(&|$)"))
        page.reload()
        expect(chips(page)).to_contain_text("120 of 240 rows")
        click_chip(page, "shop: (blank)")
        expect(chips(page)).to_contain_text("240 of 240 rows")
        assert watched.behaved()


@pytest.mark.parametrize("name", PAGES)
def test_name_of_a_column_fetches_nothing(browser: Browser, address: str, name: str) -> None:
    with opened(browser, f"{address}/{name}?run=hostile&split=all") as watched:
        page = watched.page
        expect(chips(page)).to_contain_text("240 of 240 rows")
        page.get_by_test_id("stPopover").get_by_role("button", name="Filter").click()
        label = page.get_by_test_id("stPopoverBody").get_by_text(HOSTILE, exact=True)
        expect(label.first).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        assert page.locator("img[src*=evil]").count() == 0
        assert watched.behaved()


def test_value_that_is_not_offered_can_be_typed(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=users&split=all") as watched:
        page = watched.page
        page.get_by_test_id("stPopover").get_by_role("button", name="Filter").click()
        box = page.locator(".st-key-filter_values_meta_user input")
        box.fill("user 00239")
        box.press("Enter")
        expect(chips(page)).to_contain_text("user: user 00239")
        expect(chips(page)).to_contain_text("1 of 240 rows")
        assert watched.behaved()
