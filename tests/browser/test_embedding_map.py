"""The embedding map in a real Chromium: rectangles, clicks, tooltips."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.artifacts.schema import PROJECTION
from tests.browser.served import BACKGROUND, Watched, chips, click_chip, opened
from tests.fake_runs import write_fake_run

pytestmark = pytest.mark.browser

N_ROWS = 1200
TEST = slice(1080, None)
MARGIN = 0.03
PADDING = 2


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Where the rows of the run first lie: the same seed gives the same run."""
    root = write_fake_run(tmp_path_factory.mktemp("twin"), "first", n_rows=N_ROWS)
    return pd.read_parquet(Path(root) / PROJECTION.path)


def canvas(page: Page) -> Locator:
    return page.get_by_test_id("stVegaLiteChart").locator("canvas.marks")


def wait_for_map(watched: Watched) -> None:
    expect(canvas(watched.page)).to_be_visible()
    expect(watched.page.get_by_test_id("stStatusWidget")).to_have_count(0)
    watched.page.wait_for_timeout(300)


def drag(page: Page, *, left: float, right: float, top: float, bottom: float) -> None:
    """Drag a rectangle; the ends are shares of the map's width and height."""
    box = canvas(page).bounding_box()
    assert box is not None
    start = (box["x"] + left * box["width"], box["y"] + top * box["height"])
    end = (box["x"] + right * box["width"], box["y"] + bottom * box["height"])
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.wait_for_timeout(400)  # a pause in the middle must not end the drag
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def pixel_of(page: Page, places: pd.DataFrame, row: int) -> tuple[float, float]:
    """Return where a row is drawn on the UMAP."""
    box = canvas(page).bounding_box()
    assert box is not None
    share = {}
    for axis in "xy":
        values = places[f"umap_{axis}"]
        low, high = values.min(), values.max()
        share[axis] = (values[row] - low + MARGIN * (high - low)) / ((1 + 2 * MARGIN) * (high - low))
    width, height = box["width"] - 2 * PADDING, 620
    return float(box["x"] + PADDING + share["x"] * width), float(box["y"] + PADDING + (1 - share["y"]) * height)


def loneliest_row(places: pd.DataFrame) -> int:
    """Return the row of the test split whose nearest neighbour there is farthest away."""
    xy = places.loc[TEST, ["umap_x", "umap_y"]].to_numpy()
    distances = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return int(places.index[TEST][distances.min(axis=1).argmax()])


def n_inside(url: str, places: pd.DataFrame) -> int:
    """Return the rows of the test split in the rectangle that an address names."""
    (box,) = parse_qs(urlsplit(url).query)["box"]
    x_low, x_high, y_low, y_high = map(float, box.removeprefix("umap:").split(","))
    shown = places.loc[TEST]
    return int((shown["umap_x"].between(x_low, x_high) & shown["umap_y"].between(y_low, y_high)).sum())


def test_dragged_rectangle_filters_stays_and_can_be_cleared(
    browser: Browser, address: str, places: pd.DataFrame
) -> None:
    with opened(browser, f"{address}/embedding_map?run=first") as watched:
        page = watched.page
        wait_for_map(watched)
        drag(page, left=0.35, right=0.65, top=0.3, bottom=0.7)
        expect(page).to_have_url(re.compile("box=umap"))
        expected = n_inside(page.url, places)
        assert 10 < expected < 110
        expect(chips(page)).to_contain_text(f"{expected} of 1,200 rows")
        expect(page.get_by_text(f"of {expected} rows")).to_be_visible()
        expect(page.get_by_text(re.compile(rf"right \(95% interval .*, {expected} rows\)"))).to_be_visible()

        page.locator(".st-key-colour input").click()
        page.get_by_role("option", name="outcome").click()
        expect(page).to_have_url(re.compile("colour=outcome"))
        expect(page.get_by_test_id("stHtml").filter(has_text="correct").first).to_be_visible()
        expect(chips(page)).to_contain_text(f"{expected} of 1,200 rows")

        page.get_by_role("button", name="Clear rectangle").click()
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        assert "box=" not in page.url
        page.get_by_role("button", name="Undo").click()
        expect(chips(page)).to_contain_text(f"{expected} of 1,200 rows")
        click_chip(page, "rectangle on the UMAP map")
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        assert watched.behaved()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_point_is_hovered_and_read_inside_a_rectangle(
    browser: Browser, address: str, places: pd.DataFrame, theme: str
) -> None:
    """Neither the rectangle of the filter nor the theme gets in the way of the points."""
    row = loneliest_row(places)
    url = f"{address}/embedding_map?run=first&box=umap:-9,9,-9,9"
    with opened(browser, url, theme=theme) as watched:
        page = watched.page
        wait_for_map(watched)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[theme])
        page.mouse.move(*pixel_of(page, places, row))
        tooltip = page.locator("#vg-tooltip-element.visible")
        expect(tooltip).to_contain_text(f"text {row} about")
        expect(tooltip).to_contain_text("fine-tuned, confidence")
        page.mouse.down()
        page.mouse.up()
        expect(page.get_by_text("Clicked on the map", exact=True)).to_be_visible()
        expect(page.get_by_text(f"id {row}, test split")).to_be_visible()
        expect(chips(page)).to_contain_text("rectangle on the UMAP map")
        assert watched.behaved()


def test_clicked_point_is_forgotten_when_another_run_is_chosen(
    browser: Browser, address: str, places: pd.DataFrame
) -> None:
    """The run second has 240 rows, fewer than the id of the point."""
    row = loneliest_row(places)
    assert row >= 240
    with opened(browser, f"{address}/embedding_map?run=first") as watched:
        page = watched.page
        wait_for_map(watched)
        map_of_first = page.get_by_label("UMAP map of 120 rows")
        expect(map_of_first).not_to_have_count(0)
        page.mouse.move(*pixel_of(page, places, row))
        expect(page.locator("#vg-tooltip-element.visible")).to_contain_text(f"text {row} about")
        page.mouse.down()
        page.mouse.up()
        expect(page.get_by_text("Clicked on the map", exact=True)).to_be_visible()
        page.locator(".st-key-run input").click()
        page.get_by_role("option", name="second").click()
        expect(chips(page)).to_contain_text("24 of 240 rows")
        expect(map_of_first).to_have_count(0)  # it stays until the run has been drawn
        wait_for_map(watched)
        expect(page.get_by_text("Clicked on the map", exact=True)).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert watched.behaved()


def test_text_is_found_without_touching_the_filter(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/embedding_map?run=first") as watched:
        page = watched.page
        wait_for_map(watched)
        find = page.get_by_role("textbox", name="Find on the map")
        find.fill("TEXT 7 ABOUT")
        find.press("Enter")
        expect(page.get_by_text("1 text found")).to_be_visible()
        expect(page).to_have_url(re.compile("find=TEXT"))
        expect(chips(page)).to_contain_text("120 of 1,200 rows")
        assert watched.behaved()
