"""Try it: type, paste or upload texts, and read what the models of this run say about them."""

from core.ui.layout import show_header
from core.ui.runs import current_run
from core.ui.try_it.live import can_answer
from core.ui.try_it.many_texts import show_many_texts
from core.ui.try_it.one_text import show_one_text
from core.ui.try_it.ways import Amount, pick_amount, show_no_model

run = current_run()
show_header("Try it", "What do the models say about a text of yours, and how sure are they?", run)

if not can_answer(run):
    show_no_model(run)
elif pick_amount() is Amount.ONE:
    show_one_text(run)
else:
    show_many_texts(run)
