"""What to know of the corpus before its scores are trusted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    import pandas as pd

    from core.analysis.corpus_warnings import CorpusWarnings, Finding
    from core.artifacts.run import Run
    from core.artifacts.schema import Split
    from core.artifacts.workspace import Workspace


def warn(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Check the corpus: sizes of classes, shifts between splits, overlap of classes."""
    from core.analysis.corpus_warnings import Severity
    from core.artifacts.schema import CORPUS_WARNINGS, EMBEDDINGS, EXAMPLES, TEXTS, Stage

    run = workspace.run
    inputs = [path for path in (EXAMPLES.path, TEXTS.path, EMBEDDINGS) if run.record(path) is not None]
    absent = [path for path in inputs if not run.has(path)]
    if absent:
        return f"{workspace.name}: {' and '.join(absent)} not here, so the corpus warnings stay as they are"
    recorded = {"seed": seed}
    if workspace.is_fresh(Stage.WARNINGS, recorded, inputs):
        return f"{workspace.name}: the corpus warnings are unchanged"
    libraries = ["scipy", "scikit-learn", "numpy"]
    with workspace.stage(Stage.WARNINGS, settings=recorded, inputs=inputs, libraries=libraries) as writer:
        found = check_corpus(run, seed=seed)
        writer.text(CORPUS_WARNINGS, found.model_dump_json(indent=1) + "\n")
    n_warnings, n_fine = len(found.warnings), len(found.of(Severity.FINE))
    return f"{workspace.name}: wrote {CORPUS_WARNINGS} (warnings: {n_warnings}, checked and fine: {n_fine})"


def check_corpus(run: "Run", *, seed: int) -> "CorpusWarnings":
    """Return the findings of every check that the run has the means for."""
    import numpy as np

    from core.analysis.class_balance import ClassBalance
    from core.analysis.class_warnings import find_imbalance, find_small_classes
    from core.analysis.corpus_warnings import CorpusWarnings
    from core.artifacts.schema import EXAMPLES, Split

    examples = run.read_table(EXAMPLES, ["split", "label", "n_words", "text_sha256"])
    classes = run.manifest.corpus.classes
    by_split = {split: examples[examples["split"] == split] for split in Split}
    balance = ClassBalance(
        classes=classes,
        counts={
            split: tuple(np.bincount(rows["label"], minlength=len(classes)).tolist())
            for split, rows in by_split.items()
            if len(rows)
        },
    )
    return CorpusWarnings(
        classes=classes,
        findings=(
            *find_small_classes(balance),
            find_imbalance(balance),
            *_shifts(run, by_split, seed=seed),
            *_overlap(run, by_split[Split.TRAIN], seed=seed),
        ),
    )


def _shifts(run: "Run", by_split: "dict[Split, pd.DataFrame]", *, seed: int) -> "Iterator[Finding]":
    import numpy as np

    from core.analysis.corpus_warnings import Check, Finding, Severity
    from core.analysis.split_shift import find_label_shift, find_length_shift, find_vocabulary_shift
    from core.artifacts.schema import TEXTS, Split

    train, classes = by_split[Split.TRAIN], run.manifest.corpus.classes
    others = {split: rows for split, rows in by_split.items() if split is not Split.TRAIN and len(rows)}
    if not others:
        yield Finding(
            check=Check.LABEL_SHIFT,
            severity=Severity.NOT_CHECKED,
            sentence="Shifts between splits: all texts are in train, and no split is left to measure models on.",
        )
    texts = run.read_table(TEXTS)["text"]
    for split, rows in others.items():
        yield find_label_shift(
            np.bincount(train["label"], minlength=len(classes)).tolist(),
            np.bincount(rows["label"], minlength=len(classes)).tolist(),
            split=split,
            classes=classes,
        )
        yield find_length_shift(train["n_words"].to_numpy(), rows["n_words"].to_numpy(), split=split)
        yield find_vocabulary_shift(texts[train.index].tolist(), texts[rows.index].tolist(), split=split, seed=seed)


def _overlap(run: "Run", train: "pd.DataFrame", *, seed: int) -> "Iterator[Finding]":
    from core.analysis.class_overlap import find_class_overlap
    from core.analysis.corpus_warnings import Check, Finding, Severity
    from core.artifacts.schema import EMBEDDINGS

    if run.record(EMBEDDINGS) is None:
        yield Finding(
            check=Check.CLASS_OVERLAP,
            severity=Severity.NOT_CHECKED,
            sentence="Overlap of classes: there are no vectors of the texts yet.",
        )
        return
    import pandas as pd

    yield from find_class_overlap(
        run.read_embeddings(),
        train.index.to_numpy(),
        train["label"].to_numpy(),
        pd.factorize(train["text_sha256"])[0],
        classes=run.manifest.corpus.classes,
        seed=seed,
    )
