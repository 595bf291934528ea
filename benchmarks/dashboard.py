"""How long a visitor waits: server time of each page, the first page of a cold start, a click on a matrix cell.

Run: python -m benchmarks.dashboard
"""

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import AppTest

from benchmarks.table import print_table
from tests.browser.served import chips, serve

ROOT = Path(__file__).parents[1]
PATIENCE_MS = 60_000
_START = "pages/overview.py"
_WAIT_FOR_ROWS = """
() => new Promise(resolve => {
  const look = () => {
    const told = document.querySelector('.st-key-filter_chips')?.innerText ?? '';
    const table = document.querySelector('.st-key-chosen_rows [data-testid=stDataFrame] canvas');
    const busy = document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'notRunning';
    told.includes('predicted:') && table && !busy ? resolve(true) : requestAnimationFrame(look);
  };
  look();
})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardBenchmark:
    """Time the pages of one run."""

    run: str = "emotion-minilm"
    """Which run."""
    artifacts_dir: Path = Path("artifacts")
    """Folder of all runs."""
    repeats: int = 40
    """Page runs timed for each page."""
    starts: int = 3
    """Cold starts timed."""
    clicks: int = 5
    """Clicks timed."""


def main(options: DashboardBenchmark) -> None:
    """Print the three tables."""
    pages = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    rows = []
    for page in pages:
        same, changed = time_page(options, f"pages/{page}.py")
        rows.append([page, *(f"{1000 * value:.0f}" for value in (*_percentiles(same), *_percentiles(changed)))])
    print_table(
        f"Server time of a page run, ms, run {options.run}, {options.repeats} runs each",
        ["page", "again, p50", "again, p95", "new filter, p50", "new filter, p95"],
        rows,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        starts = [time_cold_start(browser, options) for _ in range(options.starts)]
        clicks = time_clicks(browser, options)
        browser.close()
    print_table(
        "In Chromium",
        ["what", "median, s", "worst, s", "n"],
        [
            ["cold `streamlit run` → first page drawn", *_median_and_worst(starts)],
            ["click on a matrix cell → its rows shown", *_median_and_worst(clicks)],
        ],
    )


def time_page(options: DashboardBenchmark, page: str) -> tuple[list[float], list[float]]:
    """Return the seconds of page runs with a filter seen before, and of runs with one never seen, both warm."""
    import os

    os.environ["MISREAD_ARTIFACTS_DIR"] = str(options.artifacts_dir.resolve())
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    at.query_params["run"] = options.run
    at.run()
    if page != _START:
        at.switch_page(page).run()
    at.run()
    same = [_timed(at) for _ in range(options.repeats)]
    if not any(slider.key == "filter_range_n_words" for slider in at.slider):
        return same, same
    changed = []
    for step in range(options.repeats):
        at.slider(key="filter_range_n_words").set_range(3 + step % 10, 40 - step // 10)
        changed.append(_timed(at))
    return same, changed


def time_cold_start(browser: Browser, options: DashboardBenchmark) -> float:
    """Return the seconds from starting the server to the first page with its headline drawn."""
    with tempfile.TemporaryDirectory() as folder:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        started = time.perf_counter()
        with serve(options.artifacts_dir.resolve(), Path(folder) / "server.log") as address:
            page.goto(f"{address}/?run={options.run}")
            page.get_by_test_id("stMetricValue").first.wait_for(timeout=PATIENCE_MS)
            seconds = time.perf_counter() - started
        page.context.close()
    return seconds


def time_clicks(browser: Browser, options: DashboardBenchmark) -> list[float]:
    """Return the seconds from a click on a cell of the first matrix to a table that shows its rows."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(options.artifacts_dir.resolve(), Path(folder) / "server.log") as address,
    ):
        page = browser.new_context(viewport={"width": 1280, "height": 1600}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        return [_click_a_cell(page, f"{address}/models?run={options.run}", n) for n in range(options.clicks)]


def _click_a_cell(page: Page, url: str, n: int) -> float:
    page.goto(url)
    cells = page.get_by_test_id("stVegaLiteChart").first.locator("svg path[aria-label*='predicted as']")
    cells.first.wait_for()
    chips(page).wait_for()
    page.wait_for_timeout(1500)
    cell = [cell for cell in cells.all() if "; rows: 0;" not in (cell.get_attribute("aria-label") or "")][n]
    started = time.perf_counter()
    cell.click()
    page.evaluate(_WAIT_FOR_ROWS)
    return time.perf_counter() - started


def _timed(at: AppTest) -> float:
    started = time.perf_counter()
    at.run()
    seconds = time.perf_counter() - started
    if at.exception:
        raise SystemExit(f"the page failed: {at.exception[0].value}")
    return seconds


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    p50, p95 = np.percentile(seconds, [50, 95])
    return float(p50), float(p95)


def _median_and_worst(seconds: list[float]) -> list[Any]:
    return [f"{np.median(seconds):.2f}", f"{max(seconds):.2f}", str(len(seconds))]


if __name__ == "__main__":
    main(tyro.cli(DashboardBenchmark))
