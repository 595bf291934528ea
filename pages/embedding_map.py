"""Embedding map: Which texts look alike to the frozen encoder, and where do the mistakes lie?"""

from core.ui.row_table import show_rows
from core.ui.view import begin_page

view = begin_page("Embedding map", "Which texts look alike to the frozen encoder, and where do the mistakes lie?")
show_rows(view, view.selected.nonzero()[0], key="embedding_map")
