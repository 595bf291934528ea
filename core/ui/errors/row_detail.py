"""Everything that is known of one row: text, label, every model's answer, size, metadata, place on the map."""

from functools import partial

import numpy as np
import streamlit as st

from core.analysis.row_filter import Projection
from core.artifacts.schema import ModelName, Split
from core.charts.labels import MODEL_LABELS
from core.charts.place import HERE, OTHERS, make_place_chart, places_of
from core.charts.row_answers import ANSWERS, answer_bars, classes_to_show, make_row_answers_chart
from core.charts.specs import with_data
from core.ui.chart_downloads import show_chart_downloads
from core.ui.errors.attributions import show_attributions
from core.ui.errors.open_row import open_alone
from core.ui.errors.reads import load_place_chart, load_row_answers_chart
from core.ui.formatting import count
from core.ui.layout import show_facts
from core.ui.neighbours import show_neighbours
from core.ui.one_row import answers_html, facts_of, show_row_text
from core.ui.reads import load_probabilities
from core.ui.row_table import answering
from core.ui.runs import reading
from core.ui.view import View

_CLASSES_SHOWN = 8


def show_row_detail(view: View, row_id: int, model: ModelName) -> None:
    """Show one row.

    Args:
        view: What the page looks at.
        row_id: Which row.
        model: Whose answers the page is about; shown even if they are always the same.
    """
    rows = view.rows
    show_row_text(view, row_id)
    models = [model, *(other for other in answering(rows) if other is not model)]
    st.html(answers_html(rows, row_id, models))
    with reading(view.run):
        _show_probabilities(view, row_id, models)
    show_attributions(view, row_id)
    show_neighbours(view, row_id, open_here=partial(open_alone, view))
    show_facts(facts_of(rows, row_id, model))
    _show_place(view, row_id)


def _show_probabilities(view: View, row_id: int, models: list[ModelName]) -> None:
    probs = {model: load_probabilities(view.run, model)[row_id] for model in models}
    pred = {model: int(view.rows.pred(model)[row_id]) for model in models}
    label = int(view.rows.frame["label"].iloc[row_id])
    classes = view.rows.classes
    shown = classes_to_show(probs, label, pred, limit=_CLASSES_SHOWN)
    bars = answer_bars(probs, classes, pred=pred, shown=shown)
    st.vega_lite_chart(
        with_data(load_row_answers_chart(view.run, tuple(models), label, tuple(shown)), ANSWERS, bars),
        width="stretch",
        key="errors_answers",
        alt=f"Probability of each class by each model for row {row_id}",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        some = "" if len(shown) == len(classes) else f"The {len(shown)} likeliest of {len(classes):,} classes. "
        st.caption(f"{some}→ points at the label; the strong bar is the model's answer.")
        show_chart_downloads(
            partial(
                make_row_answers_chart,
                models,
                classes,
                label=label,
                shown=shown,
                bars=bars,
                title=f"Row {row_id}" if len(models) > 1 else f"Row {row_id}, {MODEL_LABELS[models[0]]}",
                subtitle=f"run {view.run.name} · label {classes[label]}",
            ),
            stem=f"{view.run.name}_row_{row_id}",
        )


def _show_place(view: View, row_id: int) -> None:
    projection = next((p for p in Projection if f"{p}_x" in view.rows.frame), None)
    if projection is None:
        return
    spec, others = load_place_chart(view.run, projection)
    here = places_of(view.rows, np.array([row_id]), projection)
    with_others = with_data(spec, OTHERS, others)
    st.vega_lite_chart(
        with_data(with_others, HERE, here), width="stretch", key="errors_place", alt=f"Place of row {row_id} on the map"
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"This row (ring) among {len(others):,} rows on the {projection.upper()} map.", width="content")
        split = str(view.rows.frame["split"].iloc[row_id])
        query = {"run": view.run.name, "ids": str(row_id)} | ({} if split == Split.TEST else {"split": split})
        st.page_link(
            "pages/embedding_map.py", label="Open on the map", icon=":material/scatter_plot:", query_params=query
        )
        show_chart_downloads(
            partial(
                make_place_chart,
                view.rows.classes,
                others=others,
                here=here,
                title=f"Row {row_id} on the {projection.upper()} map",
                subtitle=f"run {view.run.name} · among {count(len(others), 'row')}",
            ),
            stem=f"{view.run.name}_row_{row_id}_place",
        )
