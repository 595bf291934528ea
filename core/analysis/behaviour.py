"""How often a model changes its answer when a text is edited without changing what it means.

Each rate counts texts, at most one change each, so that its interval holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.edits import STRICT
from core.analysis.paired_tests import mcnemar_p
from core.analysis.rates import wilson_interval
from core.artifacts.schema import Edit, ModelName

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRate:
    """Texts that were edited, those whose answer changed, and of these the ones that had been answered rightly.

    `confidence_shift` is the mean distance between the confidences before and after, where the answer stayed, in
    [0, 1]; None where it never did.
    """

    n_rows: int
    n_changed: int
    n_were_right: int
    confidence_shift: float | None = None

    @property
    def share(self) -> float:
        """Return the share of the edited texts whose answer changed, in [0, 1]."""
        return self.n_changed / self.n_rows

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95% Wilson score interval of the share."""
        return wilson_interval(self.n_changed, self.n_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChanges:
    """Texts edited and changed of one model, both int of shape (edits, classes), in the order of `Behaviour.edits`."""

    n_rows: IntArray
    n_changed: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """Texts on which only one of two models changed its answer, and the p-value of McNemar's exact test of that."""

    models: tuple[ModelName, ModelName]
    n_only: tuple[int, int]
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What edits did to the answers of every tested model.

    `overall` counts a text as changed if any strict edit changed its answer. `edits` are those that changed the words
    of some text, in the order of `Edit`; `by_edit` lacks an edit where a model has no text of it.
    """

    models: tuple[ModelName, ...]
    edits: tuple[Edit, ...]
    overall: Mapping[ModelName, ChangeRate]
    by_edit: Mapping[tuple[ModelName, Edit], ChangeRate]
    by_class: Mapping[ModelName, ClassChanges]
    difference: PairedDifference | None


def compute_behaviour(tests: pd.DataFrame, label: IntArray, selected: BoolArray, *, n_classes: int) -> Behaviour | None:
    """Return how the models behave on some rows; None if no text of these was edited.

    Args:
        tests: Rows of `behaviour.parquet`.
        label: True class of every row of the run, shape (rows,).
        selected: Which rows count, shape (rows,).
        n_classes: Number of classes of the run.
    """
    tests = tests[selected[tests["id"].to_numpy()]]
    if tests.empty:
        return None
    tests = tests.assign(changed=changed_answers(tests), label=label[tests["id"].to_numpy()])
    tests["right"] = tests["original_pred"] == tests["label"]
    known = {model: part for model in ModelName if len(part := tests[tests["model"] == model.value])}
    edits = tuple(edit for edit in Edit if (tests["edit"] == edit.value).any())
    strict = {model: _per_text(part) for model, part in known.items()}
    return Behaviour(
        models=tuple(known),
        edits=edits,
        overall={model: _rate(texts) for model, texts in strict.items() if len(texts)},
        by_edit={
            (model, edit): _rate(cases)
            for model, part in known.items()
            for edit in edits
            if len(cases := part[part["edit"] == edit.value])
        },
        by_class={model: _by_class(part, edits, n_classes) for model, part in known.items()},
        difference=_difference(strict),
    )


def changed_answers(tests: pd.DataFrame) -> BoolArray:
    """Return which edits changed the answer, shape (tests,), rows as of `behaviour.parquet`."""
    changed: BoolArray = tests["pred"].to_numpy() != tests["original_pred"].to_numpy()
    return changed


def fragile_ids(tests: pd.DataFrame, model: ModelName) -> IntArray:
    """Return the rows whose answer some strict edit changed, in order, rows as of `behaviour.parquet`."""
    counts = (tests["model"] == model.value) & tests["edit"].isin([edit.value for edit in STRICT])
    found: IntArray = np.unique(tests["id"].to_numpy()[counts.to_numpy() & changed_answers(tests)])
    return found


def changed_cases(
    tests: pd.DataFrame, label: IntArray, selected: BoolArray, model: ModelName, edit: Edit
) -> pd.DataFrame:
    """Return the texts of some rows whose answer an edit changed, rows and columns as of `behaviour.parquet`.

    Those that were answered rightly come first, and of these the surest.

    Args:
        tests: Rows of `behaviour.parquet`.
        label: True class of every row of the run, shape (rows,).
        selected: Which rows count, shape (rows,).
        model: Whose answers.
        edit: Which edit.
    """
    of_both = ((tests["model"] == model.value) & (tests["edit"] == edit.value)).to_numpy()
    cases = tests[of_both & changed_answers(tests) & selected[tests["id"].to_numpy()]]
    wrong = cases["original_pred"].to_numpy() != label[cases["id"].to_numpy()]
    ranked: pd.DataFrame = cases.iloc[np.lexsort((cases["id"], -cases["original_confidence"], wrong))]
    return ranked


def _per_text(tests: pd.DataFrame) -> pd.DataFrame:
    """Return one row per text of a model: whether any strict edit changed the answer, and whether it was right."""
    strict = tests[tests["edit"].isin([edit.value for edit in STRICT])]
    texts: pd.DataFrame = strict.groupby("id").agg({"changed": "any", "right": "first"})
    return texts


def _rate(cases: pd.DataFrame) -> ChangeRate:
    changed = cases["changed"].to_numpy(dtype=np.bool_)
    shift = None
    if "confidence" in cases and not changed.all():
        shift = float((cases["confidence"] - cases["original_confidence"]).abs()[~changed].mean())
    return ChangeRate(
        n_rows=len(cases),
        n_changed=int(changed.sum()),
        n_were_right=int((changed & cases["right"].to_numpy(dtype=np.bool_)).sum()),
        confidence_shift=shift,
    )


def _by_class(tests: pd.DataFrame, edits: tuple[Edit, ...], n_classes: int) -> ClassChanges:
    position = {edit.value: at for at, edit in enumerate(edits)}
    cell = tests["edit"].map(position).to_numpy(dtype=np.intp) * n_classes + tests["label"].to_numpy(dtype=np.intp)
    shape, size = (len(edits), n_classes), len(edits) * n_classes
    return ClassChanges(
        n_rows=np.bincount(cell, minlength=size).reshape(shape),
        n_changed=np.bincount(cell[tests["changed"].to_numpy(dtype=np.bool_)], minlength=size).reshape(shape),
    )


def _difference(strict: Mapping[ModelName, pd.DataFrame]) -> PairedDifference | None:
    """Return how the first and the last model differ on the texts that both were tested with."""
    if len(strict) < 2:
        return None
    names = list(strict)
    models = (names[0], names[-1])
    both = strict[models[0]].join(strict[models[1]], lsuffix="_first", rsuffix="_second", how="inner")
    if both.empty:
        return None
    first, second = both["changed_first"], both["changed_second"]
    n_only = (int((first & ~second).sum()), int((second & ~first).sum()))
    return PairedDifference(models=models, n_only=n_only, p_value=mcnemar_p(*n_only))
