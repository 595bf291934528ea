"""Where to look next: each page as a link, with the question that it answers."""

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

_QUESTIONS = {
    "pages/overview.py": "How good are the models here, and what do they confuse?",
    "pages/data.py": "What do the texts look like, and how are the classes spread?",
    "pages/embedding_map.py": "Which texts does the frozen encoder take for similar?",
    "pages/models.py": "What does fine-tuning change, class by class?",
    "pages/errors.py": "Which texts are misread, and what did each model say?",
    "pages/slices.py": "On which groups of rows is a model weak, and is that chance?",
    "pages/data_quality.py": "Which labels and copies are doubtful, and what are the scores without them?",
    "pages/behaviour.py": "Does the answer change when the meaning does not?",
    "pages/try_it.py": "What do the models say to a text of your own?",
}


def show_page_links() -> None:
    """Show a link and a question per page, those left out that the navigation does not have."""
    with st.container(horizontal=True, gap="medium"):
        for page, question in _QUESTIONS.items():
            with st.container(width=270, gap="xxsmall"):
                try:
                    st.page_link(page, icon=":material/arrow_forward:")
                except StreamlitPageNotFoundError:
                    continue
                st.caption(question)
