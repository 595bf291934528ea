import pytest

from core.analysis.comparison import ClassDifference, Estimate
from core.charts.class_differences import make_class_difference_chart
from core.charts.images import ImageFormat, encode_chart


def difference(value: float, low: float, high: float, p_adjusted: float) -> ClassDifference:
    return ClassDifference(f1=Estimate(value=value, low=low, high=high), p_value=p_adjusted / 2, p_adjusted=p_adjusted)


DIFFERENCES = [difference(-0.1, -0.3, 0.1, 0.2), difference(0.2, 0.1, 0.3, 0.01)]


def dots_of(differences, names) -> list[dict]:
    spec = make_class_difference_chart(differences, names).to_dict()
    return spec["datasets"][spec["layer"][0]["data"]["name"]]


def test_largest_gain_comes_first_and_a_class_without_f1_is_left_out():
    dots = dots_of([*DIFFERENCES, None], ["a", "b", "c"])
    assert [(dot["k"], dot["class"]) for dot in dots] == [(1, "b"), (0, "a")]
    assert (dots[0]["difference"], dots[0]["low"], dots[0]["high"]) == pytest.approx((20, 10, 30))


@pytest.mark.parametrize(("p_adjusted", "verdict"), [(0.05, "sure"), (0.0501, "may be chance")])
def test_dot_is_filled_up_to_the_corrected_level(p_adjusted, verdict):
    (dot,) = dots_of([difference(0.2, 0.1, 0.3, p_adjusted)], ["a"])
    assert dot["verdict"] == verdict


def test_click_picks_the_class_and_names_stand_on_the_axis():
    chart = make_class_difference_chart(DIFFERENCES, ["<b>", "x" * 90], title="t", subtitle="s")
    assert [param["select"]["fields"] for param in chart.to_dict()["params"]] == [["k"]]
    svg = encode_chart(chart, ImageFormat.SVG).decode()
    assert ">&lt;b&gt;<" in svg
    assert f">{'x' * 14}…{'x' * 13}<" in svg
