"""Whether the difference between two models is real, where it is, and the rows on which only one of them is right."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.comparison import PairedComparison
from core.analysis.row_filter import RowFilter
from core.charts.class_differences import make_class_difference_chart
from core.charts.labels import ORIGIN_LABELS, SPLIT_LABELS
from core.charts.palette import INK_OF_THE_PAGE
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.class_clicks import unchosen
from core.ui.clickable import show_clickable_chart
from core.ui.formatting import count, plain
from core.ui.models.contenders import Contender, find_contenders, load_contest
from core.ui.models.flips import show_flip_table, show_flipped_rows
from core.ui.tables import show_table_download
from core.ui.verdict import interval_text, p_text, verdict, warn_of_learned_rows
from core.ui.view import View

_SCROLLS_ABOVE = 24
_SCORES = {"Accuracy": "accuracy", "Macro F1": "macro_f1", "Weighted F1": "weighted_f1"}


def show_significance(view: View) -> None:
    """Let the reader choose two models, of this run or of others with the same rows, and say whether they differ."""
    st.subheader("Is the difference real?", anchor=False, help=glossary.P_VALUE)
    contenders = find_contenders(view)
    if len(contenders) < 2:
        st.caption("There is one model only; train another one, in this run or in one with the same rows.")
        return
    first, second = _pick_two(contenders)
    if first == second:
        st.info("Choose two different models.", icon=":material/compare_arrows:")
        return
    pair = load_contest(view.run, view.scored_filter, first, second)
    st.markdown(verdict(pair, _in_sentence(first), plain(second.label)))
    with st.container():  # one element, whatever is chosen, so that a browser keeps those after it
        st.caption(f"Basis: {_basis(pair, first, second)}.")
        warning = warn_of_learned_rows(pair, _in_sentence(first), plain(second.label))
        if warning is not None:
            st.warning(warning, icon=":material/school:")
    overall, per_class = st.columns(2, gap="large")
    with overall:
        _show_overall(view, pair)
        st.markdown("**Row by row**", help=glossary.FLIPS)
        show_flip_table(pair, first, second)
    with per_class:
        _show_classes(view, pair, first, second)
    with st.container():
        show_flipped_rows(view, pair, first, second)


def overall_table(pair: PairedComparison) -> pd.DataFrame:
    """Return the differences of the overall scores in points, each with interval and p-value."""
    found = {name: getattr(pair, attribute) for name, attribute in _SCORES.items()}
    return pd.DataFrame(
        {
            "Score": list(found),
            "Difference, points": [100 * tested.difference.value for tested in found.values()],
            "95% interval": [interval_text(tested.difference, of_difference=True) for tested in found.values()],
            "p-value": [
                p_text(tested.p_value).removeprefix("p").removeprefix("\u00a0=").strip() for tested in found.values()
            ],
        }
    )


def _pick_two(contenders: list[Contender]) -> tuple[Contender, Contender]:
    """Return the model to compare with and the one to look at; at first the two best expected of the run."""
    by_label = {who.label: who for who in contenders}
    labels = list(by_label)
    with st.container(horizontal=True, gap="small"):
        second = st.selectbox("Is this model better …", labels, key="challenger", bind="query-params", width=280)
        first = st.selectbox(
            "… than this one?",
            labels,
            index=1,
            key="champion",
            bind="query-params",
            width=280,
            help=glossary.OTHER_RUNS,
        )
    return by_label[first], by_label[second]


def _show_overall(view: View, pair: PairedComparison) -> None:
    table = overall_table(pair)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Difference, points": st.column_config.NumberColumn(format="%+.1f"),
            "95% interval": st.column_config.TextColumn(help=glossary.DIFFERENCE_INTERVAL),
            "p-value": st.column_config.TextColumn(help=glossary.P_VALUE),
        },
    )
    show_table_download(lambda: table, stem=f"{view.run.name}_difference_{pair.split}")


def _show_classes(view: View, pair: PairedComparison, first: Contender, second: Contender) -> None:
    st.markdown("**Per class**", help=glossary.P_ADJUSTED)
    n_shown = sum(found is not None for found in pair.per_class)
    if not n_shown:
        st.caption("There is no class for which both models have an F1.")
        return
    st.caption(
        "Filled: real after correction for looking at all classes. Hollow: may be chance. Click to see the rows."
    )
    draw = partial(make_class_difference_chart, pair.per_class, view.rows.classes)

    def pick(k: int) -> RowFilter:
        wanted = replace(view.scored_filter, model=view.filter.model, true=(k,))
        return unchosen(view) if view.filter == wanted else wanted

    with st.container(height=560 if n_shown > _SCROLLS_ABOVE else "content", border=n_shown > _SCROLLS_ABOVE):
        show_clickable_chart(
            partial(draw, stretch=True, ink=INK_OF_THE_PAGE),
            view,
            key="class_differences",
            field="k",
            pick=pick,
            description=f"F1 of each class, {second.label} minus {first.label}, with 95% intervals",
            shows=view.scored_filter,
            options=(first.run.digest, first.model, second.run.digest, second.model),
        )
    show_chart_downloads(
        partial(draw, title=f"F1: {second.label} minus {first.label}", subtitle=_basis(pair, first, second)),
        stem=f"{view.run.name}_class_differences_{pair.split}",
    )


def _basis(pair: PairedComparison, first: Contender, second: Contender) -> str:
    """Return what the comparison rests on: split, rows, origin of the answers."""
    parts = [f"{SPLIT_LABELS[pair.split]} split", f"the same {count(pair.n_rows, 'row')} for both"]
    if pair.first_origin is pair.second_origin:
        parts.append(ORIGIN_LABELS[pair.first_origin])
    else:
        parts += [
            f"{who.label}: {ORIGIN_LABELS[origin]}"
            for who, origin in ((second, pair.second_origin), (first, pair.first_origin))
        ]
    return " · ".join(parts)


def _in_sentence(who: Contender) -> str:
    """Return what a model is called within a sentence, as Markdown."""
    return plain(who.label[0].lower() + who.label[1:])
