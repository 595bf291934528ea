"""Slices: what they are made of, how they are found, counted and tested."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from scipy.stats import false_discovery_control, fisher_exact
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from core.analysis.row_filter import select_rows
from core.analysis.rows import Rows
from core.analysis.slice_counts import adjusted_p_values
from core.analysis.slice_lines import Held, differing_lines, held_on_other, weak_lines
from core.analysis.slice_scores import compute_slices
from core.analysis.slices import Condition, RunSlices, SliceKind, slice_filter
from core.artifacts.schema import ModelName, Split
from tests.analysis.small_rows import small_rows

N = 600
WORDS = ("red", "green", "blue", "café", "don't", "ẞig")
TUNED = ModelName.FINETUNED


def random_rows(*, planted: bool, seed: int = 5) -> Rows:
    """Return validation and test rows of two classes, 10% wrong at random; planted: 80% of “red” in chat."""
    rng = np.random.default_rng(seed)
    n = 2 * N
    has = rng.random((n, len(WORDS))) < 0.35
    texts = [
        " ".join(["so", *(w.upper() if i % 2 else w for w, h in zip(WORDS, row, strict=True) if h)])
        for i, row in enumerate(has)
    ]
    source = rng.choice(["chat", "mail", "post"], n)
    wrong = rng.random((2, n)) < 0.1
    if planted:
        wrong[1] |= has[:, 0] & (source == "chat") & (rng.random(n) < 0.8)
    label = rng.integers(0, 2, n)
    frame = pd.DataFrame(
        {
            "split": pd.Categorical(np.repeat(["validation", "test"], N)),
            "label": label,
            "n_words": has.sum(axis=1) + 1,
            "n_chars": [len(text) for text in texts],
            "meta_source": source,
            "meta_score": rng.random(n).round(3),
            "cluster": rng.integers(0, 3, n),
            "logreg_pred": np.where(wrong[0], 1 - label, label),
            "finetuned_pred": np.where(wrong[1], 1 - label, label),
        },
        index=pd.RangeIndex(n, name="id"),
    )
    return Rows(
        frame=frame,
        texts=pd.Series(texts, index=frame.index, dtype="str"),
        classes=("neg", "pos"),
        models=(ModelName.LOGREG, TUNED),
        problems=(),
    )


@pytest.fixture(scope="module")
def rows() -> Rows:
    return random_rows(planted=True)


@pytest.fixture(scope="module")
def slices(rows: Rows) -> RunSlices:
    return compute_slices(rows, min_support=20, seed=0)


def test_counts_are_those_of_the_rows_that_the_filter_selects(rows, slices):
    right = {model: rows.right(model) for model in slices.models}
    assert {found.kind for found in slices.slices} == {*SliceKind} - {SliceKind.TAG}
    for found in slices.slices:
        for part in found.splits:
            wanted = slice_filter(found.conditions, rows)
            mask = select_rows(rows, replace(wanted, split=part.split))
            assert part.n_rows == mask.sum()
            assert part.n_errors == tuple((~right[model])[mask].sum() for model in slices.models)
            logreg, tuned = (right[model][mask] for model in slices.models)
            assert part.n_only_right == ((logreg & ~tuned).sum(), (tuned & ~logreg).sum())


def test_p_values_are_those_of_scipy_and_statsmodels(slices):
    for split in (Split.VALIDATION, Split.TEST):
        total = slices.total(split)
        for found in slices.slices:
            part = found.on(split)
            for errors, all_errors, p in zip(part.n_errors, total.n_errors, part.p_values, strict=True):
                rest = total.n_rows - part.n_rows
                table = [[errors, part.n_rows - errors], [all_errors - errors, rest - all_errors + errors]]
                assert p == pytest.approx(fisher_exact(table).pvalue, rel=1e-3)
        only = [found.on(split).n_only_right for found in slices.slices]
        paired = [min(1.0, mcnemar([[0, a], [b, 0]], exact=True).pvalue) for a, b in only]
        n_tried = len(paired) if split is Split.TEST else slices.n_simple + sum(slices.n_combined)
        expected = false_discovery_control([*paired, *[1.0] * (n_tried - len(paired))])[: len(paired)]
        assert [found.on(split).p_paired for found in slices.slices] == pytest.approx(expected, rel=1e-3)


def test_searched_split_is_corrected_for_all_that_was_tried_and_the_other_for_what_is_kept(slices):
    combined = [found for found in slices.slices if found.kind is SliceKind.COMBINATION]
    p = [found.on(Split.VALIDATION).p_values[1] for found in combined]
    untried = [1.0] * (slices.n_combined[1] - len(combined))
    adjusted = [found.on(Split.VALIDATION).p_adjusted[1] for found in combined]
    assert adjusted == pytest.approx(false_discovery_control([*p, *untried])[: len(p)], rel=2e-3)
    checked = [found.on(Split.TEST) for found in slices.slices]
    expected = false_discovery_control([part.p_values[1] for part in checked])
    assert [part.p_adjusted[1] for part in checked] == pytest.approx(expected, rel=2e-3)


def test_adjusted_p_values_by_hand():
    assert adjusted_p_values(np.array([0.02, 0.001, 0.6]), 10).tolist() == pytest.approx([0.1, 0.01, 1.0])
    assert adjusted_p_values(np.array([]), 10).tolist() == []


def test_word_is_a_place_in_a_text_and_nothing_without_texts(rows, slices):
    words = [c for found in slices.slices for c in found.conditions if c.kind is SliceKind.WORD]
    assert {rows.texts[c.number][c.start : c.end].lower() for c in words} >= {"red", "café", "don't"}
    assert slice_filter(words[:1], replace(rows, texts=None)) is None
    assert not [word for word in ("green", "blue", "caf", "don't") if word in slices.model_dump_json()]


def test_slice_about_what_the_run_lost_has_no_filter():
    rows = small_rows()
    for condition in (
        Condition(kind=SliceKind.CLUSTER, number=1),
        Condition(kind=SliceKind.METADATA, column="meta_gone", value="x"),
        Condition(kind=SliceKind.TAG, value="leaked"),
        Condition(kind=SliceKind.WORD, number=8, start=0, end=3),
        Condition(kind=SliceKind.WORD, number=0, start=1, end=2),
    ):
        assert slice_filter([condition], rows) is None
    assert slice_filter([Condition(kind=SliceKind.WORD, number=1, start=3, end=6)], rows).words == ("sad",)


def test_foreign_slices_are_refused(slices):
    known = slices.model_dump(mode="json")
    many = [
        {**known["slices"][0], "splits": [{**part, "n_errors": [900, 900]} for part in known["slices"][0]["splits"]]}
    ]
    for change in (
        {"slices": many},
        {"models": ["logreg"]},
        {"searched_on": "train"},
        {"totals": known["totals"][:1]},
        {"slices": [{**known["slices"][0], "conditions": [{"kind": "combination"}]}]},
        {"slices": [{**known["slices"][0], "conditions": [{"kind": "tag", "value": "evil"}]}]},
    ):
        with pytest.raises(ValidationError):
            RunSlices.model_validate(known | change)


def test_what_the_other_split_says(slices):
    """Of 100 rows with 10 errors on each split, a slice of 20 with 8 errors on the searched one."""
    part = slices.slices[0].splits[0].model_copy(update={"n_rows": 20, "n_errors": (8, 8)})
    totals = tuple(total.model_copy(update={"n_rows": 100, "n_errors": (10, 10)}) for total in slices.totals)
    small = slices.model_copy(update={"totals": totals})

    def held(n_rows: int, n_errors: int, p: float) -> Held:
        other = (
            slices.slices[0]
            .splits[1]
            .model_copy(update={"n_rows": n_rows, "n_errors": (n_errors, n_errors), "p_adjusted": (p, p)})
        )
        return held_on_other(small, slices.slices[0].model_copy(update={"splits": (part, other)}), 0)

    assert held(20, 8, 0.01) is Held.HOLDS
    assert held(20, 3, 0.3) is Held.LEANS
    assert held(20, 2, 1.0) is Held.FAILS
    assert held(30, 0, 0.01) is Held.FAILS
    assert held(19, 8, 0.01) is Held.TOO_FEW
    alone = small.model_copy(update={"totals": totals[:1]})
    assert held_on_other(alone, slices.slices[0], 0) is Held.UNCHECKED


def test_line_of_a_slice_by_hand(slices):
    part = slices.slices[0].splits[0].model_copy(update={"n_rows": 20, "n_errors": (8, 3), "n_only_right": (1, 6)})
    only = slices.slices[0].model_copy(update={"splits": (part, slices.slices[0].splits[1])})
    totals = (slices.totals[0].model_copy(update={"n_rows": 100, "n_errors": (16, 10)}), slices.totals[1])
    small = slices.model_copy(update={"totals": totals, "slices": (only,)})
    line = weak_lines(small, ModelName.LOGREG, Split.VALIDATION)[0]
    assert (line.inside.share, line.outside.share, line.n_wrong) == (0.6, 0.9, 8)
    assert line.difference == pytest.approx(-0.3)
    assert line.explained == pytest.approx(8 - 20 * 0.1)
    low, high = confint_proportions_2indep(12, 20, 72, 80, method="newcomb")
    assert line.explained_interval == pytest.approx((-20 * high, -20 * low))
    assert line.inside.interval == pytest.approx(proportion_confint(12, 20, method="wilson"))
    gain = differing_lines(small, Split.VALIDATION)[0]
    assert (gain.first.share, gain.second.share, gain.gain) == (0.6, 0.85, 0.25)
    # 7/22 − 2/22 ± 1.95996 √((9/22 − (5/22)²) / 22)
    assert gain.gain_interval == pytest.approx((-0.02255, 0.47710), abs=1e-5)


def test_one_model_and_one_split(rows):
    one = replace(rows, models=(TUNED,), frame=rows.frame[N:], texts=rows.texts[N:])
    found = compute_slices(one, min_support=20, seed=0)
    assert (found.searched_on, found.checked_on) == (Split.TEST, None)
    of_words = [slice_filter(s.conditions, one).words for s in found.slices if s.kind is SliceKind.WORD]
    assert of_words[0] == ("red",)
    assert {part.p_paired for s in found.slices for part in s.splits} == {None}
    assert differing_lines(found, Split.TEST) == []
    assert weak_lines(found, TUNED, Split.TEST)[0].held is Held.UNCHECKED


def test_without_held_out_rows_there_is_nothing_to_slice(rows):
    frame = rows.frame.assign(split="train")
    with pytest.raises(ValueError, match="expected at least one of each"):
        compute_slices(replace(rows, frame=frame), min_support=20, seed=0)
