"""Behaviour: Does the answer change when the meaning does not?"""

from core.artifacts.schema import BEHAVIOUR, Stage
from core.ui.behaviour.changed_texts import show_changed_texts
from core.ui.behaviour.headline import show_headline, show_nothing_tested
from core.ui.behaviour.rates import show_rates
from core.ui.behaviour.reads import load_behaviour, tested_model
from core.ui.notices import show_stage_missing
from core.ui.runs import reading
from core.ui.view import begin_page

view = begin_page("Behaviour", "Does the answer change when the meaning does not?")

if not view.run.has_stage(Stage.BEHAVIOUR):
    show_stage_missing(view.run, Stage.BEHAVIOUR, "Behavioural tests", path=BEHAVIOUR.path)
else:
    with reading(view.run):
        behaviour = load_behaviour(view.run, view.scored_filter)
        if behaviour is None:
            show_nothing_tested(view)
        else:
            show_headline(view, behaviour)
            show_rates(view, behaviour, tested_model(view, behaviour))
            show_changed_texts(view, behaviour, tested_model(view, behaviour))
