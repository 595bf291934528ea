"""Charts of slices."""

from core.analysis.rates import HitRate
from core.analysis.slice_lines import DifferingLine, Held, WeakLine
from core.artifacts.schema import ModelName
from core.charts.palette import WRONG_COLOUR
from core.charts.slices import make_differing_slices_chart, make_weak_slices_chart
from core.charts.specs import to_spec, with_plain_rows

PAIR = (ModelName.LOGREG, ModelName.FINETUNED)
NAMES = ["word “ever” and source: chat and true class: surprise or fear", "words ≥ 26"]
WEAK = [
    WeakLine(
        at=7,
        inside=HitRate(n_rows=20, n_right=5),
        outside=HitRate(n_rows=80, n_right=72),
        difference=-0.65,
        difference_interval=(-0.8, -0.4),
        p_adjusted=0.001,
        held=Held.HOLDS,
    ),
    WeakLine(
        at=2,
        inside=HitRate(n_rows=50, n_right=37),
        outside=HitRate(n_rows=50, n_right=40),
        difference=-0.06,
        difference_interval=(-0.2, 0.1),
        p_adjusted=0.6,
        held=Held.FAILS,
    ),
]
DIFFERING = [
    DifferingLine(
        at=7,
        first=HitRate(n_rows=20, n_right=5),
        second=HitRate(n_rows=20, n_right=15),
        gain=0.5,
        gain_interval=(0.2, 0.7),
        p_paired=0.002,
    )
]


def rows_of(chart) -> list[list[dict]]:
    return list(with_plain_rows(to_spec(chart))["datasets"].values())


def test_weak_slices_stand_in_order_with_accuracy_and_wilson_interval():
    chart = make_weak_slices_chart(WEAK, NAMES, overall=0.77)
    dots = next(rows for rows in rows_of(chart) if len(rows) == 2)
    assert [(dot["at"], dot["share"], dot["rest"]) for dot in dots] == [(7, 0.25, 0.9), (2, 0.74, 0.8)]
    assert dots[0]["interval"] == "11.2% – 46.9%"
    assert [round(dot["explained"], 2) for dot in dots] == [13.0, 3.0]
    domain = to_spec(chart)["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert domain == [dot["label"] for dot in dots]
    assert [dot["slice"] for dot in dots] == NAMES


def test_only_slices_beyond_chance_have_the_colour_of_wrong():
    spec = to_spec(make_weak_slices_chart(WEAK, NAMES, overall=0.77))
    scale = spec["layer"][-1]["encoding"]["color"]["scale"]
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    dots = next(rows for rows in rows_of(make_weak_slices_chart(WEAK, NAMES, overall=0.77)) if len(rows) == 2)
    assert [colours[dot["state"]] == WRONG_COLOUR for dot in dots] == [True, False]


def test_differing_slices_have_one_dot_per_model():
    dots = next(rows for rows in rows_of(make_differing_slices_chart(DIFFERING, NAMES[:1], PAIR)) if len(rows) == 2)
    assert [(dot["model"], dot["share"]) for dot in dots] == [("Logistic regression", 0.25), ("Fine-tuned", 0.75)]
    assert {dot["gain"] for dot in dots} == {"+50.0 points"}
    assert {dot["interval"] for dot in dots} == {"+20.0 to +70.0"}
