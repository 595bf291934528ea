"""All rows of a run side by side: labels, sizes, metadata, every model's answer, place on the map."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.behaviour import fragile_ids
from core.artifacts.run import Run
from core.artifacts.schema import (
    BEHAVIOUR,
    CLUSTERS,
    EXAMPLES,
    FEATURES,
    ISSUES,
    META_PREFIX,
    NEIGHBOR_PREFIX,
    NEIGHBORS,
    NONE,
    PROJECTION,
    TEXTS,
    Issue,
    ModelName,
    Split,
    Table,
    predictions_table,
)
from core.errors import ArtifactError

FloatArray = npt.NDArray[np.floating]
NEIGHBOR_AGREEMENT = "neighbor_agreement"
CLUSTER = "cluster"
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is known of each row; shared by everybody, so never to be changed.

    `frame` has one row per id, its index. Columns: `split` (category), `label`, `n_chars`, `n_words`; where the run has
    them `n_tokens`, `truncated`, `umap_x`, `umap_y`, `pca_x`, `pca_y`, `cluster`, `neighbor_agreement` (share of the
    nearest training texts with the same label), `issue_<issue>`, `meta_<name>`; and for each model `<model>_pred`,
    `_confidence`, `_true_prob`, `_margin`, `_origin`, and `_fragile` where it was tested with edits. `texts` is None
    without texts. `problems` says which files could not be read.
    """

    frame: pd.DataFrame
    texts: pd.Series | None
    classes: tuple[str, ...]
    models: tuple[ModelName, ...]
    problems: tuple[ArtifactError, ...]

    def __len__(self) -> int:
        """Return the number of rows of the run."""
        return len(self.frame)

    @property
    def metadata(self) -> tuple[str, ...]:
        """Return the columns of the corpus that are kept beside text and label, as `meta_<name>`."""
        return tuple(name for name in self.frame.columns if name.startswith(META_PREFIX))

    @property
    def main_split(self) -> Split:
        """Return the split to begin with: test, or the next best that has rows."""
        present = set(self.frame["split"].unique())
        return next((split for split in (Split.TEST, Split.VALIDATION) if split.value in present), Split.TRAIN)

    def pred(self, model: ModelName) -> npt.NDArray[np.int16]:
        """Return the predicted class of each row."""
        return self.frame[pred_column(model)].to_numpy()

    def right(self, model: ModelName) -> npt.NDArray[np.bool_]:
        """Return whether a model's answer is the label."""
        right: npt.NDArray[np.bool_] = self.pred(model) == self.frame["label"].to_numpy()
        return right


def pred_column(model: ModelName) -> str:
    """Return the column of the predicted class."""
    return f"{model}_pred"


def confidence_column(model: ModelName) -> str:
    """Return the column of the probability that the model gives to its answer, in [0, 1]."""
    return f"{model}_confidence"


def true_prob_column(model: ModelName) -> str:
    """Return the column of the probability that the model gives to the label, in [0, 1]."""
    return f"{model}_true_prob"


def margin_column(model: ModelName) -> str:
    """Return the column of the distance between the two highest probabilities, in [0, 1]."""
    return f"{model}_margin"


def origin_column(model: ModelName) -> str:
    """Return the column that says how the answer relates to what the model was fitted on."""
    return f"{model}_origin"


def fragile_column(model: ModelName) -> str:
    """Return the column that says whether an edit that should change nothing changed the model's answer."""
    return f"{model}_fragile"


def issue_column(issue: Issue) -> str:
    """Return the column that says whether a row has an issue."""
    return f"issue_{issue}"


def answer_columns(pred: npt.NDArray[np.integer], probs: FloatArray, label: npt.NDArray[np.integer]) -> pd.DataFrame:
    """Return what is kept of a model's answers, one row each: pred, confidence, true_prob, margin.

    Args:
        pred: Predicted classes, shape (n,).
        probs: Class probabilities, shape (n, classes), with at least two classes.
        label: True classes, shape (n,).
    """
    each = np.arange(len(pred))
    second, first = np.partition(probs, -2, axis=1)[:, -2:].T
    return pd.DataFrame(
        {"pred": pred, "confidence": probs[each, pred], "true_prob": probs[each, label], "margin": first - second}
    )


def read_rows(run: Run) -> Rows:
    """Join what a run knows of its rows; files other than the examples may be missing or damaged.

    Raises:
        ArtifactError: If the examples are missing or damaged.
    """
    problems: list[ArtifactError] = []
    frame = run.read_table(EXAMPLES).drop(columns=["text_sha256"]).set_index("id")
    frame["split"] = frame["split"].astype("category")
    for table in (FEATURES, PROJECTION, CLUSTERS):
        part = _optional(run, table, problems, partial(run.read_table, table))
        if part is not None:
            frame = frame.join(part.set_index("id"))
    agreement = _optional(run, NEIGHBORS, problems, partial(_neighbor_agreement, run, frame["label"].to_numpy()))
    if agreement is not None:
        frame[NEIGHBOR_AGREEMENT] = agreement
    issues = _optional(run, ISSUES, problems, lambda: run.read_table(ISSUES, ["id", "issue"]))
    if issues is not None:
        for issue in Issue:
            frame[issue_column(issue)] = frame.index.isin(issues["id"][issues["issue"] == issue])
    models = []
    for model in ModelName:
        label = frame["label"].to_numpy()
        answers = _optional(run, predictions_table(model), problems, partial(_answers, run, model, label))
        if answers is not None:
            models.append(model)
            frame[[f"{model}_{name}" for name in answers.columns]] = answers.set_index(frame.index)
    tests = _optional(run, BEHAVIOUR, problems, lambda: run.read_table(BEHAVIOUR))
    if tests is not None:
        for model in models:
            frame[fragile_column(model)] = frame.index.isin(fragile_ids(tests, model))
    texts = _optional(run, TEXTS, problems, lambda: run.read_table(TEXTS).set_index("id")["text"])
    return Rows(
        frame=frame,
        texts=texts,
        classes=run.manifest.corpus.classes,
        models=tuple(models),
        problems=tuple(problems),
    )


def _answers(run: Run, model: ModelName, label: npt.NDArray[np.integer]) -> pd.DataFrame:
    predictions = run.read_table(predictions_table(model), ["pred", "origin"])
    answers = answer_columns(predictions["pred"].to_numpy(), run.read_probabilities(model), label)
    return answers.assign(origin=predictions["origin"].astype("category"))


def _neighbor_agreement(run: Run, label: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    """Return the share of each row's nearest training texts that have its label, shape (rows,)."""
    neighbors = run.read_table(NEIGHBORS).filter(like=NEIGHBOR_PREFIX).to_numpy()
    known = neighbors != NONE
    same = (label[neighbors] == label[:, None]) & known
    agreement: npt.NDArray[np.float32] = same.sum(axis=1, dtype=np.float32) / np.maximum(known.sum(axis=1), 1)
    return agreement


def _optional(run: Run, table: Table, problems: list[ArtifactError], read: Callable[[], _Read]) -> _Read | None:
    """Return what `read` returns; None if the run lacks the file on purpose, or it is damaged, which is noted."""
    if not (run.root / table.path).exists():
        return None
    try:
        return read()
    except ArtifactError as error:
        problems.append(error)
        return None
