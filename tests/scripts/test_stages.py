"""Scripts that are called one by one, as the reference commands do, and smoke runs."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FEATURES, TEXTS, Stage
from scripts.analyze import Part
from tests.scripts.command import call, call_ok, files_of

pytestmark = pytest.mark.slow


def test_reference_command_of_the_extraction(tmp_path: Path, tiny_corpus: Path, tiny_distilbert: Path):
    out = tmp_path / "out"
    options = ("--model_ckpt", tiny_distilbert, "--dataset", tiny_corpus, "--split", "train", "--out_dir", out)
    printed = call_ok("extract_features", *options, "--batch_size", 8, "--artifacts-dir", tmp_path / "artifacts")
    assert sorted(path.name for path in out.iterdir()) == ["train.csv", "train.npy"]
    run = Run.open(tmp_path / "artifacts" / "tiny")
    vectors, rows = np.load(out / "train.npy"), pd.read_csv(out / "train.csv")
    assert (vectors.dtype, vectors.shape) == (np.float16, (96, 32))
    np.testing.assert_array_equal(vectors, run.read_embeddings()[rows["id"]])
    assert sorted(rows["label"].unique()) == [0, 1, 2]
    assert "next: python -m scripts.train_baselines --run tiny" in printed


def test_every_split_is_exported_when_none_is_named(artifacts: Path, tiny_distilbert: Path, tmp_path: Path):
    options = ("--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    printed = call_ok("extract_features", *options, "--out_dir", tmp_path / "out")
    assert "unchanged" in printed
    shapes = {path.stem: np.load(path).shape for path in (tmp_path / "out").glob("*.npy")}
    assert shapes == {"train": (96, 32), "validation": (12, 32), "test": (12, 32)}


def test_extraction_with_bert_and_mean_pooling(tmp_path: Path, tiny_corpus: Path, tiny_bert: Path):
    options = ("--run", "mean", "--artifacts-dir", tmp_path, "--dataset", tiny_corpus, "--model_ckpt", tiny_bert)
    call_ok("extract_features", *options, "--pooling", "mean", "--precision", "float32")
    run = Run.open(tmp_path / "mean")
    assert run.manifest.encoder.pooling == "mean"
    text = run.read_table(TEXTS)["text"][7]
    encoded = AutoTokenizer.from_pretrained(tiny_bert)(text, return_tensors="pt")
    states = AutoModel.from_pretrained(tiny_bert).eval()(**encoded).last_hidden_state
    np.testing.assert_allclose(run.read_embeddings()[7], states[0].mean(dim=0).detach(), rtol=2e-3, atol=2e-3)
    before = (tmp_path / "mean" / EMBEDDINGS).read_bytes()
    again = ("--run", "again", "--artifacts-dir", tmp_path, "--dataset", tiny_corpus, "--model_ckpt", tiny_bert)
    call_ok("extract_features", *again, "--pooling", "mean", "--precision", "float32")
    assert (tmp_path / "again" / EMBEDDINGS).read_bytes() == before


def test_reference_commands_of_training_and_prediction(tmp_path: Path, tiny_corpus: Path, tiny_bert: Path):
    out = tmp_path / "my-model"
    options = ("--model_ckpt", tiny_bert, "--dataset", tiny_corpus, "--num_train_epochs", 1, "--batch_size", 16)
    where = ("--artifacts-dir", tmp_path / "artifacts")
    printed = call_ok("fine_tune", *options, "--learning_rate", 5e-3, "--output_dir", out, *where)
    assert f"copied the checkpoint to {out}" in printed
    model = AutoModelForSequenceClassification.from_pretrained(out)
    assert model.config.id2label == {0: "calm", 1: "cross", 2: "merry"}
    assert model.config.to_dict().get("_name_or_path", "") != str(tiny_bert)
    settings = Run.open(tmp_path / "artifacts" / "tiny").manifest.stages[Stage.FINE_TUNE].settings
    assert (settings["num_train_epochs"], settings["batch_size"], settings["learning_rate"]) == (1, 16, 5e-3)
    answer = call_ok("predict", "--model_dir", out, "--text", "I am so excited today!")
    assert answer.endswith("I am so excited today!\n")


def test_scripts_one_by_one_make_what_build_makes(
    built: Path, tmp_path: Path, tiny_corpus: Path, tiny_distilbert: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tiny_distilbert.parent)  # later scripts find the recorded encoder by its name
    where = ("--run", "tiny", "--artifacts-dir", tmp_path)
    call_ok("prepare_data", *where, "--dataset", tiny_corpus)
    encoder = ("--model_ckpt", "tiny-distilbert", "--max-length", 32, "--precision", "float32")
    call_ok("extract_features", *where, *encoder)
    call_ok("train_baselines", *where)
    call_ok("fine_tune", *where, "--num-train-epochs", 6, "--batch-size", 8, "--learning-rate", 5e-3)
    call_ok("analyze", *where, "--n-neighbors", 5)
    assert set(Run.open(tmp_path / "tiny").manifest.stages) == set(Stage)
    assert "wrote" not in call_ok("build", *where)
    expected, found = files_of(built / "tiny"), files_of(tmp_path / "tiny")
    compared = [EMBEDDINGS, "metrics.json", *(path for path in expected if path.startswith("predictions/"))]
    assert [path for path in compared if expected[path] != found[path]] == []


def test_analysis_leaves_out_what_it_is_told_to(artifacts: Path):
    where = ("--run", "tiny", "--artifacts-dir", artifacts, "--n-neighbors", 7)
    printed = call_ok("analyze", *where, "--skip", "projection", "figures")
    dashboard = f"next: MISREAD_ARTIFACTS_DIR={artifacts} streamlit run Home.py"
    assert printed.splitlines()[0] == "tiny: the metrics are unchanged"
    assert printed.splitlines()[-1] == dashboard
    assert printed.count("unchanged") == len(Part) - 2


def test_analysis_of_a_run_without_predictions_says_so(tmp_path: Path, tiny_corpus: Path):
    call_ok("prepare_data", "--dataset", tiny_corpus, "--artifacts-dir", tmp_path)
    printed = call_ok("analyze", "--run", "tiny", "--artifacts-dir", tmp_path)
    assert "tiny: no vectors here, so the maps stay as they are" in printed
    assert "tiny: no predictions yet, so there are no metrics" in printed


def test_limit_makes_a_run_of_its_own_and_never_touches_the_whole_one(artifacts: Path, tiny_distilbert: Path):
    before = files_of(artifacts / "tiny")
    where = ("--run", "tiny", "--artifacts-dir", artifacts, "--limit", 30)
    call_ok("extract_features", *where, "--model_ckpt", tiny_distilbert)
    small = Run.open(artifacts / "tiny-limit30")
    assert 24 <= small.manifest.n_rows <= 36
    assert len(small.read_table(FEATURES)) == small.manifest.n_rows
    assert set(small.read_table(TEXTS)["text"]) <= set(Run.open(artifacts / "tiny").read_table(TEXTS)["text"])
    call_ok("train_baselines", *where)
    call_ok("train_baselines", "--run", "tiny-limit30", "--artifacts-dir", artifacts)
    assert sorted(path.name for path in artifacts.iterdir()) == [".building", "tiny", "tiny-limit30"]
    assert files_of(artifacts / "tiny") == before


@pytest.mark.parametrize("with_corpus", [False, True])
def test_limited_build_draws_from_the_run_or_the_corpus_and_is_carried_on_by_its_name(
    artifacts: Path, tiny_corpus: Path, tiny_distilbert: Path, with_corpus: bool
):
    before = files_of(artifacts / "tiny")
    options = ("--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    corpus = ("--dataset", tiny_corpus) if with_corpus else ()
    call_ok("build", *options, *corpus, "--limit", 30, "--num-train-epochs", 1)
    small = Run.open(artifacts / "tiny-limit30")
    assert set(small.manifest.stages) == set(Stage)
    assert small.verify() == []
    by_name = ("--run", "tiny-limit30", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    assert "wrote" not in call_ok("build", *by_name)
    assert sorted(path.name for path in artifacts.iterdir()) == [".building", "tiny", "tiny-limit30"]
    assert files_of(artifacts / "tiny") == before


def test_naming_the_corpus_again_keeps_how_it_was_read(tmp_path: Path, tiny_corpus: Path, tiny_distilbert: Path):
    rows = pd.read_csv(tiny_corpus).rename(columns={"text": "body", "label": "mood"})
    rows.to_csv(tmp_path / "diary.csv", index=False)
    where = ("--dataset", tmp_path / "diary.csv", "--artifacts-dir", tmp_path / "artifacts")
    options = ("--text-column", "body", "--label-column", "mood", "--licence", "CC0-1.0", "--seed", 7)
    call_ok("prepare_data", *where, *options)
    before = Run.open(tmp_path / "artifacts" / "diary").manifest.stages[Stage.PREPARE_DATA]
    printed = call_ok("extract_features", *where, "--model_ckpt", tiny_distilbert)
    assert "unchanged" in printed
    run = Run.open(tmp_path / "artifacts" / "diary")
    assert run.manifest.stages[Stage.PREPARE_DATA] == before
    assert run.manifest.corpus.licence == "CC0-1.0"


def test_diverged_training_is_told(artifacts: Path, tiny_distilbert: Path):
    before = files_of(artifacts / "tiny")
    where = ("--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    outcome = call("fine_tune", *where, "--learning-rate", 1e38, "--num-train-epochs", 1)
    assert outcome.code == 2
    assert outcome.err.splitlines()[-1].startswith("error: ")
    assert "--learning-rate" in outcome.err.splitlines()[-1]
    assert files_of(artifacts / "tiny") == before
