from pathlib import Path

import pandas as pd
import pytest

from core.artifacts.files import sha256_of_text
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, TEXTS, Split, Stage
from core.artifacts.workspace import open_workspace
from core.data.stored import corpus_of_run
from core.errors import ArtifactError
from tests.data.files import csv_of, load, write


@pytest.fixture
def stored_run(tmp_path: Path) -> Run:
    """A run of 200 texts in two classes, with one column of metadata."""
    rows = csv_of({"joy": 100, "fear": 100}).splitlines()
    content = "\n".join([f"{rows[0]},stars", *(f"{row},{i}" for i, row in enumerate(rows[1:]))])
    corpus = load(write(tmp_path / "a.csv", content))
    frame = corpus.frame.assign(
        id=range(200),
        text_sha256=corpus.frame["text"].map(sha256_of_text),
        n_chars=corpus.frame["text"].str.len(),
        n_words=3,
    )
    with open_workspace(tmp_path / "artifacts", "a") as workspace:
        with workspace.stage(Stage.PREPARE_DATA, settings={}, inputs=[], libraries=[]) as writer:
            writer.corpus = corpus.info
            writer.table(EXAMPLES, frame.drop(columns="text"))
            writer.table(TEXTS, frame[["id", "text"]])
        workspace.publish()
    return Run.open(tmp_path / "artifacts" / "a")


def test_stored_corpus_is_the_one_that_was_prepared(stored_run: Run, tmp_path: Path) -> None:
    original, stored = load(tmp_path / "a.csv"), corpus_of_run(stored_run)
    pd.testing.assert_frame_equal(stored.frame[original.frame.columns], original.frame, check_dtype=False)
    assert stored.info == original.info


def test_part_of_a_stored_corpus_counts_its_own_rows(stored_run: Run) -> None:
    corpus = corpus_of_run(stored_run, limit=20)
    assert corpus.info.n_rows == {Split.TRAIN: 16, Split.VALIDATION: 4, Split.TEST: 4}
    assert len(corpus.frame) == 24
    assert corpus.info.notes[-1] == "limited to 24 of 200 rows of the run a"


def test_run_without_its_texts_says_how_to_get_them(stored_run: Run) -> None:
    (stored_run.root / TEXTS.path).unlink()
    with pytest.raises(
        ArtifactError, match=r"texts\.parquet is missing.*python -m scripts\.restore a --dataset a\.csv"
    ):
        corpus_of_run(stored_run)
