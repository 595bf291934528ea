"""One chart of each function that makes some, small and with something to see."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping

import altair as alt
import numpy as np

from core import charts
from core.analysis.confusions import Normalise
from core.analysis.outcome_counts import count_outcomes
from core.analysis.row_filter import Projection
from core.artifacts.schema import ModelName
from core.charts.answer_shift import make_answer_shift_chart
from core.charts.answers import make_counts_chart
from core.charts.balance import make_class_balance_chart
from core.charts.behaviour import make_change_matrix_chart, make_change_rates_chart
from core.charts.class_differences import make_class_difference_chart
from core.charts.confusion import make_confusion_chart, make_difference_chart
from core.charts.coverage import make_coverage_chart, marked_point
from core.charts.embedding_map import make_density_map_chart, make_point_map_chart
from core.charts.figures import (
    make_confusion_figure,
    make_difference_figure,
    make_loss_figure,
    make_per_class_figure,
    make_validation_score_figure,
)
from core.charts.histogram import make_histogram_chart
from core.charts.learning import make_loss_chart, make_validation_score_chart
from core.charts.outcomes import make_outcome_chart
from core.charts.per_class import make_per_class_chart
from core.charts.place import make_place_chart, places_of, sample_places
from core.charts.reliability import make_reliability_chart
from core.charts.row_answers import answer_bars, make_row_answers_chart
from core.charts.slices import make_differing_slices_chart, make_weak_slices_chart
from core.charts.typical_words import make_typical_words_chart, make_typical_words_figure
from core.charts.value_counts import make_value_counts_chart
from tests.analysis.small_rows import small_rows
from tests.charts import (
    test_balance,
    test_behaviour,
    test_class_differences,
    test_coverage,
    test_embedding_map,
    test_histogram,
    test_learning,
    test_per_class,
    test_reliability,
    test_row_answers,
    test_slices,
    test_typical_words,
    test_value_counts,
)

ROWS = small_rows()
CONFUSION = np.array([[6, 2], [1, 3]])
MODELS = [test_per_class.LOGREG, test_per_class.FINETUNED]
AROUND = test_embedding_map.around(test_embedding_map.BOX, 1)
CLASSES = test_embedding_map.CLASSES
WORDS = test_typical_words.WORDS


def outcome_chart() -> alt.LayerChart:
    counts = count_outcomes(ROWS, np.ones(8, dtype=bool), ModelName.FINETUNED)
    return make_outcome_chart(counts, ROWS.classes, order=[1, 2, 0])


def place_chart() -> alt.LayerChart:
    others, here = sample_places(ROWS, Projection.UMAP), places_of(ROWS, np.array([5]), Projection.UMAP)
    return make_place_chart(ROWS.classes, others=others, here=here)


def row_answers_chart() -> alt.LayerChart:
    probs, classes, pred = test_row_answers.PROBS, test_row_answers.CLASSES, test_row_answers.PRED
    bars = answer_bars(probs, classes, pred=pred, shown=[0, 1])
    return make_row_answers_chart(list(probs), classes, label=0, shown=[0, 1], bars=bars)


CHARTS: Mapping[str, Callable[[], alt.TopLevelMixin]] = {
    "make_answer_shift_chart": lambda: make_answer_shift_chart(
        ModelName.LOGREG, np.array([0.8, 0.2]), np.array([0.3, 0.7]), ["a", "b"], shown=[0, 1]
    ),
    "make_change_matrix_chart": lambda: make_change_matrix_chart(
        test_behaviour.BEHAVIOUR, ModelName.LOGREG, ["a", "b", "c"], test_behaviour.ORDER, shown=[0, 1, 2]
    ),
    "make_change_rates_chart": lambda: make_change_rates_chart(test_behaviour.BEHAVIOUR, test_behaviour.ORDER),
    "make_class_difference_chart": lambda: make_class_difference_chart(test_class_differences.DIFFERENCES, ["a", "b"]),
    "make_class_balance_chart": lambda: make_class_balance_chart(test_balance.BALANCE),
    "make_confusion_chart": lambda: make_confusion_chart(CONFUSION, ["a", "b"]),
    "make_confusion_chart, many": lambda: make_confusion_chart(np.eye(22, dtype=int), [f"c{k}" for k in range(22)]),
    "make_confusion_figure": lambda: make_confusion_figure(MODELS[0], run_name="r", normalise=Normalise.COUNTS),
    "make_counts_chart": lambda: make_counts_chart({ModelName.LOGREG: [2, 1]}, ["a", "b"], shown=[0, 1]),
    "make_coverage_chart": lambda: make_coverage_chart(
        {ModelName.LOGREG: test_coverage.CURVE},
        marked=marked_point(ModelName.LOGREG, test_coverage.CURVE.at(0.8)),
    ),
    "make_density_map_chart": lambda: make_density_map_chart(
        test_embedding_map.CELLS, CLASSES, AROUND, colour_title="x"
    ),
    "make_difference_chart": lambda: make_difference_chart(CONFUSION, CONFUSION.T, ["a", "b"]),
    "make_difference_figure": lambda: make_difference_figure(*MODELS, run_name="r", normalise=Normalise.COUNTS),
    "make_histogram_chart": lambda: make_histogram_chart(test_histogram.TOKENS, name="Tokens", limit=30),
    "make_loss_chart": lambda: make_loss_chart(test_learning.LOG),
    "make_loss_figure": lambda: make_loss_figure(test_learning.LOG, run_name="r"),
    "make_outcome_chart": outcome_chart,
    "make_per_class_chart": lambda: make_per_class_chart(MODELS),
    "make_per_class_figure": lambda: make_per_class_figure(MODELS, run_name="r"),
    "make_place_chart": place_chart,
    "make_point_map_chart": lambda: make_point_map_chart(test_embedding_map.POINTS, CLASSES, AROUND, colour_title="x"),
    "make_reliability_chart": lambda: make_reliability_chart(test_reliability.BINS, colour="#123456"),
    "make_row_answers_chart": row_answers_chart,
    "make_weak_slices_chart": lambda: make_weak_slices_chart(test_slices.WEAK, test_slices.NAMES, overall=0.77),
    "make_differing_slices_chart": lambda: make_differing_slices_chart(
        test_slices.DIFFERING, test_slices.NAMES[:1], test_slices.PAIR
    ),
    "make_typical_words_chart": lambda: make_typical_words_chart(WORDS, k=2, z_max=10),
    "make_typical_words_figure": lambda: make_typical_words_figure({0: WORDS, 1: WORDS}, ["a", "b"], subtitle="s"),
    "make_validation_score_chart": lambda: make_validation_score_chart(test_learning.LOG),
    "make_validation_score_figure": lambda: make_validation_score_figure(test_learning.LOG, run_name="r"),
    "make_value_counts_chart": lambda: make_value_counts_chart(test_value_counts.COUNTS, measured="accuracy"),
}


def names_of_chart_makers() -> set[str]:
    """Return the functions of the package that make charts."""
    modules = [importlib.import_module(f"core.charts.{found.name}") for found in pkgutil.iter_modules(charts.__path__)]
    return {
        name
        for module in modules
        for name, value in vars(module).items()
        if name.startswith("make_") and getattr(value, "__module__", None) == module.__name__ and name != "make_figures"
    }
