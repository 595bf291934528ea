"""What is found in a corpus with copies and leaks in it, and by which models its labels are judged."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.analysis.settings import AnalysisSettings
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, ISSUES, TEXTS, Issue, ModelName, Split, Stage
from core.artifacts.workspace import open_workspace
from scripts.parts.issues import find_issues, pooled_probabilities
from tests.fake_runs import write_fake_run

# Rows 0-191 are train, 192-215 validation, 216-239 test; labels of rows 0-5 are the six classes.
TEXT_OF = {0: "I like it", 1: "I LIKE it!", 200: "so it goes", 7: "So it goes.", 239: "so... it goes", 20: "?!"}
BEFORE = (Stage.ISSUES, Stage.BEHAVIOUR, Stage.FIGURES)


def analyse(tmp_path: Path, **changes: object) -> tuple[Run, pd.DataFrame, str]:
    stages = [stage for stage in Stage if stage not in BEFORE]
    write_fake_run(tmp_path, texts=TEXT_OF, stages=stages, **changes)
    with open_workspace(tmp_path, "fake") as workspace:
        said = find_issues(workspace, AnalysisSettings(), 42)
        assert find_issues(workspace, AnalysisSettings(), 42) == "fake: the issues are unchanged"
        workspace.publish()
    run = Run.open(tmp_path / "fake")
    return run, run.read_table(ISSUES), said


def pairs(issues: pd.DataFrame, issue: Issue, detail: str = "") -> dict[int, int]:
    found = issues[(issues["issue"] == issue) & (issues["detail"] == detail)]
    return dict(zip(found["id"], found["other"], strict=True))


def test_copies_leaks_conflicts_and_odd_texts_are_found(tmp_path: Path):
    run, issues, said = analyse(tmp_path)
    assert pairs(issues, Issue.EXACT_DUPLICATE) == {1: 0}
    assert pairs(issues, Issue.LEAKED, "exact") == {200: 7, 239: 7}
    assert {0: 1, 1: 0}.items() <= pairs(issues, Issue.CONFLICTING_LABELS).items()
    assert pairs(issues, Issue.ODD_TEXT, "empty") == {20: -1}
    assert "1 exact duplicate" in said
    assert set(run.manifest.stages[Stage.ISSUES].inputs) > {"texts.parquet", "neighbors.parquet", "embeddings.npy"}


def test_a_split_without_rows_is_passed_over(tmp_path: Path):
    _, issues, _ = analyse(tmp_path, splits=["train", "test"])
    # without validation, row 200 is a training row
    assert pairs(issues, Issue.EXACT_DUPLICATE) == {1: 0, 200: 7}
    assert pairs(issues, Issue.LEAKED, "exact") == {239: 7}


def test_labels_are_judged_by_models_that_have_not_seen_them(tmp_path: Path):
    run, _, _ = analyse(tmp_path, models=[ModelName.FINETUNED])
    probs = pooled_probabilities(run, seed=42)
    train = (run.read_table(EXAMPLES)["split"] == Split.TRAIN).to_numpy()
    assert np.isnan(probs[train]).all()
    assert probs[~train].sum(axis=1) == pytest.approx(1)
    assert np.isfinite(pooled_probabilities(Run.open(write_fake_run(tmp_path, "all")), seed=42)).all()


def test_a_run_without_its_texts_keeps_the_issues_that_it_has(tmp_path: Path):
    write_fake_run(tmp_path, without=[TEXTS.path])
    with open_workspace(tmp_path, "fake") as workspace:
        said = find_issues(workspace, AnalysisSettings(), 42)
    assert said == "fake: texts.parquet not here, so the issues stay as they are"
    assert len(Run.open(tmp_path / "fake").read_table(ISSUES)) == 2 * len(Issue)
