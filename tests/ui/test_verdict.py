"""What a paired comparison says, in words."""

import pytest

from core.analysis.comparison import Estimate, PairedComparison, TestedDifference
from core.artifacts.schema import ModelName, Origin, Split
from core.ui.verdict import interval_text, p_text, points, verdict, warn_of_learned_rows


def pair(n_fixed: int, n_broken: int, *, ends: tuple[float, float] = (0, 0), p_value: float = 0.5) -> PairedComparison:
    difference = Estimate(value=(n_fixed - n_broken) / 1000, low=ends[0], high=ends[1])
    tested = TestedDifference(difference=difference, p_value=p_value)
    return PairedComparison(
        first=ModelName.LOGREG, second=ModelName.FINETUNED, split=Split.TRAIN, first_origin=Origin.OUT_OF_FOLD,
        second_origin=Origin.IN_SAMPLE, n_both_right=1000 - n_fixed - n_broken, n_fixed=n_fixed, n_broken=n_broken,
        n_both_wrong=0, accuracy=tested, macro_f1=tested, weighted_f1=tested, per_class=(None, None),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            pair(300, 11, ends=(0.27, 0.308), p_value=1e-20),
            "**B is better than a by 28.9 points of accuracy [27.0, 30.8]**; chance alone would hardly ever show this"
            " (p < 0.001).",
        ),
        (
            pair(10, 14, ends=(-0.0136, 0.005), p_value=0.54),
            "**B is worse than a by 0.4 points of accuracy [−0.5, 1.4]**; but chance alone would show as much in 54.0%"
            " of all samples, so it may be nothing (p = 0.54).",
        ),
        (
            pair(30, 14, ends=(0.002, 0.03), p_value=0.023),
            "**B is better than a by 1.6 points of accuracy [0.2, 3.0]**; chance alone would show as much in 2.3% of"
            " all samples (p = 0.023).",
        ),
        (pair(0, 0), "B and a are right on the same rows: there is no difference to test."),
        (
            pair(1, 1),
            "B and a are right equally often: each is right on 1 row that the other gets wrong.",
        ),
    ],
)
def test_verdict_says_which_is_better_by_how_much_and_how_sure_that_is(found, said):
    assert verdict(found, "a", "B").replace("\u00a0", " ") == said


def test_rows_that_were_learned_are_named():
    assert warn_of_learned_rows(pair(1, 0), "a", "B") == (
        "B was fitted on these very rows, which flatters the score: compare on test."
    )


def test_numbers_have_signs_and_one_decimal():
    assert [points(0.2886), points(-0.004), points(0.0001), points(-0.2, signed=False)] == [
        "+28.9",
        "−0.4",
        "0.0",
        "20.0",
    ]
    assert [p_text(p).replace("\u00a0", " ") for p in (0.0009, 0.001, 0.0495, 0.434)] == [
        "p < 0.001", "p = 0.001", "p = 0.050", "p = 0.43",
    ]  # fmt: skip
    assert interval_text(Estimate(value=0.5, low=0.44, high=0.5625)) == "44.0% – 56.3%"
    assert interval_text(Estimate(value=0.1, low=-0.02, high=0.3), of_difference=True) == "−2.0 to +30.0"
    assert interval_text(None) == interval_text(Estimate(value=1, low=None, high=None)) == "–"
