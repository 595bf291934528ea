"""What clicks on the Models page choose, from a cell to its rows, to the Errors page, and back."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.served import PATIENCE_MS, Watched, chips, opened, wait_for_charts

pytestmark = pytest.mark.browser

CHOSEN = ".st-key-chosen_rows"
LOGREG, FINETUNED, BARS = 0, 1, 2


def chart(page: Page, position: int) -> Locator:
    return page.get_by_test_id("stVegaLiteChart").nth(position)


def cell(page: Page, matrix: int, true: str, predicted: str) -> Locator:
    return chart(page, matrix).locator(f'path[aria-label^="Predicted class: {predicted}; True class: {true};"]')


def n_rows(where: Locator) -> int:
    found = re.search(r"(?:rows|before): ([\d,]+)", where.get_attribute("aria-label") or "")
    assert found is not None
    return int(found[1].replace(",", ""))


def saved_rows(watched: Watched) -> pd.DataFrame:
    """Return all rows of the table under the matrices."""
    with watched.page.expect_download(timeout=PATIENCE_MS) as download:
        watched.page.locator(CHOSEN).get_by_test_id("stDownloadButton").get_by_role("button").click()
    return pd.read_csv(Path(download.value.path()), encoding="utf-8-sig")


def test_cell_of_the_baseline_shows_just_its_rows_here_and_on_the_errors_page(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        page = watched.page
        wait_for_charts(watched, 9)
        count = n_rows(cell(page, LOGREG, "joy", "love"))
        assert count > 1
        cell(page, LOGREG, "joy", "love").click()
        expect(chips(page)).to_contain_text(f"{count} of 1,200 rows")
        expect(chips(page)).to_contain_text("true class: joy")
        expect(chips(page)).to_contain_text("predicted: love")
        expect(page.get_by_role("combobox", name="Answers of")).to_have_value("Logistic regression")
        expect(page.locator(CHOSEN)).to_contain_text(f"{count} rows: true class: joy · predicted: love")
        rows = saved_rows(watched)
        assert (len(rows), set(rows["label"]), set(rows["logreg_prediction"])) == (count, {"joy"}, {"love"})
        page.locator(CHOSEN).get_by_role("link", name="Open in Errors").click()
        expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
        expect(chips(page)).to_contain_text(f"{count} of 1,200 rows")
        expect(chips(page)).to_contain_text("predicted: love")
        link = page.url
        assert watched.behaved()
    with opened(browser, link) as copied:
        expect(chips(copied.page)).to_contain_text(f"{count} of 1,200 rows")
        expect(copied.page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()


def test_sums_choose_a_row_or_a_column_and_undo_returns(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        page = watched.page
        wait_for_charts(watched, 9)
        of_joy, as_love = cell(page, LOGREG, "joy", " all"), cell(page, FINETUNED, " all", "love")
        n_joy, n_love = n_rows(of_joy), n_rows(as_love)
        of_joy.click()
        expect(chips(page)).to_contain_text(f"{n_joy} of 1,200 rows")
        expect(chips(page)).not_to_contain_text("predicted")
        as_love.click()
        expect(chips(page)).to_contain_text(f"{n_love} of 1,200 rows")
        expect(chips(page)).not_to_contain_text("true class")
        page.get_by_role("button", name="Undo").click()
        expect(chips(page)).to_contain_text(f"{n_joy} of 1,200 rows")
        page.get_by_role("button", name="Undo").click()
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        expect(page.locator(CHOSEN)).to_have_count(0)
        assert watched.behaved()


def test_second_click_on_a_cell_takes_the_choice_back(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        page = watched.page
        wait_for_charts(watched, 9)
        cell(page, FINETUNED, "fear", "fear").click()
        expect(page.locator(CHOSEN)).to_be_visible()
        expect(chart(page, FINETUNED).locator(".layer_2_marks path")).to_have_count(1)
        cell(page, FINETUNED, "fear", "fear").click()
        expect(page.locator(CHOSEN)).to_have_count(0)
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        assert watched.behaved()


def test_click_beside_the_end_of_a_bar_chooses_its_class(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first&score=recall") as watched:
        page = watched.page
        wait_for_charts(watched, 9)
        chart(page, BARS).scroll_into_view_if_needed()
        band = chart(page, BARS).locator('path[aria-label*="class: fear;"]').first
        box = band.bounding_box()
        assert box is not None
        band.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
        expect(chips(page)).to_contain_text("true class: fear")
        expect(page.locator(CHOSEN)).to_contain_text("true class: fear")
        assert watched.behaved()


def test_cell_of_the_difference_shows_what_fine_tuning_left(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first&matrix=difference&model=logreg") as watched:
        page = watched.page
        wait_for_charts(watched, 8)
        where = cell(page, 0, "joy", "love")
        after = re.search(r"after: ([\d,]+)", where.get_attribute("aria-label") or "")
        assert after is not None
        where.click()
        expect(chips(page)).to_contain_text(f"{after[1]} of 1,200 rows")
        expect(page.get_by_role("combobox", name="Answers of")).to_have_value("Fine-tuned")
        rows = saved_rows(watched)
        assert (set(rows["label"]), set(rows["finetuned_prediction"])) == ({"joy"}, {"love"})
        assert watched.behaved()


def test_line_of_the_pairs_chooses_its_rows(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first&matrix=difference") as watched:
        page = watched.page
        wait_for_charts(watched, 8)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        page.wait_for_timeout(500)  # the grid takes clicks a moment after it is drawn
        page.get_by_test_id("stDataFrame").first.click(position={"x": 18, "y": 35 + 17})
        expect(page.locator(CHOSEN)).to_contain_text("predicted")
        rows = saved_rows(watched)
        assert rows[["label", "finetuned_prediction"]].drop_duplicates().shape == (1, 2)
        assert set(rows["label"]) != set(rows["finetuned_prediction"])
        assert watched.behaved()


def test_charts_that_were_not_clicked_are_not_drawn_anew(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        page = watched.page
        wait_for_charts(watched, 9)
        for position in (LOGREG, FINETUNED, BARS):
            chart(page, position).evaluate("(element) => { element.dataset.seen = 'yes'; }")
        cell(page, LOGREG, "joy", "love").click()
        expect(page.locator(CHOSEN)).to_contain_text("true class: joy · predicted: love")
        for position in (FINETUNED, BARS):
            expect(chart(page, position)).to_have_attribute("data-seen", "yes")
        expect(chart(page, LOGREG)).not_to_have_attribute("data-seen", "yes")
        assert watched.behaved()
