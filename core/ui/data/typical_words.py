"""The words that are typical of each class, as charts that search for a word when it is clicked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.row_filter import RowFilter
from core.analysis.typical_words import TypicalWord
from core.artifacts.schema import TEXTS
from core.charts.labels import short_labels
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.typical_words import make_typical_words_chart, make_typical_words_figure
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.data.reads import TypicalWords, load_class_balance, load_typical_words
from core.ui.data.rows_basis import basis_of_rows
from core.ui.filter.link import MAX_TEXT
from core.ui.formatting import count, plain
from core.ui.notices import show_stage_missing
from core.ui.tables import show_table_download
from core.ui.view import View

_ALL_UP_TO = 8
_SHOWN = 6
_COLUMNS = 3


def show_typical_words(view: View) -> None:
    """Show typical words per class, of all classes if there are few, else of those that the reader picks."""
    if view.rows.texts is None:
        show_stage_missing(view.run, TEXTS.stage, "Typical words", path=TEXTS.path)
        return
    typical = load_typical_words(view.run, view.filter)
    if not any(typical.words):
        st.caption("No word is typical of a class here: these rows are too few, or of one class only.")
        return
    shown = list(range(len(view.rows.classes))) if len(view.rows.classes) <= _ALL_UP_TO else _pick_classes(view)
    words = {k: typical.words[k] for k in shown}
    basis = _basis(view, typical)
    if not any(words.values()):
        st.caption("No word is typical of the classes that are chosen.")
        return
    _show_charts(view, words)
    st.caption(
        f"{basis}. Bars: z-score. Numbers: times in the class : times in all others."
        " Click a word to look at the rows whose text contains it, also inside longer words."
    )
    stem = f"{view.run.name}_typical_words"
    with st.container(horizontal=True, gap="small"):
        show_chart_downloads(
            partial(make_typical_words_figure, words, view.rows.classes, subtitle=f"run {view.run.name} · {basis}"),
            stem=stem,
        )
        show_table_download(partial(typical_words_table, words, view.rows.classes), stem=stem)


def typical_words_table(words: Mapping[int, Sequence[TypicalWord]], classes: Sequence[str]) -> pd.DataFrame:
    """Return one row per class and word, as it is saved."""
    return pd.DataFrame(
        [
            {
                "class": classes[k],
                "word": word.word,
                "z_score": round(word.z, 3),
                "log_odds_ratio": round(word.log_odds, 4),
                "n_in_class": word.n_in_class,
                "n_in_rest": word.n_in_rest,
            }
            for k, of_class in words.items()
            for word in of_class
        ]
    )


def _pick_classes(view: View) -> list[int]:
    """Let the reader pick classes; at first those of the filter, else the largest of the split."""
    classes = view.rows.classes
    balance = load_class_balance(view.run, view.filter)
    default = list(view.filter.true or balance.largest_first(view.filter.split))[:_SHOWN]
    chosen = st.multiselect(
        "Classes",
        classes,
        default=[classes[k] for k in default],
        key=f"words_of_{'_'.join(map(str, view.filter.true))}",
        max_selections=_ALL_UP_TO,
        placeholder="Choose classes",
    )
    return [classes.index(name) for name in chosen]


def _show_charts(view: View, words: Mapping[int, Sequence[TypicalWord]]) -> None:
    z_max = max(word.z for of_class in words.values() for word in of_class)
    shown = list(words.items())
    names = short_labels(view.rows.classes)
    for start in range(0, len(shown), _COLUMNS):
        for column, (k, of_class) in zip(
            st.columns(_COLUMNS, gap="medium"), shown[start : start + _COLUMNS], strict=False
        ):
            with column:
                name = names[k]
                st.markdown(f"**{plain(name)}**")
                if not of_class:
                    st.caption("No word stands out.")
                    continue
                show_clickable_chart(
                    partial(
                        make_typical_words_chart,
                        of_class,
                        k=k,
                        z_max=z_max,
                        chosen=view.filter.text,
                        stretch=True,
                        ink=INK_OF_THE_PAGE,
                    ),
                    view,
                    key=f"words_{k}",
                    field="i",
                    pick=partial(_toggle_word, view.filter, of_class),
                    description=f"Words typical of {name}",
                    shows=replace(view.filter, true=()),
                    options=(z_max,),
                )


def _toggle_word(row_filter: RowFilter, words: Sequence[TypicalWord], i: int) -> RowFilter:
    wanted = words[i].word[:MAX_TEXT]
    return replace(row_filter, text="" if row_filter.text == wanted else wanted)


def _basis(view: View, typical: TypicalWords) -> str:
    rows = f"{basis_of_rows(view, typical.n_rows)}, whatever class and text the filter asks for"
    if typical.n_texts == typical.n_rows:
        return rows
    return f"{rows}, of which {count(typical.n_texts, 'text')} were drawn at random"
