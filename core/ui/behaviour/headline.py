"""How often the answers change at all, model by model."""

import streamlit as st

from core.analysis.behaviour import Behaviour, ChangeRate, PairedDifference
from core.analysis.row_filter import RowFilter
from core.artifacts.schema import ModelName, Split
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.behaviour.meanings import FAILURE, STRICT_AND_SOFT
from core.ui.behaviour.reads import load_tests
from core.ui.filter.state import change_filter
from core.ui.formatting import count, percent
from core.ui.view import View

_DIFFERENCE = (
    "Exact McNemar test over the texts on which only one of the two models changed its answer: the probability of so"
    " uneven a split if both models changed alike. Below 5%, chance is an unlikely explanation."
)


def show_headline(view: View, behaviour: Behaviour) -> None:
    """Show the share of texts with a changed answer of each model, and whether the models differ."""
    for column, model in zip(
        st.columns(max(2, len(behaviour.models)), gap="medium"), reversed(behaviour.models), strict=False
    ):
        rate = behaviour.overall.get(model)
        if rate is not None:
            with column.container(border=True, height="stretch"):
                _show_rate(model, rate)
    if behaviour.difference is not None:
        _show_difference(behaviour.difference)
    n_texts = max((rate.n_rows for rate in behaviour.overall.values()), default=0)
    chosen = view.filter.without_answers() != view.filter
    whatever = ", whatever class, answer or confidence is chosen" if chosen else ""
    st.caption(
        f"Basis: {count(n_texts, 'edited text')} of the {SPLIT_LABELS[view.split]} split under this filter,"
        f" {count(len(behaviour.edits), 'kind')} of edits{whatever}.",
        help=STRICT_AND_SOFT,
    )


def show_nothing_tested(view: View) -> None:
    """Say that the filter leaves no edited text, and offer those that there are."""
    ids = load_tests(view.run)["id"]
    if ids.empty:
        st.info("No edit changed any text of this run, so there is nothing to test.", icon=":material/check:")
        return
    split = Split(view.rows.frame["split"].iloc[ids.iloc[0]])
    n_texts = count(ids.nunique(), "text")
    st.info(
        f"No text under this filter was edited; {n_texts} of the {SPLIT_LABELS[split]} split were.",
        icon=":material/filter_alt_off:",
    )
    st.button(
        f"Look at the {SPLIT_LABELS[split]} split",
        on_click=change_filter,
        args=(RowFilter(split=split, model=view.filter.model), view.rows),
    )


def _show_rate(model: ModelName, rate: ChangeRate) -> None:
    st.markdown(f"**{MODEL_LABELS[model]}** changes its answer", help=f"{FAILURE}\n\n{glossary.MODELS[model]}")
    low, high = (percent(end) for end in rate.interval)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.metric("Texts", percent(rate.share), label_visibility="collapsed", width="content")
        st.markdown(f"of the texts  \n:gray[95% interval {low} – {high}]", width="content")
    n_wrong = rate.n_changed - rate.n_were_right
    st.caption(
        f"{rate.n_changed:,} of {count(rate.n_rows, 'text')}: {rate.n_were_right:,} that were right before the edit,"
        f" {n_wrong:,} that were wrong."
    )


def _show_difference(found: PairedDifference) -> None:
    first, second = (MODEL_LABELS[model] for model in found.models)
    p = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.3f}"
    st.markdown(
        f"Only {first} changes its answer on **{count(found.n_only[0], 'text')}**, only {second} on"
        f" **{count(found.n_only[1], 'text')}** ({p}).",
        help=_DIFFERENCE,
    )
