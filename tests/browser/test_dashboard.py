"""The dashboard in a real Chromium: what only a browser can show."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.fake_runs import write_fake_run

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 60_000
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}
INK = {"light": "rgb(34, 39, 46)", "dark": "rgb(230, 233, 238)"}
# Opened at the address of a page, Streamlit's frontend first looks for its server below that address.
PROBES = re.compile(r"/models/_stcore/(health|host-config)$")


@dataclass
class Watched:
    """A browser page and what it did that it should not have done."""

    page: Page
    console_errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)

    def texts_of_chart(self, position: int) -> list[str]:
        return self.page.get_by_test_id("stVegaLiteChart").nth(position).locator("svg text").all_text_contents()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "chromium is not installed"
        if os.environ.get("MISREAD_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason}, but MISREAD_REQUIRE_BROWSER=1 asks for it")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    artifacts_dir = tmp_path_factory.mktemp("artifacts")
    write_fake_run(artifacts_dir, "first", n_rows=1200)
    write_fake_run(artifacts_dir, "second", classes=["neg", "pos"], corpus_name="Second Corpus")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (artifacts_dir / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.headless=true", f"--server.port={port}",
         "--server.address=127.0.0.1", "--server.fileWatcherType=none"],
        cwd=ROOT, env={**os.environ, "MISREAD_ARTIFACTS_DIR": str(artifacts_dir)}, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"the server did not answer at {url}; exit code {server.poll()}")


@contextmanager
def opened(browser: Browser, url: str, *, theme: str = "light") -> Iterator[Watched]:
    context = browser.new_context(color_scheme=theme, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    watched = Watched(page)
    host = urlsplit(url).netloc
    page.on("console", lambda message: note_console(watched, message.type, message.text, message.location["url"]))
    page.on("pageerror", lambda error: watched.console_errors.append(str(error)))
    page.on("request", lambda request: note_request(watched, request.url, host))
    page.on("websocket", lambda socket: note_request(watched, socket.url, host))
    page.goto(url)
    yield watched
    context.close()


def note_console(watched: Watched, kind: str, text: str, url: str) -> None:
    if kind == "error" and not PROBES.search(urlsplit(url).path):
        watched.console_errors.append(f"{text} ({url})")


def note_request(watched: Watched, url: str, host: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.netloc != host:
        watched.foreign_requests.append(url)


def wait_for_charts(watched: Watched, n_charts: int) -> None:
    charts = watched.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")
    expect(charts).to_have_count(n_charts)


def test_link_to_a_page_works_on_a_server_that_nobody_has_visited(browser: Browser, address: str) -> None:
    """Streamlit's older kind of pages must not get in the way; this test has to be the first of the module."""
    with opened(browser, f"{address}/models?run=second&cells=by+truth") as watched:
        wait_for_charts(watched, 5)
        expect(watched.page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
        expect(watched.page.get_by_test_id("stSidebar")).to_contain_text("Second Corpus")
        assert any(text.endswith("%") for text in watched.texts_of_chart(0))
        assert "run=second" in watched.page.url
        assert (watched.console_errors, watched.foreign_requests) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_in_both_themes(browser: Browser, address: str, theme: str) -> None:
    with opened(browser, address, theme=theme) as watched:
        page = watched.page
        wait_for_charts(watched, 1)
        expect(page.get_by_role("heading", name="Overview", exact=True)).to_be_visible()
        expect(page.get_by_test_id("stMetricValue")).to_have_count(4)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[theme])
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="Models").click()
        expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
        wait_for_charts(watched, 5)
        zero = page.get_by_test_id("stVegaLiteChart").first.locator("svg text", has_text=re.compile("^0$")).first
        expect(zero).to_have_css("fill", INK[theme])
        assert (watched.console_errors, watched.foreign_requests) == ([], [])


def test_numbers_follow_a_change_of_theme(browser: Browser, address: str) -> None:
    """The server does not hear of a change of theme, so the ink of the numbers must not depend on it."""
    with opened(browser, f"{address}/models?run=first") as watched:
        wait_for_charts(watched, 5)
        watched.page.emulate_media(color_scheme="dark")
        expect(watched.page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND["dark"])
        chart = watched.page.get_by_test_id("stVegaLiteChart").first
        expect(chart.locator("svg text", has_text=re.compile("^0$")).first).to_have_css("fill", INK["dark"])


def test_normalise_control_changes_the_matrix_and_the_link(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        wait_for_charts(watched, 5)
        counts = watched.texts_of_chart(0)
        assert {"sadness", "True class"} <= set(counts)
        assert not any(text.endswith("%") for text in counts)
        watched.page.get_by_role("radio", name="by truth").click()
        first = watched.page.get_by_test_id("stVegaLiteChart").first
        expect(first.locator("svg text", has_text="%").first).to_be_visible()
        expect(watched.page).to_have_url(re.compile("cells=by(%20|\\+)truth"))
        assert watched.console_errors == []


def test_switching_the_run_changes_page_and_link(browser: Browser, address: str) -> None:
    with opened(browser, address) as watched:
        page = watched.page
        wait_for_charts(watched, 1)
        expect(page).to_have_url(re.compile("run=first"))
        page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input").click()
        page.get_by_role("option", name="second").click()
        expect(page.get_by_test_id("stSidebar")).to_contain_text("Second Corpus")
        expect(page).to_have_url(re.compile("run=second"))
        assert watched.console_errors == []


def test_saved_picture_is_a_png(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/models?run=first") as watched:
        wait_for_charts(watched, 5)
        with watched.page.expect_download(timeout=PATIENCE_MS) as download:
            saved = watched.page.locator(".st-key-save_first_confusion_test_logreg_counts_png")
            saved.get_by_test_id("stDownloadButton").get_by_role("button").click()
        assert download.value.suggested_filename == "first_confusion_test_logreg_counts.png"
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
