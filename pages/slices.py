"""Slices: On which groups of rows is a model weak, and is that more than chance?"""

import streamlit as st

from core.artifacts.schema import SLICES, Stage
from core.ui.notices import show_stage_missing
from core.ui.runs import reading
from core.ui.slices.chosen import show_chosen
from core.ui.slices.controls import Lens, pick_kinds, pick_lens
from core.ui.slices.differing import show_differing
from core.ui.slices.headline import show_headline
from core.ui.slices.slice_view import look_at_slices
from core.ui.slices.weak import show_weak
from core.ui.view import begin_page

view = begin_page("Slices", "On which groups of rows is the model weak, and is that more than chance?")
if view.model is None:
    show_stage_missing(view.run, Stage.TRAIN_BASELINES, "Slices")
elif view.run.record(SLICES) is None:
    show_stage_missing(view.run, Stage.SLICES, "Slices", path=SLICES)
else:
    with reading(view.run):
        looked_at = look_at_slices(view)
        show_headline(looked_at)
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            lens = pick_lens(looked_at)
            kinds = pick_kinds(looked_at)
        if lens is Lens.WEAK:
            show_weak(looked_at, kinds)
        else:
            show_differing(looked_at, kinds)
        show_chosen(looked_at)
