"""How it works: the pipeline step by step for a newcomer, with this run's figures, times, files and commands."""

import streamlit as st

from core.ui.how_it_works.corpus import corpus_steps, map_step
from core.ui.how_it_works.diagram import show_pipeline_diagram
from core.ui.how_it_works.measuring import measured, measuring_steps
from core.ui.how_it_works.models import model_steps
from core.ui.how_it_works.next_pages import show_page_links
from core.ui.how_it_works.pipeline import show_steps
from core.ui.how_it_works.recipe import show_recipe
from core.ui.how_it_works.run_files import show_files
from core.ui.layout import show_header
from core.ui.runs import current_run, reading

run = current_run()
show_header("How it works", "How do labelled texts become the numbers on these pages, step by step?", run)

metrics = None
with reading(run):
    metrics = measured(run)
show_pipeline_diagram(run, metrics)
show_steps(run, [*corpus_steps(run), *model_steps(run, metrics), map_step(run), *measuring_steps(metrics)])

st.subheader("Where to look next", anchor=False)
show_page_links()

st.subheader("Make it yourself", anchor=False)
show_recipe(run)

st.subheader("Files of this run", anchor=False)
with reading(run):
    show_files(run)
