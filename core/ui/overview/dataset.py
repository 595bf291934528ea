"""Facts about the corpus."""

from core.artifacts.run import Run
from core.artifacts.schema import Split
from core.charts.labels import SPLIT_LABELS
from core.ui.layout import show_facts


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
