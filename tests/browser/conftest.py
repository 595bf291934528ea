import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.served import serve
from tests.fake_runs import write_fake_run


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard over the runs first (six classes, 1,200 rows) and second (neg and pos)."""
    artifacts_dir = tmp_path_factory.mktemp("artifacts")
    write_fake_run(artifacts_dir, "first", n_rows=1200)
    write_fake_run(artifacts_dir, "second", classes=["neg", "pos"], corpus_name="Second Corpus")
    with serve(artifacts_dir) as url:
        yield url
