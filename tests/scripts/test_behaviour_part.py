"""The part of the analysis that asks models about edited texts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.analysis.settings import AnalysisSettings, BehaviourSettings
from core.artifacts.schema import BEHAVIOUR, TEXTS, Edit, ModelName, Stage
from core.artifacts.workspace import open_workspace
from core.models.classifier import ClassProbabilities
from scripts.parts.behaviour import ask_about_edits, edit_and_ask
from tests.fake_runs import CHECKPOINT
from tests.live_runs import write_live_run

SETTINGS = AnalysisSettings(behaviour=BehaviourSettings(edited_rows=4))


class Shouter:
    """Says class 1 of a text in capitals, class 0 of any other, in both cases with 75%."""

    classes = ("calm", "loud")
    max_length = 16

    def predict_proba(self, texts: Sequence[str], *, progress: bool = False) -> ClassProbabilities:
        loud = np.array([text.isupper() for text in texts])
        probs = np.where(loud[:, None], [0.25, 0.75], [0.75, 0.25]).astype(np.float32)
        zeros = np.zeros(len(texts))
        return ClassProbabilities(probs=probs, n_tokens=zeros.astype(np.int32), truncated=zeros.astype(np.bool_))


def test_model_that_answers_to_capitals_fails_exactly_there():
    texts = pd.Series(["I left home.", "stay", "GO HOME NOW"], index=[7, 9, 11])
    tests = ask_about_edits({ModelName.LOGREG: Shouter()}, texts, seed=1)
    assert tests.columns.tolist() == BEHAVIOUR.schema.names
    changed = tests[tests["pred"] != tests["original_pred"]]
    of_quiet = changed[changed["id"] != 11]
    assert of_quiet["edit"].unique().tolist() == [Edit.UPPER_CASE]
    assert of_quiet["id"].tolist() == [7, 9]
    # words in small letters are added to the loud one; its own letters stay in capitals under every other edit
    assert set(changed[changed["id"] == 11]["edit"]) == {Edit.OPENING_WORD, Edit.CLOSING_WORDS, Edit.HANDLE, Edit.LINK}
    assert tests[(tests["id"] == 9) & (tests["edit"] == Edit.FULL_STOP)]["confidence"].tolist() == [0.75]
    assert not ((tests["id"] == 11) & (tests["edit"] == Edit.UPPER_CASE)).any()  # nothing to edit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    artifacts_dir = tmp_path_factory.mktemp("artifacts")
    write_live_run(artifacts_dir)
    with open_workspace(artifacts_dir, "live") as workspace:
        assert edit_and_ask(workspace, SETTINGS, 42).startswith("live: wrote behaviour.parquet (4 texts, ")
        assert edit_and_ask(workspace, SETTINGS, 42) == "live: the behavioural tests are unchanged"
        workspace.publish()
    return artifacts_dir


def test_texts_of_the_test_split_are_edited_and_both_models_asked(made: Path):
    with open_workspace(made, "live") as workspace:
        tests = workspace.run.read_table(BEHAVIOUR)
        record = workspace.run.manifest.stages[Stage.BEHAVIOUR]
    assert (record.settings["edited_rows"], record.settings["seed"]) == (4, 42)
    ids = tests.groupby("model")["id"].unique()
    assert set(ids.index) == {"logreg", "finetuned"}
    assert ids["logreg"].tolist() == ids["finetuned"].tolist()
    assert len(ids["logreg"]) == 4
    assert ids["logreg"].min() >= 108  # of 120 rows the last twelve are the test split


@pytest.mark.parametrize(
    ("gone", "why"), [(TEXTS.path, "no texts here"), (CHECKPOINT, "the fine-tuned checkpoint is not")]
)
def test_what_is_there_stays_without_texts_or_checkpoint(made: Path, gone: str, why: str):
    path = made / "live" / gone
    kept = path.read_bytes()
    path.unlink()
    try:
        with open_workspace(made, "live") as workspace:
            said = edit_and_ask(workspace, SETTINGS, 43)
            assert "the behavioural tests stay as they are" in said
            assert why in said
            assert workspace.run.has_stage(Stage.BEHAVIOUR)
    finally:
        path.write_bytes(kept)


def test_model_that_cannot_be_loaded_is_left_out_and_named(tmp_path: Path):
    write_live_run(tmp_path, "elsewhere", encoder_name="some-encoder")
    with open_workspace(tmp_path, "elsewhere") as workspace:
        said = edit_and_ask(workspace, SETTINGS, 42)
        assert "some-encoder" in said
        assert edit_and_ask(workspace, SETTINGS, 42).endswith("tests are unchanged")
        assert "wrote behaviour.parquet" in edit_and_ask(workspace, SETTINGS, 43)
        assert set(workspace.run.read_table(BEHAVIOUR)["model"]) == {"finetuned"}


def test_run_without_any_model_says_so(tmp_path: Path):
    write_live_run(tmp_path, "bare", finetuned=False, head=False)
    with open_workspace(tmp_path, "bare") as workspace:
        assert edit_and_ask(workspace, SETTINGS, 42).endswith("so there are no behavioural tests")
