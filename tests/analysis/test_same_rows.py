"""Rows of two runs are the same if text, class name and split are."""

import numpy as np

from core.analysis.same_rows import class_codes, find_same_rows
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, Split, Stage
from tests.fake_runs import write_fake_run

ONLY = [Stage.PREPARE_DATA]


def test_rows_are_found_by_text_class_name_and_split_wherever_they_stand(tmp_path):
    twice = dict.fromkeys((216, 222), "the same text")  # both are in the test split and of the first class
    run = Run.open(write_fake_run(tmp_path, "one", stages=ONLY, texts=twice))
    other = Run.open(write_fake_run(tmp_path, "other", stages=ONLY, texts=twice, n_rows=240))
    ids = find_same_rows(run, other, Split.TEST)
    assert ids.tolist() == list(range(216, 240))
    examples = run.read_table(EXAMPLES)
    assert examples["label"].to_numpy()[[216, 222]].tolist() == examples["label"].to_numpy()[ids[[0, 6]]].tolist()


def test_one_row_that_differs_is_enough_to_refuse_its_split_alone(tmp_path):
    run = Run.open(write_fake_run(tmp_path, "one", stages=ONLY))
    other = Run.open(write_fake_run(tmp_path, "other", stages=ONLY, texts={230: "another text"}))
    assert find_same_rows(run, other, Split.TEST) is None
    assert len(find_same_rows(run, other, Split.VALIDATION)) == 24


def test_classes_go_by_their_names(tmp_path):
    texts = {i: f"text {i}" for i in range(240)}
    names = ["a", "b", "c", "d", "e", "f"]
    run = Run.open(write_fake_run(tmp_path, "one", stages=ONLY, texts=texts, classes=names))
    turned = Run.open(write_fake_run(tmp_path, "turned", stages=ONLY, texts=texts, classes=names[::-1]))
    assert class_codes(run, turned).tolist() == [5, 4, 3, 2, 1, 0]
    assert find_same_rows(run, turned, Split.TEST) is None  # the same numbers are other classes
    renamed = Run.open(write_fake_run(tmp_path, "renamed", stages=ONLY, texts=texts, classes=[*names[:5], "g"]))
    assert find_same_rows(run, renamed, Split.TEST) is None
    assert np.array_equal(find_same_rows(run, run, Split.TRAIN), np.arange(192))
