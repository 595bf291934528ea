"""Everything that is known of one row: text, label, every model's answer, size, metadata, place on the map."""

from functools import partial
from html import escape

import numpy as np
import streamlit as st

from core.analysis.ranking import loss_of
from core.analysis.row_filter import Projection, as_text
from core.analysis.rows import Rows, confidence_column, margin_column, origin_column, true_prob_column
from core.artifacts.run import stage_command
from core.artifacts.schema import TEXTS, ModelName, Origin, Split, Stage
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, percent
from core.charts.palette import RIGHT_COLOUR, WRONG_COLOUR, class_colours
from core.charts.place import HERE, OTHERS, places_of
from core.charts.row_answers import ANSWERS, answer_bars, classes_to_show, make_row_answers_chart
from core.charts.specs import with_data
from core.ui import glossary
from core.ui.downloads import show_chart_downloads
from core.ui.errors.reads import load_place_chart, load_row_answers_chart
from core.ui.filter.chips import column_label
from core.ui.formatting import count
from core.ui.layout import show_facts
from core.ui.reads import load_probabilities
from core.ui.row_table import answering
from core.ui.runs import reading
from core.ui.view import View

_CLASSES_SHOWN = 8
_VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {127: 0x2421}
_TEXT = (
    '<div tabindex="0" role="region" aria-label="Text of the row" class="row-text" dir="auto" style="white-space:'
    "pre-wrap;overflow-wrap:anywhere;overflow-y:auto;min-height:5.2rem;max-height:13rem;font-size:1.08rem;"
    "line-height:1.55;padding:.65rem .85rem;border:1px solid rgba(128,136,148,.3);border-radius:.4rem"
    '">{}</div>'
)
_CLASS = (
    '<span style="display:flex;align-items:baseline;gap:.4em"><span style="flex:none;width:.72em;height:.72em;'
    'border-radius:2px;background:{}"></span><span><bdi>{}</bdi> {}</span></span>'
)
_MARK = '<span style="color:{}" title="{}">{}</span>'
_NUMBER = "text-align:right;white-space:nowrap;min-width:0;padding:.45rem .2rem .45rem .9rem"
_ANSWERS = (
    '<table class="plain" style="min-width:0"><tr><th></th><th style="width:30%">says</th>'
    f'<th style="{_NUMBER}" title="{escape(glossary.CONFIDENCE)}">confidence</th>'
    f'<th style="{_NUMBER}" title="{escape(glossary.LOSS)}">loss</th>'
    f'<th style="{_NUMBER}" title="{escape(glossary.MARGIN)}">margin</th></tr>{{}}</table>'
)


def show_row_detail(view: View, row_id: int, model: ModelName) -> None:
    """Show one row.

    Args:
        view: What the page looks at.
        row_id: Which row.
        model: Whose answers the page is about; shown even if they are always the same.
    """
    rows = view.rows
    _show_text(view, row_id)
    models = [model, *(other for other in answering(rows) if other is not model)]
    st.html(answers_html(rows, row_id, models))
    with reading(view.run):
        _show_probabilities(view, row_id, models)
    show_facts(facts_of(rows, row_id))
    _show_place(view, row_id)


def facts_of(rows: Rows, row_id: int) -> list[tuple[str, str | None]]:
    """Return what is known of a row beside text, label and answers."""
    row = rows.frame.iloc[row_id]
    size = f"{count(int(row['n_words']), 'word')}, {count(int(row['n_chars']), 'character')}"
    if "n_tokens" in row:
        cut = ", cut off: the models read a part only" if row["truncated"] else ""
        size += f", {count(int(row['n_tokens']), 'token')}{cut}"
    metadata = [(column_label(name), as_text(rows.frame[name].iloc[[row_id]]).iloc[0]) for name in rows.metadata]
    return [
        ("Row", f"id {row_id}, {row['split']} split"),
        ("Size", size),
        *((name, value if isinstance(value, str) else None) for name, value in metadata),
    ]


def answers_html(rows: Rows, row_id: int, models: list[ModelName]) -> str:
    """Return a table with the label and, per model, its answer, confidence, loss and margin; names escaped."""
    row = rows.frame.iloc[row_id]
    label = int(row["label"])
    body = f'<tr><td>Label</td><td colspan="4"><b>{_class_html(rows, label)}</b></td></tr>'
    for model in models:
        pred = int(rows.pred(model)[row_id])
        right = pred == label
        mark = _MARK.format(*((RIGHT_COLOUR, "right", "✓") if right else (WRONG_COLOUR, "wrong", "✗")))
        origin = Origin(row[origin_column(model)])
        basis = "" if origin is Origin.HELD_OUT else f'<br><span style="opacity:.65">{ORIGIN_LABELS[origin]}</span>'
        numbers = (
            percent(float(row[confidence_column(model)])),
            f"{loss_of(np.array([row[true_prob_column(model)]]))[0]:.2f}",
            percent(float(row[margin_column(model)])),
        )
        cells = "".join(f'<td style="{_NUMBER}">{number}</td>' for number in numbers)
        name = f'<td style="overflow-wrap:normal;min-width:5.4rem">{MODEL_LABELS[model]}{basis}</td>'
        body += f"<tr>{name}<td>{_class_html(rows, pred, mark)}</td>{cells}</tr>"
    return _ANSWERS.format(body)


def _class_html(rows: Rows, k: int, mark: str = "") -> str:
    return _CLASS.format(class_colours(len(rows.classes))[k], escape(rows.classes[k]), mark)


def _show_text(view: View, row_id: int) -> None:
    if view.rows.texts is None:
        st.info("The texts of this run are not on this machine. Get them with:", icon=":material/visibility_off:")
        st.code(stage_command(view.run, Stage.PREPARE_DATA, TEXTS.path), language=None, wrap_lines=True)
    else:
        st.html(_TEXT.format(escape(view.rows.texts.iloc[row_id].translate(_VISIBLE))))


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
                title=f"Row {row_id}",
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
