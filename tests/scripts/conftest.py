import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scripts.command import call_ok

TRAINING = ("--num-train-epochs", 6, "--batch-size", 8, "--learning-rate", 5e-3)


@pytest.fixture(scope="session")
def recipe(tiny_corpus: Path, tiny_distilbert: Path) -> tuple[object, ...]:
    """The options of a build of the tiny corpus with the tiny DistilBERT, except for the artifacts folder."""
    encoder = ("--model_ckpt", tiny_distilbert, "--max-length", 32, "--precision", "float32")
    return ("--run", "tiny", "--dataset", tiny_corpus, *encoder, *TRAINING, "--n-neighbors", 5)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, recipe: tuple[object, ...]) -> Path:
    """An artifacts folder with the finished run tiny; not to be written to."""
    artifacts = tmp_path_factory.mktemp("built") / "artifacts"
    call_ok("build", *recipe, "--artifacts-dir", artifacts)
    return artifacts


@pytest.fixture
def artifacts(built: Path, tmp_path: Path) -> Path:
    """A copy of the artifacts folder with the finished run tiny."""
    return Path(shutil.copytree(built, tmp_path / "artifacts"))


@pytest.fixture
def ship(artifacts: Path) -> Callable[..., Path]:
    """Removes from the run tiny what a shipped run leaves out, and returns its folder."""

    def remove(*paths: str) -> Path:
        for path in paths:
            target = artifacts / "tiny" / path
            if target.is_dir():
                shutil.rmtree(target)
            else:
                target.unlink()
        return artifacts / "tiny"

    return remove
