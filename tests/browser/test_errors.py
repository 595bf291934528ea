"""Reading mistakes one by one, as somebody does it: links, ranking, rows, keys, hostile texts."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.served import chips, open_page, opened, serve, wait_for_charts
from tests.fake_runs import write_fake_run

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1)) :smile: "
LONG = 1100
ROW_PX = 35


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 1,200 rows, of which the last 120 are the test split and have hostile texts, one of them long."""
    texts = {i: f"{HOSTILE}{i}" for i in range(1080, 1200)} | {LONG: f"{HOSTILE}{'x' * 10_000}"}
    return write_fake_run(tmp_path_factory.mktemp("hostile"), "first", n_rows=1200, texts=texts)


@pytest.fixture(scope="module")
def address(browser: Browser, run_dir: Path) -> Iterator[str]:
    with serve(run_dir.parent) as url:
        yield url


def ranked(run_dir: Path, *, model: str, true: int | None = None, predicted: int | None = None) -> list[int]:
    """Return the mistakes on the test split, highest loss first, read without the code under test."""
    rows = pd.read_parquet(run_dir / "examples.parquet")
    answers = pd.read_parquet(run_dir / f"predictions/{model}.parquet")
    label = rows["label"].to_numpy()
    loss = -np.log(answers.filter(like="prob_").to_numpy()[np.arange(len(rows)), label])
    kept = (rows["split"] == "test") & (answers["pred"] != label)
    kept &= (true is None or label == true) & (predicted is None or answers["pred"] == predicted)
    ids = np.flatnonzero(kept)
    return [int(i) for i in ids[np.argsort(-loss[ids], kind="stable")]]


def expect_open(page: Page, row_id: int, position: int, of: int) -> None:
    expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text(f"id {row_id}, test split")
    expect(page.get_by_text(f"{position} of {of}", exact=True)).to_be_visible()


def click_row(page: Page, position: int, *, x: int) -> None:
    """Click into a row of the table; the header is row 0."""
    table = page.get_by_test_id("stDataFrame").filter(visible=True).first  # that of the tags is folded up
    table.scroll_into_view_if_needed()
    table.click(position={"x": x, "y": ROW_PX * position + ROW_PX // 2})


def test_link_with_a_cell_of_the_matrix_opens_exactly_its_rows(browser: Browser, address: str, run_dir: Path) -> None:
    rows = ranked(run_dir, model="logreg", true=1, predicted=2)
    with opened(browser, f"{address}/errors?run=first&model=logreg&true=joy&predicted=love") as watched:
        page = watched.page
        wait_for_charts(watched, 3)
        expect(page.get_by_text(f"Exactly the {len(rows)} rows of the filter.")).to_be_visible()
        expect_open(page, rows[0], 1, len(rows))
        assert watched.behaved()


def test_rows_are_walked_by_click_and_key_and_the_link_opens_the_same_one(
    browser: Browser, address: str, run_dir: Path
) -> None:
    rows = ranked(run_dir, model="logreg")
    n = len(rows)
    with opened(browser, f"{address}/errors?run=first&model=logreg") as watched:
        page = watched.page
        wait_for_charts(watched, 3)
        expect_open(page, rows[0], 1, n)
        click_row(page, 4, x=200)
        expect_open(page, rows[3], 4, n)
        page.keyboard.press("ArrowRight")
        expect_open(page, rows[4], 5, n)
        click_row(page, 2, x=15)
        expect_open(page, rows[1], 2, n)
        page.keyboard.press("ArrowLeft")
        expect_open(page, rows[0], 1, n)
        page.get_by_role("spinbutton", name="Page of").fill("2")
        page.get_by_role("spinbutton", name="Page of").press("Enter")
        expect_open(page, rows[20], 21, n)
        page.keyboard.press("ArrowLeft")
        expect_open(page, rows[20], 21, n)  # the key belongs to the field that is typed in
        page.get_by_role("button", name="Previous").click()
        expect_open(page, rows[19], 20, n)
        expect(page).to_have_url(re.compile(f"row={rows[19]}(&|$)"))
        link, filtered = page.url, chips(page).inner_text()
        assert watched.behaved()
    with opened(browser, link) as copied:
        expect(copied.page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect_open(copied.page, rows[19], 20, n)
        assert chips(copied.page).inner_text() == filtered
        assert copied.behaved()


def test_open_row_and_ranking_survive_a_visit_to_another_page(browser: Browser, address: str, run_dir: Path) -> None:
    rows = ranked(run_dir, model="finetuned")
    with opened(browser, f"{address}/errors?run=first&rank=confidence&row={rows[2]}") as watched:
        page = watched.page
        expect(page.get_by_role("radio", name="confidence")).to_be_checked()
        expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text(f"id {rows[2]}, test split")
        open_page(page, "Models")
        expect(page).not_to_have_url(re.compile("row="))
        open_page(page, "Errors")
        expect(page).to_have_url(re.compile(f"row={rows[2]}(&|$)"))
        expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text(f"id {rows[2]}, test split")
        assert watched.behaved()


def test_right_rows_are_shown_too_when_asked_for(browser: Browser, address: str) -> None:
    """The button stands in a part of the page that runs alone, the filter is all of the page's."""
    with opened(browser, f"{address}/errors?run=first") as watched:
        page = watched.page
        page.get_by_role("button", name="right ones too").click()
        expect(page.get_by_text("Exactly the 120 rows of the filter.")).to_be_visible()
        expect(chips(page)).to_contain_text("correct or wrong")
        expect(page).to_have_url(re.compile("outcome=correct&outcome=wrong"))
        assert watched.behaved()


@pytest.mark.parametrize("split", ["test", "all"])
def test_click_on_a_bar_asks_for_its_class_and_outcome(browser: Browser, address: str, split: str) -> None:
    """The bars count one split even if the filter lets all through, and so do the rows that they open."""
    with opened(browser, f"{address}/errors?run=first&order=as+in+the+corpus&split={split}") as watched:
        page = watched.page
        wait_for_charts(watched, 3)
        bar = page.get_by_test_id("stVegaLiteChart").first.locator("path[aria-roledescription=bar]").first
        said = bar.get_attribute("aria-label") or ""
        true = re.search(r"class: (\w+)", said)
        n_rows = re.search(r"[Rr]ows: (\d+)", said)
        assert true is not None, said
        assert n_rows is not None, said
        bar.click()
        expect(chips(page)).to_contain_text(f"true class: {true[1]}")
        expect(chips(page)).to_contain_text("by fine-tuning")
        expect(chips(page)).to_contain_text(f"{n_rows[1]} of 1,200 rows")
        assert watched.behaved()


def test_hostile_text_is_shown_as_it_is_and_wraps(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/errors?run=first&ids={LONG}") as watched:
        page = watched.page
        page.on("dialog", lambda dialog: pytest.fail(f"a text ran: {dialog.message}"))
        text = page.get_by_role("region", name="Text of the row")
        expect(text).to_contain_text(f"{HOSTILE}xxxx")
        assert text.locator("img, a, strong, .katex").count() == 0
        assert len(text.inner_text()) > 10_000
        inside, over = text.evaluate("e => [e.clientWidth, e.scrollWidth]")
        assert over <= inside
        assert text.bounding_box()["height"] < 260
        assert watched.behaved()
