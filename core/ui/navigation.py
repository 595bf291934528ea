"""The pages of the dashboard."""

import streamlit as st
from streamlit.navigation.page import Page


def navigate() -> Page:
    """Show the navigation in the sidebar and return the page to run."""
    return st.navigation(
        [
            st.Page("pages/overview.py", title="Overview", icon=":material/dashboard:", default=True),
            st.Page("pages/data.py", title="Data", icon=":material/dataset:"),
            st.Page("pages/embedding_map.py", title="Embedding map", icon=":material/scatter_plot:"),
            st.Page("pages/models.py", title="Models", icon=":material/compare:"),
            st.Page("pages/errors.py", title="Errors", icon=":material/rule:"),
            st.Page("pages/slices.py", title="Slices", icon=":material/pie_chart:"),
            st.Page("pages/data_quality.py", title="Data quality", icon=":material/fact_check:"),
            st.Page("pages/behaviour.py", title="Behaviour", icon=":material/science:"),
            st.Page("pages/try_it.py", title="Try it", icon=":material/edit_note:"),
            st.Page("pages/how_it_works.py", title="How it works", icon=":material/school:"),
        ]
    )
