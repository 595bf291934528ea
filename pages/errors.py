"""Errors: Which texts does the model get wrong, and what did every model say about them?"""

from core.artifacts.schema import Stage
from core.ui.errors.outcomes import show_outcomes
from core.ui.errors.review import show_review
from core.ui.errors.tags import show_tags
from core.ui.notices import show_stage_missing
from core.ui.runs import reading
from core.ui.view import begin_page

view = begin_page("Errors", "Which texts does the model get wrong, and what did each model say?")
if view.model is None:
    show_stage_missing(view.run, Stage.TRAIN_BASELINES, "Errors")
else:
    with reading(view.run):
        show_outcomes(view, view.model)
        show_tags(view, view.model)
        show_review(view, view.model)
