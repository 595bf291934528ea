"""Misread: see what your text classifier misreads. Start with `streamlit run Home.py`."""

from core.ui.filter.state import follow_address
from core.ui.layout import configure_page
from core.ui.navigation import navigate
from core.ui.runs import looking_at, pick_run

configure_page()
page = navigate()
with looking_at(pick_run()) as run:
    follow_address(run, page.url_path)
    page.run()
