import pytest
import streamlit as st


@pytest.fixture(autouse=True)
def nothing_cached() -> None:
    """Two fake runs that are made in the same moment are alike, and a server would rightly read only one of them."""
    st.cache_resource.clear()
