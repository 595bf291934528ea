"""The files of a run: what each is for, how large it is, and whether it is on this machine."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.artifacts.run import Run
from core.artifacts.schema import (
    ATTRIBUTIONS,
    BEHAVIOUR,
    CALIBRATION,
    CLUSTERS,
    COMPARISON,
    CORPUS_WARNINGS,
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    FIGURES_DIR,
    FINETUNED_DIR,
    ISSUES,
    LOGREG_ESTIMATOR,
    LOGREG_HEAD,
    METRICS,
    NEIGHBORS,
    PROJECTION,
    SLICES,
    TEXTS,
    TRAINING_LOG,
    ModelName,
    Stage,
    predictions_table,
)
from core.ui.formatting import NOTHING, size
from core.ui.layout import show_text_table

_PURPOSES = {
    EXAMPLES.path: "one row per text: split, class, length, further columns of the corpus",
    TEXTS.path: "the texts, apart, so that a run can be handed on without them",
    FEATURES.path: "tokens per text, and whether it was cut",
    EMBEDDINGS: "one vector per text from the frozen encoder",
    predictions_table(ModelName.DUMMY).path: "answers of the most frequent class",
    predictions_table(ModelName.LOGREG).path: "class and probabilities by logistic regression, for every text",
    LOGREG_HEAD: "weights of the logistic regression",
    LOGREG_ESTIMATOR: "the same for your own Python; the dashboard never opens it",
    predictions_table(ModelName.FINETUNED).path: "class and probabilities by the fine-tuned encoder, for every text",
    f"{FINETUNED_DIR}/": "the fine-tuned encoder, a Hugging Face checkpoint with its tokenizer",
    TRAINING_LOG.path: "loss and validation scores while it was trained",
    PROJECTION.path: "each vector as a point on the two maps",
    METRICS: "scores and confusion matrices of every model on every split",
    COMPARISON: "intervals of these scores, and paired tests between the models",
    CALIBRATION: "how far the confidence of the models can be trusted, and their temperatures",
    NEIGHBORS.path: "the nearest training texts of each text",
    CLUSTERS.path: "groups of texts that look alike to the frozen encoder",
    ISSUES.path: "what may be wrong with rows: labels, duplicates, leakage, odd texts",
    CORPUS_WARNINGS: "what to know of the corpus before its scores are trusted",
    SLICES: "groups of rows on which the models are weak, or differ most",
    ATTRIBUTIONS.path: "how much each word of some errors adds to a class",
    BEHAVIOUR.path: "answers to texts that were edited without changing their meaning",
    ISSUES.path: "suspected labels, duplicates, leaks, outliers, odd texts",
    f"{FIGURES_DIR}/": "confusion matrices and F1 per class as PNG and SVG",
}
_FOLDERS = tuple(path for path in _PURPOSES if path.endswith("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """A file, or a folder whose files belong together; `missing` are those of its files that are not on disk."""

    path: str
    stage: Stage
    n_bytes: int
    n_rows: int | None
    missing: tuple[str, ...]

    @property
    def purpose(self) -> str | None:
        """Return what it is for, None for a file that Misread does not know."""
        return _PURPOSES.get(self.path)


def files_of(run: Run) -> list[RunFile]:
    """Return what the manifest lists, in the order in which it was made, folders as one entry."""
    found = []
    for stage in Stage:
        record = run.manifest.stages.get(stage)
        members: dict[str, list[str]] = {}
        for path in record.files if record else ():
            folder = next((folder for folder in _FOLDERS if path.startswith(folder)), path)
            members.setdefault(folder, []).append(path)
        for name, paths in members.items():
            records = [known for path in paths if (known := run.record(path))]
            found.append(
                RunFile(
                    path=name,
                    stage=stage,
                    n_bytes=sum(known.bytes for known in records),
                    n_rows=records[0].rows if len(records) == 1 else None,
                    missing=tuple(path for path in paths if not run.has(path)),
                )
            )
    return found


def file_table(run: Run) -> pd.DataFrame:
    """Return one row per file or folder."""
    files = files_of(run)
    return pd.DataFrame(
        {
            "File": [file.path for file in files],
            "Holds": [file.purpose or NOTHING for file in files],
            "Rows": [NOTHING if file.n_rows is None else f"{file.n_rows:,}" for file in files],
            "Size": [size(file.n_bytes) for file in files],
            "On this machine": ["no" if file.missing else "yes" for file in files],
        }
    )


def show_files(run: Run) -> None:
    """List the files of the run."""
    show_text_table(file_table(run))
    st.caption("`manifest.json` lists all of them with their digests, and the settings that they were made with.")
