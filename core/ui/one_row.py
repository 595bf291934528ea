"""One row in full, alike wherever it is read: its text, its label, what the models answered, what else is known."""

from html import escape

import numpy as np
import streamlit as st

from core.analysis.metadata import as_text
from core.analysis.ranking import loss_of
from core.analysis.rows import Rows, confidence_column, margin_column, origin_column, true_prob_column
from core.analysis.tags import tags_of
from core.artifacts.run import stage_command
from core.artifacts.schema import TEXTS, ModelName, Origin, Stage
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, TAG_LABELS, percent
from core.charts.palette import RIGHT_COLOUR, WRONG_COLOUR, class_colours
from core.ui import glossary
from core.ui.filter.chips import column_label
from core.ui.formatting import count
from core.ui.view import View

_PICTURES = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {127: "\u2421"}
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_VISIBLE = _PICTURES | dict.fromkeys((*range(0x80, 0xA0), *_TURNING), "\ufffd")
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


def show_row_text(view: View, row_id: int) -> None:
    """Show the text of a row; without texts on this machine, how to get them."""
    if view.rows.texts is None:
        st.info("The texts of this run are not on this machine. Get them with:", icon=":material/visibility_off:")
        st.code(stage_command(view.run, Stage.PREPARE_DATA, TEXTS.path), language=None, wrap_lines=True)
    else:
        st.html(text_html(view.rows.texts.iloc[row_id]))


def text_html(text: str) -> str:
    """Return a text as HTML that shows it as it is, line breaks included; a long one scrolls."""
    return _TEXT.format(escape(visible(text)))


def visible(text: str) -> str:
    """Return a text in which control characters, and those that turn text around, are seen instead of obeyed."""
    return text.translate(_VISIBLE)


def facts_of(rows: Rows, row_id: int, model: ModelName | None) -> list[tuple[str, str | None]]:
    """Return what is known of a row beside text, label and answers; `model` is whose answers its tags are about."""
    row = rows.frame.iloc[row_id]
    size = f"{count(int(row['n_words']), 'word')}, {count(int(row['n_chars']), 'character')}"
    if "n_tokens" in row:
        cut = ", cut off: the models read a part only" if row["truncated"] else ""
        size += f", {count(int(row['n_tokens']), 'token')}{cut}"
    metadata = [(column_label(name), as_text(rows.frame[name].iloc[[row_id]]).iloc[0]) for name in rows.metadata]
    return [
        ("Row", f"id {row_id}, {row['split']} split"),
        ("Size", size),
        ("Tags", ", ".join(TAG_LABELS[tag] for tag in tags_of(rows, row_id, model)) or None),
        *((name, value or None) for name, value in metadata),
    ]


def answers_html(rows: Rows, row_id: int, models: list[ModelName]) -> str:
    """Return a table with the label and, per model, its answer, confidence, loss and margin; names escaped."""
    row = rows.frame.iloc[row_id]
    label = int(row["label"])
    body = f'<tr><td>Label</td><td colspan="4"><b>{class_html(rows, label)}</b></td></tr>'
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
        body += f"<tr>{name}<td>{class_html(rows, pred, mark)}</td>{cells}</tr>"
    return _ANSWERS.format(body)


def class_html(rows: Rows, k: int, mark: str = "") -> str:
    """Return a class with its colour, its name escaped, and HTML that stands behind it."""
    return _CLASS.format(class_colours(len(rows.classes))[k], escape(rows.classes[k]), mark)
