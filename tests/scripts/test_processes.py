"""Two processes that share the work, as torchrun starts them."""

from pathlib import Path

import numpy as np
import pytest

from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FEATURES, ModelName, Stage, predictions_table
from core.models.processes import SingleProcess, join_processes
from tests.scripts.command import call_ok, start

TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", 2, "-m")


def test_one_process_talks_to_nobody():
    processes = join_processes()
    assert isinstance(processes, SingleProcess)
    assert (processes.broadcast(3), processes.gather(3), processes.is_main) == (3, [3], True)


@pytest.mark.slow
def test_two_processes_extract_the_vectors_of_one(
    built: Path, tmp_path: Path, tiny_corpus: Path, tiny_distilbert: Path
):
    options = ("--run", "tiny", "--artifacts-dir", tmp_path)
    call_ok("prepare_data", *options, "--dataset", tiny_corpus)
    encoder = ("--model_ckpt", tiny_distilbert, "--max-length", 32, "--precision", "float32", "--batch-tokens", 128)
    outcome = start([*TORCHRUN, "scripts.extract_features", "--run-name", *options[1:], *encoder])
    assert outcome.code == 0, outcome.err
    run, alone = Run.open(tmp_path / "tiny"), Run.open(built / "tiny")
    assert run.manifest.stages[Stage.EXTRACT_FEATURES].facts["n_processes"] == 2
    np.testing.assert_allclose(run.read_embeddings(), np.load(built / "tiny" / EMBEDDINGS), rtol=2e-3, atol=2e-3)
    assert run.read_table(FEATURES).equals(alone.read_table(FEATURES))


@pytest.mark.slow
def test_two_processes_fine_tune_a_usable_run(artifacts: Path, tiny_distilbert: Path):
    options = ("--run", "tiny", "--artifacts-dir", artifacts)
    training = ("--model_ckpt", tiny_distilbert, "--num_train_epochs", 2, "--learning-rate", 1e-2, "--out-of-fold", 2)
    outcome = start([*TORCHRUN, "scripts.fine_tune", "--run-name", *options[1:], *training])
    assert outcome.code == 0, outcome.err
    call_ok("analyze", *options)
    run = Run.open(artifacts / "tiny")
    assert run.manifest.stages[Stage.FINE_TUNE].facts["n_processes"] == 2
    assert set(run.manifest.stages) == set(Stage)
    assert run.verify() == []
    origin = run.read_table(predictions_table(ModelName.FINETUNED))["origin"]
    assert origin.value_counts().to_dict() == {"out_of_fold": 96, "held_out": 24}
    assert "merry" in call_ok("predict", *options, "--text", "sunshine", "--csv").partition("\n")[0]
