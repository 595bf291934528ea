import pytest

from core.charts.labels import basis_of, percent, short_labels, text_width
from tests.measured import metrics_of


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0.0%"), (1.0, "100.0%"), (0.8625, "86.3%"), (0.12345, "12.3%"), (0.99999, "100.0%"), (0.0004, "0.0%")],
)
def test_percent_rounds_halves_up_like_a_browser(share, shown):
    assert percent(share) == shown


def test_percent_without_decimals():
    assert percent(0.125, decimals=0) == "13%"


def test_short_names_stay():
    assert short_labels(["joy", "sadness"]) == ["joy", "sadness"]


def test_long_name_loses_its_middle():
    assert short_labels(["abcdefghijklmnop"], max_width=9) == ["abcd…mnop"]


def test_names_that_shorten_alike_are_numbered():
    names = ["abcdefghij_1_klmnopqrst", "abcdefghij_2_klmnopqrst", "joy"]
    first, second, joy = short_labels(names, max_width=13)
    assert (first, second, joy) == ("abcd…qrst (1)", "abcd…qrst (2)", "joy")


def test_no_label_is_wider_than_asked():
    names = [f"wrong_exchange_rate_for_cash_withdrawal_number_{k}_of_many_more" for k in range(200)]
    labels = short_labels(names, max_width=28)
    assert len(set(labels)) == 200
    assert max(map(text_width, labels)) <= 28


def test_line_breaks_and_nothing_become_readable():
    assert short_labels(["a\nb\t c", ""]) == ["a b c", "(empty)"]


def test_chinese_counts_twice_and_combining_marks_not_at_all():
    assert text_width("喜悦") == 4
    assert text_width("e\u0301") == 1


def test_basis_names_run_split_rows_and_origin():
    metrics = metrics_of([[1000, 200], [30, 4]], ["a", "b"])
    assert basis_of(metrics, run_name="demo") == "run demo · test split · 1,234 rows · held-out predictions"
    assert basis_of(metrics_of([[1, 0], [0, 0]], ["a", "b"])) == "test split · 1 row · held-out predictions"
