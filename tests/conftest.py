import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports huggingface_hub: no test needs a network
# before anything imports torch or numba: models this small only wait for further threads
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder of a BERT with random weights."""
    from tests.tiny_models import write_tiny_bert

    return write_tiny_bert(tmp_path_factory.mktemp("checkpoints") / "tiny-bert")


@pytest.fixture(scope="session")
def tiny_distilbert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder of a DistilBERT with random weights."""
    from tests.tiny_models import write_tiny_distilbert

    return write_tiny_distilbert(tmp_path_factory.mktemp("checkpoints") / "tiny-distilbert")


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV of 120 texts in three classes, with the metadata column channel."""
    from tests.tiny_models import write_tiny_corpus

    return write_tiny_corpus(tmp_path_factory.mktemp("corpora") / "tiny.csv")
