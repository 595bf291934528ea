import numpy as np
import pandas as pd

from core.charts.learning import make_loss_chart, make_validation_score_chart

LOG = pd.DataFrame(
    {
        "step": [5, 10, 10],
        "epoch": [0.5, 1.0, 1.0],
        "train_loss": [1.5, 1.0, np.nan],
        "learning_rate": [1e-4, 0.0, np.nan],
        "validation_loss": [np.nan, np.nan, 0.9],
        "validation_accuracy": [np.nan, np.nan, 0.7],
        "validation_macro_f1": [np.nan, np.nan, 0.6],
    }
)


def points_of(chart) -> set[tuple[str, int, float]]:
    (rows,) = chart.to_dict()["datasets"].values()
    return {(row["series"], row["step"], row["value"]) for row in rows}


def test_loss_chart_draws_each_measured_point_and_no_gap():
    assert points_of(make_loss_chart(LOG)) == {("train", 5, 1.5), ("train", 10, 1.0), ("validation", 10, 0.9)}


def test_score_chart_draws_accuracy_and_macro_f1():
    assert points_of(make_validation_score_chart(LOG)) == {("accuracy", 10, 0.7), ("macro F1", 10, 0.6)}


def test_title_and_basis():
    title = make_loss_chart(LOG, title="Loss", subtitle="run demo").to_dict()["title"]
    assert title == {"text": "Loss", "subtitle": "run demo"}
