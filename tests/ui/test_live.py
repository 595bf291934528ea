"""Models on new text: loaded once, asked in turns, and silent with a reason."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.artifacts.run import Run
from core.artifacts.schema import LOGREG_HEAD, ModelName, Stage
from core.errors import ModelError
from core.models import predictor
from core.models.classifier import ClassProbabilities
from core.ui.try_it.live import ask, can_answer, find_silent, load_live_model
from tests.fake_runs import CHECKPOINT, EMOTIONS, write_fake_run


class Counting:
    """Names a class by the length of the text, and notices when two callers are inside at once."""

    classes = EMOTIONS
    max_length = 9

    def __init__(self) -> None:
        self.inside, self.most_inside, self.sizes = 0, 0, []

    def predict_proba(self, texts, *, progress=False):
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        time.sleep(0.02)
        self.sizes.append(len(texts))
        lengths = np.array([len(text) for text in texts])
        self.inside -= 1
        probs = np.eye(len(EMOTIONS), dtype=np.float32)[lengths % len(EMOTIONS)]
        return ClassProbabilities(probs=probs, n_tokens=lengths.astype(np.int32), truncated=lengths > self.max_length)


class Loads:
    """Stands in for `load_classifier` and counts."""

    def __init__(self, classifier: Counting) -> None:
        self.classifier, self.models, self.inside, self.most_inside = classifier, [], 0, 0

    def __call__(self, run, model):
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        time.sleep(0.05)
        self.models.append(model)
        self.inside -= 1
        return self.classifier


@pytest.fixture
def run(tmp_path: Path) -> Run:
    load_live_model.clear()
    return Run.open(write_fake_run(tmp_path))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Loads:
    loads = Loads(Counting())
    monkeypatch.setattr(predictor, "load_classifier", loads)
    return loads


def test_sessions_that_ask_at_once_share_one_load_of_each_model(run: Run, loads: Loads):
    start = threading.Barrier(6)

    def ask_at_once(number: int):
        start.wait()
        return ask(run, ["x" * number])

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(ask_at_once, range(6)))
    assert sorted(loads.models) == [ModelName.FINETUNED, ModelName.LOGREG]
    assert loads.most_inside == 1
    assert loads.classifier.most_inside <= 2  # one turn of each of the two models, which share this stand-in
    for number, (answers, silent) in enumerate(found):
        assert silent == []
        assert [a.model for a in answers] == [ModelName.FINETUNED, ModelName.LOGREG]
        assert [a.names for a in answers] == [[EMOTIONS[number]]] * 2


def test_two_models_are_never_loaded_at_once(run: Run, loads: Loads):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda model: load_live_model(run, model), [ModelName.FINETUNED, ModelName.LOGREG]))
    assert sorted(loads.models) == [ModelName.FINETUNED, ModelName.LOGREG]
    assert loads.most_inside == 1


def test_a_model_is_asked_by_one_session_at_a_time(run: Run, loads: Loads):
    live = load_live_model(run, ModelName.LOGREG)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: live.answer(["x" * n] * 100), range(4)))
    assert loads.classifier.most_inside == 1


def test_many_texts_are_asked_in_parts_and_come_back_in_order(run: Run, loads: Loads):
    told = []
    texts = ["x" * (n % 13) for n in range(150)]
    answers, _ = ask(run, texts, on_progress=lambda model, n_done: told.append((model, n_done)))
    assert loads.classifier.sizes == [64, 64, 22] * 2
    assert told == [(model, n) for model in ("finetuned", "logreg") for n in (64, 128, 150)]
    for a in answers:
        assert a.names == [EMOTIONS[n % 13 % 6] for n in range(150)]
        assert a.truncated.tolist() == [n % 13 > 9 for n in range(150)]
        assert a.max_length == 9


def test_another_build_of_the_run_is_loaded_anew(run: Run, loads: Loads, tmp_path: Path):
    ask(run, ["x"])
    ask(Run.open(run.root), ["x"])
    assert len(loads.models) == 2
    write_fake_run(tmp_path, n_rows=250)
    ask(Run.open(run.root), ["x"])
    assert len(loads.models) == 4


def test_model_that_cannot_be_loaded_is_silent_and_tried_again_when_asked_again(run: Run, loads: Loads, monkeypatch):
    def load(run, model):
        if model is ModelName.LOGREG:
            loads.models.append(model)
            raise ModelError("no encoder here, expected one; give it with --model_ckpt")
        return loads.classifier

    monkeypatch.setattr(predictor, "load_classifier", load)
    for n_times in (1, 2):
        answers, silent = ask(run, ["x"])
        assert [a.model for a in answers] == [ModelName.FINETUNED]
        assert [s.model for s in silent] == [ModelName.LOGREG]
        assert silent[0].reason.startswith("It gives no answer: no encoder here, expected one. With the encoder")
        assert "--model_ckpt" not in silent[0].reason
        assert silent[0].command.startswith("python -m scripts.predict --run fake --model logreg --model_ckpt FOLDER")
        assert len(loads.models) == n_times


def test_answers_that_are_no_numbers_are_no_answers(run: Run, loads: Loads, monkeypatch):
    def nothing(texts, *, progress=False):
        return ClassProbabilities(
            probs=np.full((len(texts), 6), np.nan, np.float32),
            n_tokens=np.ones(len(texts), np.int32),
            truncated=np.zeros(len(texts), bool),
        )

    monkeypatch.setattr(loads.classifier, "predict_proba", nothing)
    answers, silent = ask(run, ["x"])
    assert answers == []
    assert all("not finite" in s.reason for s in silent)


def test_what_is_not_there_is_said_without_loading_anything(tmp_path: Path, loads: Loads):
    whole = Run.open(write_fake_run(tmp_path, "whole"))
    assert (find_silent(whole), can_answer(whole)) == ([], True)
    shipped = Run.open(write_fake_run(tmp_path, "shipped", without=[CHECKPOINT]))
    assert [(s.model, s.reason, s.command) for s in find_silent(shipped)] == [
        (
            ModelName.FINETUNED,
            "Its checkpoint is not on this machine, so logistic regression answers alone.",
            f"python -m scripts.restore shipped --artifacts-dir {tmp_path}",
        )
    ]
    assert can_answer(shipped)
    headless = Run.open(write_fake_run(tmp_path, "headless", without=[LOGREG_HEAD]))
    assert [(s.model, s.reason, s.command) for s in find_silent(headless)] == [
        (
            ModelName.LOGREG,
            "Its weights are not on this machine, so the fine-tuned model answers alone.",
            f"python -m scripts.build --run headless --artifacts-dir {tmp_path}",
        )
    ]
    bare = Run.open(write_fake_run(tmp_path, "bare", stages=[Stage.PREPARE_DATA]))
    assert [(s.reason, s.command.split(" --")[0]) for s in find_silent(bare)] == [
        ("This run has not been fine-tuned yet.", "python -m scripts.fine_tune"),
        ("This run has none yet.", "python -m scripts.train_baselines"),
    ]
    assert not can_answer(bare)
    assert loads.models == []
