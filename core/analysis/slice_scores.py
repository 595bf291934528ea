"""Which slices a run keeps: those found on one held-out split, counted on it and on the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.analysis.rows import Rows
from core.analysis.slice_conditions import Candidates, list_candidates
from core.analysis.slice_counts import Tried, count_slices, count_split, some_rows
from core.analysis.slice_search import distinct_masks, search_combinations, surely_explained
from core.analysis.slices import RunSlices, SliceKind
from core.artifacts.schema import ModelName, Split

BoolArray = npt.NDArray[np.bool_]

MAX_SEARCHED = 20_000
_WORDS_KEPT = 40
_COMBINATIONS_KEPT = 40
_DIFFERING_WORDS_KEPT = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searched:
    """The searched rows: what was tried, and which rows each model gets wrong, shape (models, rows)."""

    candidates: Candidates
    wrong: BoolArray


def sliced_models(models: Sequence[ModelName]) -> tuple[ModelName, ...]:
    """Return the models that look at the text, since the errors of the other are those of all classes but one."""
    return tuple(model for model in models if model is not ModelName.DUMMY)


def compute_slices(rows: Rows, *, min_support: int, seed: int) -> RunSlices:
    """Return the slices of a run: all simple ones but words, and the words and combinations that explain most errors.

    Args:
        rows: All rows of the run, with predictions of a model that looks at the text, some of them held out.
        min_support: Rows that a slice has at least.
        seed: Draws the rows that are searched if there are more than 20,000.

    Raises:
        ValueError: If there is no such model or no held-out row.
    """
    models = sliced_models(rows.models)
    held = [s for s in (Split.VALIDATION, Split.TEST) if (rows.frame["split"] == s.value).any()]
    if not models or not held:
        raise ValueError(f"slices of the models {models} on the splits {held}, expected at least one of each")
    searched = _search(rows, models, held[0], min_support=min_support, seed=seed)
    conditions, combined = searched.candidates.conditions, np.flatnonzero(searched.candidates.combined)
    found: list[tuple[int, ...]] = [(c,) for c in _kept_simple(searched)]
    n_combined = []
    for wrong in searched.wrong:
        result = search_combinations(
            searched.candidates.masks[combined], wrong, min_support=min_support, n_kept=_COMBINATIONS_KEPT
        )
        n_combined.append(result.n_tried)
        found += [tuple(int(combined[c]) for c in members) for members in result.members]
    return RunSlices(
        classes=rows.classes,
        models=models,
        searched_on=held[0],
        min_support=min_support,
        n_simple=len(conditions),
        n_combined=tuple(n_combined),
        totals=tuple(count_split(rows, models, split) for split in held),
        slices=count_slices(
            rows,
            models,
            held,
            [tuple(conditions[c] for c in members) for members in dict.fromkeys(found)],
            tried=Tried(n_simple=len(conditions), n_combined=tuple(n_combined)),
        ),
    )


def _search(rows: Rows, models: Sequence[ModelName], split: Split, *, min_support: int, seed: int) -> _Searched:
    ids = np.flatnonzero(rows.frame["split"] == split.value)
    if len(ids) > MAX_SEARCHED:
        ids = np.sort(np.random.default_rng(seed).choice(ids, MAX_SEARCHED, replace=False))
    part = some_rows(rows, ids)
    return _Searched(
        candidates=list_candidates(part, min_support=min_support),
        wrong=np.array([~part.right(model) for model in models]),
    )


def _kept_simple(searched: _Searched) -> list[int]:
    """Return the candidates to keep: those of lengths once, the words that matter most, all of any other kind."""
    conditions, masks = searched.candidates.conditions, searched.candidates.masks
    of_kind = {kind: [c for c, one in enumerate(conditions) if one.kind is kind] for kind in SliceKind}
    lengths = of_kind[SliceKind.LENGTH]
    kept = [lengths[position] for position in distinct_masks(masks[lengths])]
    kept += [c for kind in SliceKind if kind not in (SliceKind.LENGTH, SliceKind.WORD) for c in of_kind[kind]]
    words = np.array(of_kind[SliceKind.WORD], dtype=np.intp)
    if not len(words):
        return kept
    n_rows = masks[words].sum(axis=1)
    for wrong in searched.wrong:
        sure = surely_explained(masks[words] @ wrong.astype(np.float32), n_rows, int(wrong.sum()), len(wrong))
        order = np.argsort(-sure, kind="stable")[: 2 * _WORDS_KEPT]
        kept += words[order][distinct_masks(masks[words[order]])][:_WORDS_KEPT].tolist()
    if len(searched.wrong) == 2:
        gain = searched.wrong[0].astype(np.float64) - searched.wrong[1]
        mean = masks[words] @ gain / n_rows
        z = (mean - gain.mean()) / (gain.std() / np.sqrt(n_rows) + 1e-12)
        order = np.argsort(-np.abs(z), kind="stable")[:_DIFFERING_WORDS_KEPT]
        kept += words[order].tolist()
    return list(dict.fromkeys(kept))
