import numpy as np
import pytest

from core.analysis.row_filter import RowFilter, select_rows
from core.analysis.rows import answer_columns, read_rows
from core.analysis.selection import measure_rows
from core.artifacts.run import Run
from core.artifacts.schema import METRICS, PROJECTION, TEXTS, ModelName, Split, Stage, predictions_table
from tests.fake_runs import write_fake_run


def test_answer_columns_by_hand():
    probs = np.array([[0.1, 0.6, 0.3], [0.5, 0.25, 0.25]])
    answers = answer_columns(np.array([1, 0]), probs, np.array([2, 0]))
    assert answers["confidence"].tolist() == [0.6, 0.5]
    assert answers["true_prob"].tolist() == [0.3, 0.5]
    assert answers["margin"].tolist() == pytest.approx([0.3, 0.25])


def test_rows_hold_what_the_files_say(tmp_path):
    run = Run.open(write_fake_run(tmp_path, n_rows=60))
    rows = read_rows(run)
    stored = run.read_table(predictions_table(ModelName.LOGREG))
    assert rows.models == tuple(ModelName)
    assert rows.frame["logreg_pred"].tolist() == stored["pred"].tolist()
    assert rows.frame["logreg_origin"].tolist() == ["out_of_fold"] * 48 + ["held_out"] * 12
    assert rows.frame.loc[7, "umap_x"] == run.read_table(PROJECTION)["umap_x"][7]
    assert rows.texts is not None
    assert rows.texts[0] == "text 0 about sadness"
    assert rows.problems == ()
    assert rows.right(ModelName.DUMMY).tolist() == (rows.frame["dummy_pred"] == rows.frame["label"]).tolist()


def test_rows_know_what_the_analysis_found_of_them(tmp_path):
    rows = read_rows(Run.open(write_fake_run(tmp_path, n_rows=60)))
    label = rows.frame["label"].to_numpy()
    # the nearest of row 50 are, of 48 training rows, 3, 4 and 5
    assert rows.frame.loc[50, "neighbor_agreement"] == pytest.approx((label[[3, 4, 5]] == label[50]).mean())
    assert rows.frame["cluster"].tolist()[:5] == [0, 1, 2, 3, 0]
    assert rows.frame.index[rows.frame["issue_leaked"]].tolist() == [3, 56]
    assert rows.frame.index[rows.frame["finetuned_fragile"]].tolist() == [54, 58]
    assert "dummy_fragile" in rows.frame
    assert not rows.frame["dummy_fragile"].any()


def test_missing_files_are_no_problem(tmp_path):
    rows = read_rows(Run.open(write_fake_run(tmp_path, without=[TEXTS.path])))
    assert rows.texts is None
    assert rows.problems == ()
    only_corpus = read_rows(Run.open(write_fake_run(tmp_path, "corpus", stages=[Stage.PREPARE_DATA])))
    assert only_corpus.models == ()
    assert "umap_x" not in only_corpus.frame


def test_a_damaged_file_is_noted_and_the_rest_is_there(tmp_path):
    root = write_fake_run(tmp_path)
    path = root / predictions_table(ModelName.FINETUNED).path
    path.write_bytes(b"x" * path.stat().st_size)
    rows = read_rows(Run.open(root))
    assert rows.models == (ModelName.DUMMY, ModelName.LOGREG)
    (problem,) = rows.problems
    assert "finetuned.parquet cannot be read as Parquet" in str(problem)


def test_metrics_of_a_whole_split_are_those_of_the_file(tmp_path):
    from core.analysis.metrics import read_metrics

    run = Run.open(write_fake_run(tmp_path))
    assert run.has(METRICS)
    rows = read_rows(run)
    for split in Split:
        selected = select_rows(rows, RowFilter(split=split))
        measured = measure_rows(rows, ModelName.LOGREG, run.read_probabilities(ModelName.LOGREG), selected)
        assert measured == read_metrics(run).get(ModelName.LOGREG, split)


def test_metrics_of_some_rows_count_just_these(tmp_path):
    run = Run.open(write_fake_run(tmp_path))
    rows = read_rows(run)
    selected = select_rows(rows, RowFilter(text="about joy"))
    measured = measure_rows(rows, ModelName.LOGREG, run.read_probabilities(ModelName.LOGREG), selected)
    assert measured is not None
    assert measured.n_rows == sum((rows.frame["split"] == "test") & (rows.frame["label"] == 1))
    assert measured.accuracy == rows.right(ModelName.LOGREG)[selected].mean()


def test_no_rows_have_no_metrics_and_several_splits_are_refused(tmp_path):
    run = Run.open(write_fake_run(tmp_path))
    rows = read_rows(run)
    probs = run.read_probabilities(ModelName.LOGREG)
    assert measure_rows(rows, ModelName.LOGREG, probs, np.zeros(len(rows), dtype=bool)) is None
    with pytest.raises(ValueError, match="select one split"):
        measure_rows(rows, ModelName.LOGREG, probs, np.ones(len(rows), dtype=bool))
