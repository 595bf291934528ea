"""Data: What is in the corpus, and is it what the models need?"""

from core.ui.row_table import show_rows
from core.ui.view import begin_page

view = begin_page("Data", "What is in the corpus, and is it what the models need?")
show_rows(view, view.selected.nonzero()[0], key="data")
