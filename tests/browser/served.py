"""A dashboard on a port of its own, and a browser page that notes what it should not have done."""

import os
import re
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

from playwright.sync_api import Browser, Locator, Page, expect

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 60_000
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}
INK = {"light": "rgb(34, 39, 46)", "dark": "rgb(230, 233, 238)"}
# Opened at the address of a page, Streamlit's frontend first looks for its server below that address.
PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")


@dataclass
class Watched:
    """A browser page and what it did that it should not have done."""

    page: Page
    console_errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)

    def texts_of_chart(self, position: int) -> list[str]:
        return self.page.get_by_test_id("stVegaLiteChart").nth(position).locator("svg text").all_text_contents()

    def behaved(self) -> bool:
        return (self.console_errors, self.foreign_requests) == ([], [])


@contextmanager
def serve(artifacts_dir: Path, log_path: Path | None = None) -> Iterator[str]:
    """Start the dashboard over a folder of runs and give its address; without a path it logs into that folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (log_path or artifacts_dir / "server.log").open("w") as log:
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


def wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer at {url}; exit code {server.poll()}")


@contextmanager
def opened(browser: Browser, url: str, *, theme: str = "light", width: int = 1280) -> Iterator[Watched]:
    """Open an address in a fresh browser context: nothing is remembered from any other."""
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900}, accept_downloads=True)
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


def chips(page: Page) -> Locator:
    """Return the line below the filter: number of rows, then one chip for each part."""
    return page.locator(".st-key-filter_chips")


def click_chip(page: Page, label: str) -> None:
    chips(page).get_by_role("button", name=label).click()


def open_page(page: Page, title: str) -> None:
    """Go to another page through the sidebar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
