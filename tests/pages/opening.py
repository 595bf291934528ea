"""Opening a page as a visitor does, from Home.py on, and reading what it says."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
START = "pages/overview.py"


def open_page(page: str = START, **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    if page != START:
        at.switch_page(page).run()
    return at


def words(at: AppTest) -> str:
    """Return everything that the page says in Markdown, captions, notices, code and HTML, escapes removed."""
    elements = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.code]
    html = [element.proto.body for element in at.get("html")]
    return "\n".join([*(element.value for element in elements), *html]).replace("\\", "")


def chart_specs(at: AppTest) -> list[dict]:
    return [json.loads(element.proto.spec) for element in at.get("vega_lite_chart")]
