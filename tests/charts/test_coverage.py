import numpy as np

from core.analysis.coverage import compute_coverage
from core.artifacts.schema import ModelName
from core.charts.coverage import make_coverage_chart, marked_point

CURVE = compute_coverage(np.linspace(0.5, 1, 40), np.arange(40) % 2 == 0)


def test_curve_goes_from_twenty_rows_to_all_and_the_mark_stands_on_it():
    mark = marked_point(ModelName.FINETUNED, CURVE.at(0.75))
    chart = make_coverage_chart({ModelName.FINETUNED: CURVE}, marked=mark).to_dict()
    rows = next(rows for rows in chart["datasets"].values() if len(rows) > 1)
    assert (rows[0]["coverage"], rows[-1]["coverage"], rows[-1]["accuracy"]) == (0.5, 1.0, 0.5)
    (point,) = mark.to_dict("records")
    assert (point["model"], point["coverage"], point["accuracy"]) == ("Fine-tuned", 0.5, 0.5)
    assert any(row["coverage"] == point["coverage"] and row["accuracy"] == point["accuracy"] for row in rows)


def test_no_mark_where_nothing_is_answered():
    assert marked_point(ModelName.LOGREG, CURVE.at(1.1)).empty
