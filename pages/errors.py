"""Errors: Which texts does the model get wrong, and why?"""

from core.ui.row_table import show_rows
from core.ui.view import begin_page

view = begin_page("Errors", "Which texts does the model get wrong, and why?")
show_rows(view, view.selected.nonzero()[0], key="errors")
