"""Rates of changed answers, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from core.analysis.behaviour import ChangeRate, changed_cases, compute_behaviour, fragile_ids
from core.artifacts.schema import Edit, ModelName

LOGREG, FINETUNED = ModelName.LOGREG, ModelName.FINETUNED
LABEL = np.array([0, 1, 0, 1, 0])
EVERY = np.ones(5, dtype=bool)


def case(row_id: int, model: str, edit: str, before: int, after: int, *, sure: float = 0.9, now: float = 0.7):
    return (row_id, model, edit, after, now, before, sure)


TESTS = pd.DataFrame(
    [
        case(1, "finetuned", "wrong_key", 1, 0),  # right before
        case(2, "finetuned", "wrong_key", 1, 0, sure=0.5),  # wrong before
        case(3, "finetuned", "wrong_key", 1, 1),
        case(4, "finetuned", "wrong_key", 0, 0, sure=0.6),
        case(1, "finetuned", "link", 1, 0),
        case(3, "finetuned", "link", 1, 1),
        case(4, "finetuned", "upper_case", 0, 1),  # soft
        case(1, "logreg", "wrong_key", 1, 1),
        case(2, "logreg", "wrong_key", 0, 1),
        case(3, "logreg", "wrong_key", 0, 1),
        case(4, "logreg", "wrong_key", 0, 0),
    ],
    columns=["id", "model", "edit", "pred", "confidence", "original_pred", "original_confidence"],
)


def test_a_text_counts_once_however_many_strict_edits_change_it_and_never_by_soft_ones():
    found = compute_behaviour(TESTS, LABEL, EVERY, n_classes=2)
    assert found.models == (LOGREG, FINETUNED)
    assert found.edits == (Edit.WRONG_KEY, Edit.LINK, Edit.UPPER_CASE)
    overall = found.overall[FINETUNED]
    assert (overall.n_rows, overall.n_changed, overall.n_were_right) == (4, 2, 1)  # of 1, 2, 3, 4 only 1 and 2
    assert fragile_ids(TESTS, FINETUNED).tolist() == [1, 2]
    assert fragile_ids(TESTS, LOGREG).tolist() == [2, 3]
    assert fragile_ids(TESTS, ModelName.DUMMY).tolist() == []


def test_rates_per_edit():
    found = compute_behaviour(TESTS, LABEL, EVERY, n_classes=2)
    typo = found.by_edit[FINETUNED, Edit.WRONG_KEY]
    # confidence where the answer stays: 0.9 to 0.7 and 0.6 to 0.7
    assert typo == ChangeRate(n_rows=4, n_changed=2, n_were_right=1, confidence_shift=pytest.approx(0.15))
    assert (typo.share, found.by_edit[FINETUNED, Edit.LINK].share) == (0.5, 0.5)
    assert found.by_edit[FINETUNED, Edit.UPPER_CASE] == ChangeRate(n_rows=1, n_changed=1, n_were_right=1)
    assert (LOGREG, Edit.LINK) not in found.by_edit


def test_rates_per_class():
    by_class = compute_behaviour(TESTS, LABEL, EVERY, n_classes=3).by_class[FINETUNED]
    # wrong key: rows 2 and 4 are of class 0, rows 1 and 3 of class 1; class 2 has no rows
    assert by_class.n_rows.tolist() == [[2, 2, 0], [0, 2, 0], [1, 0, 0]]
    assert by_class.n_changed.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_only_selected_rows_count():
    found = compute_behaviour(TESTS, LABEL, np.array([0, 1, 0, 1, 0], dtype=bool), n_classes=2)
    assert found.overall[FINETUNED].n_rows == 2
    assert found.overall[FINETUNED].n_changed == 1
    assert Edit.UPPER_CASE not in found.edits
    assert compute_behaviour(TESTS, LABEL, np.array([1, 0, 0, 0, 0], dtype=bool), n_classes=2) is None
    assert compute_behaviour(TESTS.iloc[:0], LABEL, EVERY, n_classes=2) is None


@pytest.mark.parametrize(("n_changed", "n_rows"), [(0, 7), (7, 7), (3, 200), (122, 400)])
def test_interval_is_that_of_scipy_and_statsmodels(n_changed: int, n_rows: int):
    interval = ChangeRate(n_rows=n_rows, n_changed=n_changed, n_were_right=0).interval
    assert interval == pytest.approx(tuple(binomtest(n_changed, n_rows).proportion_ci(method="wilson")))
    assert interval == pytest.approx(proportion_confint(n_changed, n_rows, method="wilson"), abs=1e-12)


def test_difference_of_models_is_mcnemars_exact_test_over_texts_of_both():
    rng = np.random.default_rng(0)
    flips = {LOGREG: rng.random(80) < 0.4, FINETUNED: rng.random(80) < 0.15}
    tests = pd.DataFrame(
        [case(i, model, "link", 0, int(flip)) for model in flips for i, flip in enumerate(flips[model])],
        columns=TESTS.columns,
    )
    found = compute_behaviour(tests, np.zeros(80, dtype=int), np.ones(80, dtype=bool), n_classes=2).difference
    table = pd.crosstab(flips[LOGREG], flips[FINETUNED]).to_numpy()
    assert found.models == (LOGREG, FINETUNED)
    assert found.n_only == (table[1, 0], table[0, 1])
    assert found.p_value == pytest.approx(mcnemar(table, exact=True).pvalue)


def test_no_difference_without_a_second_model_and_none_if_nothing_changed():
    alone = TESTS[TESTS["model"] == "finetuned"]
    assert compute_behaviour(alone, LABEL, EVERY, n_classes=2).difference is None
    calm = TESTS.assign(pred=TESTS["original_pred"])
    assert compute_behaviour(calm, LABEL, EVERY, n_classes=2).difference.p_value == 1


def test_right_and_sure_answers_come_first_among_the_changed():
    cases = changed_cases(TESTS, LABEL, EVERY, FINETUNED, Edit.WRONG_KEY)
    assert cases["id"].tolist() == [1, 2]
    tests = pd.DataFrame([case(0, "logreg", "link", 1, 0, sure=0.99), case(2, "logreg", "link", 0, 1, sure=0.4),
                          case(4, "logreg", "link", 0, 1, sure=0.8)], columns=TESTS.columns)  # fmt: skip
    assert changed_cases(tests, LABEL, EVERY, LOGREG, Edit.LINK)["id"].tolist() == [4, 2, 0]
