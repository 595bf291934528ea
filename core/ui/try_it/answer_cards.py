"""What each model says about one text: a card per model, side by side."""

from functools import partial
from html import escape

import streamlit as st

from core.analysis.answers import Answers, likeliest_classes
from core.artifacts.run import Run
from core.artifacts.schema import METRICS, ModelName, Split
from core.charts.labels import MODEL_LABELS, percent
from core.charts.palette import INK_OF_THE_PAGE, class_colours
from core.charts.row_answers import answer_bars, make_row_answers_chart
from core.charts.specs import to_spec
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.formatting import count, plain
from core.ui.reads import load_metrics
from core.ui.runs import reading
from core.ui.try_it.live import READERS, Silence

_ALL_CLASSES_UP_TO = 12
_CLASSES_SHOWN = 10
_TRUNCATED = (
    "A model reads a text piece by piece (tokens: words or parts of words) and only up to the length that it was made"
    " for. What comes later has no influence on the answer."
)
_WINNER = (
    '<div style="display:flex;align-items:baseline;flex-wrap:wrap;gap:.1rem .6rem;font-size:1.6rem;font-weight:650;'
    'line-height:1.3"><span style="width:.75em;height:.75em;border-radius:3px;background:{colour};flex:none"></span>'
    '<span style="overflow-wrap:anywhere;min-width:0">{name}</span>'
    '<span style="font-weight:400;opacity:.75">{probability}</span></div>'
)


def show_cards(run: Run, answers: list[Answers], silent: list[Silence]) -> None:
    """Show one card per model: its answer, why it gives none, or that it waits for a text."""
    by_model: dict[ModelName, Answers | Silence] = {a.model: a for a in answers}
    by_model |= {s.model: s for s in silent}
    shown = classes_shown(answers)
    for column, model in zip(st.columns(len(READERS), gap="medium"), READERS, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{MODEL_LABELS[model]}**", help=glossary.MODELS[model])
            found = by_model.get(model)
            if isinstance(found, Answers):
                _show_answer(run, found, shown)
            elif isinstance(found, Silence):
                _show_silence(found)
            else:
                st.caption("Answers as soon as there is a text.")
            with reading(run):
                _show_test_accuracy(run, model)


def classes_shown(answers: list[Answers]) -> list[int]:
    """Return the classes that the bars of all cards show, from top to bottom: all, or the likeliest of many."""
    if not answers:
        return []
    n_classes = len(answers[0].classes)
    return likeliest_classes(answers, 0, limit=n_classes if n_classes <= _ALL_CLASSES_UP_TO else _CLASSES_SHOWN)


def _show_answer(run: Run, answers: Answers, shown: list[int]) -> None:
    winner, name, probability = int(answers.y_pred[0]), answers.names[0], percent(answers.confidence[0])
    colour = class_colours(len(answers.classes))[winner]
    st.html(_WINNER.format(colour=colour, name=escape(name), probability=probability))
    bars = answer_bars({answers.model: answers.probs[0]}, answers.classes, pred={answers.model: winner}, shown=shown)
    chart = partial(make_row_answers_chart, [answers.model], answers.classes, label=None, shown=shown, bars=bars)
    label = MODEL_LABELS[answers.model]
    st.vega_lite_chart(
        to_spec(chart(stretch=True, ink=INK_OF_THE_PAGE)),
        width="stretch",
        key=f"answer_{answers.model}",
        alt=f"{label}: probability of each class; {name} wins with {probability}",
    )
    if answers.truncated[0]:
        n_tokens = count(int(answers.n_tokens[0]), "token")
        st.caption(
            f":material/content_cut: Only the first {answers.max_length:,} of {n_tokens} were read.",
            help=_TRUNCATED,
        )
    show_chart_downloads(
        partial(chart, title=f"{label}: {name} {probability}", subtitle=f"run {run.name} · one text"),
        stem=f"{run.name}_answer_{answers.model}",
    )


def _show_test_accuracy(run: Run, model: ModelName) -> None:
    if run.record(METRICS) is None:
        return
    metrics = load_metrics(run).get(model, Split.TEST)
    if metrics is not None:
        st.caption(
            f"Right on {percent(metrics.accuracy)} of the test split ({count(metrics.n_rows, 'row')}).",
            help=glossary.ACCURACY,
        )


def show_silent(silent: list[Silence]) -> None:
    """Say which models give no answer, why, and what helps."""
    for silence in silent:
        with st.container(border=True):
            st.markdown(f"**{MODEL_LABELS[silence.model]}**", help=glossary.MODELS[silence.model])
            _show_silence(silence)


def _show_silence(silence: Silence) -> None:
    st.markdown(f":material/pending: {plain(silence.reason)} The command that helps:")
    st.code(silence.command, language=None, wrap_lines=True)
