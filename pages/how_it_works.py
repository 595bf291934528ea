"""Placeholder until the page is there."""

from core.ui.layout import show_header
from core.ui.runs import current_run

show_header("how_it_works", "", current_run())
