"""Parts of pages; the only place in core that imports Streamlit."""
