from pathlib import Path

import pytest

from core.artifacts.run import Run
from tests.artifacts.small_run import make_run


@pytest.fixture
def small_run(tmp_path: Path) -> Run:
    """A finished run of three texts, in tmp_path/small."""
    return make_run(tmp_path)
