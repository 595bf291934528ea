"""Try it in a real Chromium: a sentence typed, a file uploaded, the answers saved."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import INK, PATIENCE_MS, opened, serve, wait_for_charts
from tests.fake_runs import EMOTIONS
from tests.live_runs import write_live_run

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1))"


@pytest.fixture(scope="module")
def try_it(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Try it on a server of its own, over a run whose models read text."""
    artifacts_dir = tmp_path_factory.mktemp("artifacts")
    write_live_run(artifacts_dir)
    with serve(artifacts_dir) as url:
        yield f"{url}/try_it?run=live"


def test_typed_sentence_is_answered_by_both_models_and_shown_as_it_is(browser: Browser, try_it: str) -> None:
    with opened(browser, try_it) as watched:
        page = watched.page
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.get_by_label("Your text").fill(HOSTILE)
        page.keyboard.press("Control+Enter")
        wait_for_charts(watched, 2)
        expect(page.get_by_text(f"“{HOSTILE}”")).to_be_visible()
        for position in (0, 1):
            texts = watched.texts_of_chart(position)
            assert set(EMOTIONS) <= set(texts)
            shown = [float(text.removesuffix("%")) for text in texts if re.fullmatch(r"\d+\.\d%", text)]
            assert sum(shown) == pytest.approx(100, abs=0.5)
        assert page.locator("main img[src='x'], section img[src='x']").count() == 0
        assert (dialogs, watched.console_errors, watched.foreign_requests) == ([], [], [])


def test_example_answers_with_one_click_in_the_dark(browser: Browser, try_it: str) -> None:
    with opened(browser, try_it, theme="dark") as watched:
        page = watched.page
        page.get_by_role("button", name=re.compile("about anger")).click()
        expect(page.get_by_text("The corpus labels this text")).to_contain_text("anger")
        number = page.get_by_test_id("stVegaLiteChart").first.locator("svg text", has_text=re.compile(r"\.\d%$")).first
        expect(number).to_have_css("fill", INK["dark"])
        assert watched.console_errors == []


def test_answers_to_an_uploaded_file_are_saved_with_the_same_rows(
    browser: Browser, try_it: str, tmp_path: Path
) -> None:
    texts = [f"row {n} {'danced' if n % 2 else 'furious'}" for n in range(70)]
    texts[3], texts[5], texts[69] = "", texts[4], '=1+1, "quoted"\nover two lines'
    with (tmp_path / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "Text"], *enumerate(texts)])
    with opened(browser, f"{try_it}&amount=many+texts") as watched:
        page = watched.page
        page.locator("input[type=file]").set_input_files(tmp_path / "rows.csv")
        page.get_by_role("button", name="Classify 70 texts").click()
        expect(page.get_by_role("heading", name="Answers")).to_be_visible()
        with page.expect_download(timeout=PATIENCE_MS) as download:
            page.locator(".st-key-save_live_answers_csv").get_by_role("button").click()
        assert download.value.suggested_filename == "live_answers.csv"
        with Path(download.value.path()).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        assert [row["row"] for row in rows] == [str(n) for n in range(1, 71)]
        assert [row["text"] for row in rows] == [*texts[:69], f"'{texts[69]}"]
        assert all((row["finetuned"] in EMOTIONS) == bool(row["text"]) for row in rows)
        assert all(0 < float(row["logreg_probability"]) <= 1 for row in rows if row["text"])
        assert watched.console_errors == []


def test_edited_text_is_answered_beside_the_original(browser: Browser, try_it: str) -> None:
    with opened(browser, try_it) as watched:
        page = watched.page
        page.get_by_label("Your text").fill("I can't wait **now**")
        page.keyboard.press("Control+Enter")
        box = page.get_by_label("Edited text")
        expect(box).to_have_value("I can't wait **now**")
        page.get_by_role("button", name="can’t → cannot", exact=True).click()
        expect(box).to_have_value("I cannot wait **now**")
        wait_for_charts(watched, 4)
        moves = [text for text in watched.texts_of_chart(3) if re.fullmatch(r"[+−]\d+\.\d|0\.0", text)]
        assert len(moves) == len(EMOTIONS)
        assert sum(float(move.replace("−", "-")) for move in moves) == pytest.approx(0, abs=0.35)
        page.get_by_role("button", name="Back to the original").click()
        expect(box).to_have_value("I can't wait **now**")
        wait_for_charts(watched, 2)
        assert watched.behaved()
