"""What to know of the corpus before its scores are trusted, and what was checked and found fine."""

import streamlit as st

from core.analysis.corpus_warnings import Check, CorpusWarnings, Finding, Severity, read_corpus_warnings
from core.analysis.row_filter import RowFilter
from core.artifacts.run import Run
from core.artifacts.schema import CORPUS_WARNINGS, Stage
from core.ui import glossary
from core.ui.caching import BY_DIGEST
from core.ui.filter.state import change_filter
from core.ui.formatting import count, plain
from core.ui.notices import show_stage_missing
from core.ui.view import View

_KEPT = 16
_CHECK_LABELS = {
    Check.CLASS_SIZE: "Sizes of the classes",
    Check.IMBALANCE: "Imbalance",
    Check.LABEL_SHIFT: "Classes per split",
    Check.LENGTH_SHIFT: "Lengths per split",
    Check.VOCABULARY_SHIFT: "Words per split",
    Check.CLASS_OVERLAP: "Overlap of classes",
}
_BADGES = {
    Severity.SERIOUS: ":red-badge[:material/error: serious]",
    Severity.NOTABLE: ":orange-badge[:material/warning: worth knowing]",
    Severity.FINE: ":green-badge[:material/check: fine]",
    Severity.NOT_CHECKED: ":gray-badge[:material/pending: not checked]",
}


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_corpus_warnings(run: Run) -> CorpusWarnings:
    """Return the findings on a run's corpus.

    Raises:
        ArtifactError: If they are missing or damaged.
    """
    return read_corpus_warnings(run)


def show_corpus_warnings(view: View) -> None:
    """Show the findings on the whole corpus, those that are fine folded away; or how to get them."""
    if view.run.record(CORPUS_WARNINGS) is None:
        show_stage_missing(view.run, Stage.WARNINGS, "Checks of the corpus", path=CORPUS_WARNINGS)
        return
    found = load_corpus_warnings(view.run)
    warnings = found.warnings
    others = [*found.of(Severity.FINE), *found.of(Severity.NOT_CHECKED)]
    st.subheader("Before you trust the scores", anchor=False, help=glossary.CORPUS_CHECKS)
    if not warnings:
        st.markdown(f":green-badge[:material/check: fine] {count(len(others), 'check')} of the corpus, no warning.")
    for position, finding in enumerate(warnings):
        _show_warning(view, finding, position)
    if others:
        with st.expander(f"What else was checked ({len(others):,})"):
            st.markdown("\n".join(f"- {_in_words(finding)}" for finding in others))


def _show_warning(view: View, finding: Finding, position: int) -> None:
    words, rows = st.columns([5, 1], gap="medium", vertical_alignment="center")
    words.markdown(_in_words(finding))
    if finding.n_rows:
        with rows:
            wanted = RowFilter(split=finding.split, true=finding.classes)
            st.button(
                f"Show {count(finding.n_rows, 'row')}",
                icon=":material/filter_alt:",
                key=f"corpus_warning_rows_{position}",
                on_click=change_filter,
                args=(wanted, view.rows),
                help="Make these rows the selection of all pages.",
                width="stretch",
            )


def _in_words(finding: Finding) -> str:
    return f"{_BADGES[finding.severity]} **{_CHECK_LABELS[finding.check]}.** {plain(finding.sentence)}"
