"""The corpus of a run, read back."""

import pandas as pd

from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, META_PREFIX, TEXTS
from core.data.corpus import Corpus, count_rows
from core.data.splitting import sample_rows


def corpus_of_run(run: Run, *, limit: int | None = None, seed: int = 42) -> Corpus:
    """Return a run's texts, labels, splits and metadata; only about `limit` rows, drawn by class and split, if given.

    Raises:
        ArtifactError: If the run's examples or texts are missing.
    """
    examples = run.read_table(EXAMPLES)
    texts = run.read_table(TEXTS)
    columns = ["label", "split", *(name for name in examples.columns if name.startswith(META_PREFIX))]
    frame = pd.concat([texts[["text"]], examples[columns]], axis=1)
    info = run.manifest.corpus
    if limit is not None:
        frame = sample_rows(frame, limit=limit, seed=seed)
        note = f"limited to {len(frame):,} of {len(examples):,} rows of the run {run.name}"
        info = info.model_copy(update={"n_rows": count_rows(frame["split"]), "notes": (*info.notes, note)})
    return Corpus(frame=frame, info=info)
