import shutil
from pathlib import Path

import pytest

from core.artifacts.run import Run
from tests.artifacts.small_run import NAME, make_run


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of three texts, not to be changed."""
    return make_run(tmp_path_factory.mktemp("artifacts"))


@pytest.fixture
def small_run(made_once: Run, tmp_path: Path) -> Run:
    """A finished run of three texts, in tmp_path/small."""
    shutil.copytree(made_once.root, tmp_path / NAME)
    return Run.open(tmp_path / NAME)
