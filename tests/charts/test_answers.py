from core.artifacts.schema import ModelName
from core.charts.answers import make_counts_chart
from core.charts.images import ImageFormat, encode_chart

CLASSES = ["joy", 'qu"o\\te', "fear"]


def test_counts_have_one_bar_per_class_and_model():
    counts = {ModelName.FINETUNED: [3, 0, 1], ModelName.LOGREG: [2, 1, 1]}
    chart = make_counts_chart(counts, CLASSES, shown=[0, 2])
    (rows,) = chart.to_dict()["datasets"].values()
    assert [(row["class"], row["model"], row["texts"]) for row in rows] == [
        ("joy", "Fine-tuned", 3),
        ("joy", "Logistic regression", 2),
        ("fear", "Fine-tuned", 1),
        ("fear", "Logistic regression", 1),
    ]
    assert encode_chart(chart, ImageFormat.PNG).startswith(b"\x89PNG")
