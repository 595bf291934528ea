"""What fine-tuning buys: one sentence, and the rows that it fixed and broke."""

from dataclasses import replace

import streamlit as st

from core.analysis.row_filter import Outcome, baseline_and_tuned
from core.charts.labels import MODEL_LABELS
from core.ui.filter.link import encode_filter
from core.ui.formatting import count
from core.ui.score_reads import load_pair
from core.ui.verdict import bracketed, p_text, points, verdict, warn_of_learned_rows
from core.ui.view import View


def show_gain(view: View) -> None:
    """Say whether fine-tuning is better than the baseline, and link to the rows on which only one of them is right."""
    compared = baseline_and_tuned(view.rows.models)
    if compared is None:
        return
    baseline = MODEL_LABELS[compared[0]].lower()
    pair = load_pair(view.run, view.scored_filter, *compared)
    macro = pair.macro_f1
    st.markdown(
        f"{verdict(pair, f'the {baseline}', 'Fine-tuning')} Macro F1: {points(macro.difference.value)} points"
        f"{bracketed(macro.difference)} ({p_text(macro.p_value)})."
    )
    warning = warn_of_learned_rows(pair, f"the {baseline}", "The fine-tuned model")
    if warning is not None:
        st.caption(warning)
    with st.container(horizontal=True, gap="medium"):
        _link(view, Outcome.FIXED, f"{count(pair.n_fixed, 'row')} fixed by fine-tuning", pair.n_fixed)
        _link(view, Outcome.BROKEN, f"{count(pair.n_broken, 'row')} broken by it", pair.n_broken)


def _link(view: View, outcome: Outcome, label: str, n_rows: int) -> None:
    wanted = replace(view.scored_filter, model=None, outcomes=(outcome,))
    st.page_link(
        "pages/errors.py",
        label=label,
        icon=":material/arrow_forward:",
        query_params={**encode_filter(wanted, view.rows.classes), "run": view.run.name},
        disabled=n_rows == 0,
        width="content",
    )
