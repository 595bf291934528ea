"""The answers to many texts: how far models agree, one table, and which classes the texts fall into."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.answers import AGREE, ROW, TEXT, TRUNCATED, Answers, agreement, answer_table, most_predicted_classes
from core.artifacts.run import Run
from core.charts.answers import make_counts_chart
from core.charts.labels import MODEL_LABELS
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.specs import to_spec
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.formatting import count, percent, plain
from core.ui.tables import show_table_download
from core.ui.try_it.live import Silence

_CLASSES_SHOWN = 10
_SCROLLS_ABOVE = 12
_AGREE = "Share of the texts, blank ones left out, for which all models name the same class."
_CUT = "Texts longer than a model can read; it has seen their beginning only."


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Texts in the order of their source; blank ones are kept, so that rows can be told apart by their number."""

    source: str
    texts: list[str]

    @property
    def answered(self) -> list[int]:
        """Return the positions of the texts that are not blank."""
        return [i for i, text in enumerate(self.texts) if text.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswers:
    """What a run said about a batch; kept in the session, so that nothing is asked twice."""

    digest: str
    batch: Batch
    answers: list[Answers]
    silent: list[Silence]

    @property
    def table(self) -> pd.DataFrame:
        """Return one row per text, as it is saved."""
        return answer_table(self.batch.texts, self.batch.answered, self.answers)


def show_batch_answers(run: Run, result: BatchAnswers) -> None:
    """Show headline, table and classes of a batch that at least one model has answered."""
    st.subheader("Answers", anchor=False)
    _show_headline(result)
    _show_table(run, result)
    st.subheader("Classes", anchor=False)
    _show_counts(run, result)


def _show_headline(result: BatchAnswers) -> None:
    answers, n_texts = result.answers, len(result.batch.texts)
    n_blank = n_texts - len(result.batch.answered)
    n_cut = int(result.table[TRUNCATED].sum())
    st.caption(f"From {plain(result.batch.source)}; rows are in the order of the source.")
    with st.container(horizontal=True, gap="large"):
        st.metric("Texts", f"{n_texts:,}", width="content")
        if len(answers) > 1:
            agree = agreement(answers)
            st.metric("Models agree on", percent(agree.mean()), width="content", help=_AGREE)
        st.metric("Read only in part", f"{n_cut:,}", width="content", help=_CUT)
        if n_blank:
            st.metric("Blank, without an answer", f"{n_blank:,}", width="content")


def _show_table(run: Run, result: BatchAnswers) -> None:
    table = result.table
    config: dict[str, Any] = {
        ROW: st.column_config.NumberColumn("Row", width=55),
        TEXT: st.column_config.TextColumn("Text", width=250),
        AGREE: st.column_config.CheckboxColumn("Agree", width=65, help="Whether all models name the same class."),
        TRUNCATED: st.column_config.CheckboxColumn("Cut", width=60, help=_CUT),
    }
    for a in result.answers:
        label, probability = MODEL_LABELS[a.model], f"{a.model}_probability"
        table[probability] *= 100
        config[a.model] = st.column_config.TextColumn(label, width=125, help=glossary.MODELS[a.model])
        config[probability] = st.column_config.NumberColumn(
            "Confidence", format="%.1f%%", width=95, help=f"Probability that “{label}” gives to its own answer."
        )
    st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        height="content" if len(table) <= _SCROLLS_ABOVE else 460,
        column_config=config,
    )
    show_table_download(lambda: result.table, stem=f"{run.name}_answers")


def _show_counts(run: Run, result: BatchAnswers) -> None:
    answers = result.answers
    found = most_predicted_classes(answers, limit=len(answers[0].classes))
    chart = partial(
        make_counts_chart, {a.model: a.counts for a in answers}, answers[0].classes, shown=found[:_CLASSES_SHOWN]
    )
    st.vega_lite_chart(
        to_spec(chart(stretch=True, ink=INK_OF_THE_PAGE)),
        width="stretch",
        alt="How many texts each model puts into each class",
    )
    if len(found) > _CLASSES_SHOWN:
        st.caption(
            f"The {_CLASSES_SHOWN} classes with the most texts; {len(found) - _CLASSES_SHOWN:,} more are left out."
        )
    source = f"run {run.name} · {count(len(result.batch.answered), 'text')}"
    show_chart_downloads(
        partial(chart, title="Classes of the texts", subtitle=source), stem=f"{run.name}_classes_of_texts"
    )
