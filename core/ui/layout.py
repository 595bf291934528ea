"""The frame of every page: browser tab, margins, title and question, lists of facts."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from core.artifacts.run import Run
from core.ui.formatting import plain

# Drawn here, since Streamlit would fetch an icon by name from another host.
_ICON_SHAPES = (
    '<rect width="32" height="32" rx="7" fill="#0c7a72"/>'
    '<rect x="6" y="6" width="9" height="9" rx="1.5" fill="#fff"/><rect x="17" y="17" width="9" height="9" rx="1.5"'
    ' fill="#fff"/><rect x="17" y="6" width="9" height="9" rx="1.5" fill="#f0a27f"/><rect x="6" y="17" width="9"'
    ' height="9" rx="1.5" fill="#fff" opacity="0.25"/>'
)
_ICON = f'<svg viewBox="0 0 32 32">{_ICON_SHAPES}</svg>'
_LOGO = (
    f'<svg viewBox="0 0 150 32">{_ICON_SHAPES}<text x="42" y="24" font-family="system-ui, Helvetica, Arial, sans-serif"'
    ' font-size="23" font-weight="700" fill="#14918a">Misread</text></svg>'
)
_SIDEBAR_WIDTH = 256
_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-inline: clamp(1rem, 3vw, 3.5rem); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.2rem; margin: 0; padding: 0; }
dl.facts dt { opacity: 0.65; font-weight: 400; margin: 0; padding: 0; }
dl.facts dd { margin: 0; padding: 0; overflow-wrap: anywhere; min-width: 0; }
table.plain { border-collapse: collapse; width: 100%; min-width: 52rem; font-size: 0.875rem; line-height: 1.45; }
table.plain th, table.plain td { text-align: left; vertical-align: top; padding: 0.45rem 0.9rem 0.45rem 0; border: 0; }
table.plain th { font-weight: 400; opacity: 0.65; white-space: nowrap; }
table.plain tr { border-bottom: 1px solid rgba(128, 136, 148, 0.28); }
table.plain td { overflow-wrap: anywhere; min-width: 4.5rem; }
div.scroll { overflow-x: auto; }
/* Streamlit's own download writes cells that a spreadsheet would run as formulas; ours stands below each table. */
[data-testid="stElementToolbarButton"]:has([aria-label^="Download as CSV"]) { display: none; }
</style>
"""


def configure_page() -> None:
    """Set what all pages share: browser tab, wide layout, menu with the theme switch, margins."""
    st.set_page_config(
        page_title="Misread",
        page_icon=_ICON,
        layout="wide",
        initial_sidebar_state=_SIDEBAR_WIDTH,
        menu_items={
            "About": "**Misread** shows where text classifiers go wrong, over runs that its scripts have made."
        },
    )
    st.logo(_LOGO, size="large", icon_image=_ICON)
    st.html(_STYLE)


def show_header(title: str, question: str, run: Run) -> None:
    """Show a page's title, the sentence that says what it answers, and the run it is about."""
    st.title(title, anchor=False)
    st.markdown(f"{question} :gray[Run **{plain(run.name)}**.]")


def show_facts(facts: Sequence[tuple[str, str | None]]) -> None:
    """Show names and values as a list, those without a value left out; everything is plain text."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    st.html(f'<dl class="facts">{rows}</dl>')


def show_text_table(frame: pd.DataFrame) -> None:
    """Show a small table whose texts wrap, so that long ones can be read; everything is plain text."""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in frame.itertuples(index=False)
    )
    st.html(f'<div class="scroll"><table class="plain"><tr>{head}</tr>{body}</table></div>')
