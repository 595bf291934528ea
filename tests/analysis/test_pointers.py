from core.analysis.metrics import SplitMetrics, compute_metrics
from core.analysis.pointers import PointerKind, find_pointers
from core.analysis.row_filter import Outcome, Range, RowFilter, select_rows
from core.artifacts.schema import ModelName, Origin, Split
from tests.analysis.small_rows import CONFIDENCE, small_rows

ALL = RowFilter(split=None)


def measured(model: ModelName) -> SplitMetrics:
    rows = small_rows()
    return compute_metrics(
        rows.frame["label"].to_numpy(),
        rows.pred(model),
        rows.frame[[f"{model}_confidence"] * 3].to_numpy(dtype=float),
        classes=rows.classes,
        model=model,
        split=Split.TEST,
        origin=Origin.HELD_OUT,
    )


def test_pointers_by_hand():
    rows = small_rows()
    found = {pointer.kind: pointer for pointer in find_pointers(rows, ALL, measured(ModelName.FINETUNED))}
    # labels 0 1 2 0 1 2 0 1, answers 0 1 2 0 2 0 0 2: sadness is taken for fear twice (ids 4 and 7)
    confusion = found[PointerKind.CONFUSION]
    assert (confusion.true, confusion.predicted, confusion.n_rows, confusion.of) == (1, 2, 2, 3)
    assert select_rows(rows, confusion.row_filter).nonzero()[0].tolist() == [4, 7]
    # F1: joy 6/7, sadness 2/4, fear 2/5
    weakest = found[PointerKind.WEAKEST_CLASS]
    assert (weakest.true, weakest.n_rows, weakest.of, weakest.f1) == (2, 1, 2, 0.4)
    assert select_rows(rows, weakest.row_filter).nonzero()[0].tolist() == [5]
    # of the mistakes 4, 5, 7 only 5 has a confidence of at least 0.9
    assert CONFIDENCE[5] == 0.95
    confident = found[PointerKind.CONFIDENT_MISTAKES]
    assert (confident.n_rows, confident.of) == (1, 3)
    assert confident.row_filter.ranges == (Range(column="confidence", low=0.9),)
    broken = found[PointerKind.BROKEN]
    assert (broken.n_rows, broken.of, broken.row_filter.outcomes) == (2, 4, (Outcome.BROKEN,))
    assert (found[PointerKind.WRONG_IN_BOTH].n_rows, found[PointerKind.WRONG_IN_BOTH].of) == (1, 8)


def test_pointers_of_a_baseline_are_about_the_baseline_alone():
    found = find_pointers(small_rows(), ALL, measured(ModelName.LOGREG))
    assert PointerKind.BROKEN not in {pointer.kind for pointer in found}
    assert {pointer.row_filter.model for pointer in found} == {ModelName.LOGREG}


def test_no_mistake_no_pointer():
    rows = small_rows()
    label = rows.frame["label"].to_numpy()
    perfect = compute_metrics(
        label,
        label,
        rows.frame[["logreg_confidence"] * 3].to_numpy(dtype=float),
        classes=rows.classes,
        model=ModelName.LOGREG,
        split=Split.TEST,
        origin=Origin.HELD_OUT,
    )
    only_right = RowFilter(split=None, ids=(0, 1))
    assert find_pointers(rows, only_right, perfect) == []
