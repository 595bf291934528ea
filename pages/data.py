"""Data: What is in the corpus, and is it what the models need?"""

import streamlit as st

from core.ui import glossary
from core.ui.data.class_balance import show_class_balance
from core.ui.data.headline import show_corpus_headline
from core.ui.data.lengths import show_lengths
from core.ui.data.metadata import show_metadata
from core.ui.data.sample import show_sample
from core.ui.data.typical_words import show_typical_words
from core.ui.data.warnings import show_corpus_warnings
from core.ui.runs import reading
from core.ui.view import begin_page

view = begin_page("Data", "What is in the corpus, and is it what the models need?")
if not view.selected.any():
    st.stop()

show_corpus_headline(view)

with reading(view.run):
    show_corpus_warnings(view)

balance, lengths = st.columns(2, gap="large")
with balance:
    st.subheader("Classes per split", anchor=False)
    show_class_balance(view)
with lengths:
    st.subheader("Length of the texts", anchor=False)
    show_lengths(view)

st.subheader("Typical words", anchor=False, help=glossary.TYPICAL_WORDS)
show_typical_words(view)

show_metadata(view)

st.subheader("Rows", anchor=False)
show_sample(view)
