"""Facts about the corpus and its class balance."""

import streamlit as st

from core.artifacts.run import Run
from core.artifacts.schema import Split
from core.charts.balance import make_class_balance_chart
from core.charts.labels import SPLIT_LABELS
from core.ui.formatting import count
from core.ui.layout import show_facts
from core.ui.reads import load_class_counts

_SCROLLS_ABOVE = 24


def show_corpus(run: Run) -> None:
    """Show where the texts come from and how many there are."""
    corpus = run.manifest.corpus
    parts = (f"{SPLIT_LABELS[split]} {corpus.n_rows.get(split, 0):,}" for split in Split)
    few = len(corpus.classes) <= 12
    facts = [
        ("Name", corpus.name),
        ("Source", corpus.source),
        ("Revision", corpus.revision),
        ("Licence", corpus.licence or "not stated"),
        ("Rows", f"{run.manifest.n_rows:,}: {', '.join(parts)}"),
        ("Classes", f"{len(corpus.classes):,}" + (f": {', '.join(corpus.classes)}" if few else "")),
    ]
    show_facts([*facts, *(("Note", note) for note in corpus.notes)])


def show_class_balance(run: Run) -> None:
    """Show how many rows each class has."""
    counts = load_class_counts(run)
    chart = make_class_balance_chart(counts, run.manifest.corpus.classes, stretch=True)
    totals = [sum(part) for part in zip(*counts.values(), strict=True)]
    with st.container(height=420 if len(totals) > _SCROLLS_ABOVE else "content", border=len(totals) > _SCROLLS_ABOVE):
        st.altair_chart(chart, width="stretch", alt="Rows per class over all splits")
    st.caption(f"All splits. Largest class {count(max(totals), 'row')}, smallest {count(min(totals), 'row')}.")
