"""The pages of the dashboard."""

import streamlit as st
from streamlit.navigation.page import Page


def navigate() -> Page:
    """Show the navigation in the sidebar and return the page to run."""
    return st.navigation(
        [
            st.Page("pages/overview.py", title="Overview", icon=":material/dashboard:", default=True),
            st.Page("pages/models.py", title="Models", icon=":material/compare:"),
        ]
    )
