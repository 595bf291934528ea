"""The part of the analysis that estimates and compares, and what is read back of it."""

import json

import pytest

from core.analysis.comparison import read_comparison
from core.analysis.settings import AnalysisSettings, ComparisonSettings
from core.artifacts.run import Run
from core.artifacts.schema import COMPARISON, METRICS, ModelName, Origin, Split, Stage
from core.artifacts.workspace import open_workspace
from core.errors import ArtifactError
from scripts.parts.comparison import compare
from tests.fake_runs import write_fake_run

BEFORE = [
    Stage.PREPARE_DATA,
    Stage.EXTRACT_FEATURES,
    Stage.TRAIN_BASELINES,
    Stage.FINE_TUNE,
    Stage.METRICS,
]
FEW = AnalysisSettings(comparison=ComparisonSettings(n_resamples=100))


def test_every_model_and_pair_is_there_on_every_split_with_its_origin(tmp_path):
    write_fake_run(tmp_path, stages=BEFORE)
    with open_workspace(tmp_path, "fake") as workspace:
        assert compare(workspace, FEW, 7) == "fake: wrote comparison.json (dummy, logreg, finetuned)"
        assert compare(workspace, FEW, 7) == "fake: the comparison is unchanged"
        assert "wrote" in compare(workspace, FEW, 8)
        workspace.publish()
    run = Run.open(tmp_path / "fake")
    assert run.manifest.stages[Stage.COMPARISON].settings == {"n_resamples": 100, "seed": 8}
    comparison = read_comparison(run)
    assert [(found.model, found.split) for found in comparison.scores] == [(m, s) for s in Split for m in ModelName]
    on_train = comparison.pair(ModelName.LOGREG, ModelName.FINETUNED, Split.TRAIN)
    assert (on_train.first_origin, on_train.second_origin) == (Origin.OUT_OF_FOLD, Origin.IN_SAMPLE)
    metrics = json.loads((tmp_path / "fake" / METRICS).read_text())["metrics"]
    accuracy = {(found["model"], found["split"]): found["accuracy"] for found in metrics}
    assert {(found.model, found.split): found.accuracy.value for found in comparison.scores} == pytest.approx(accuracy)
    assert len(comparison.pairs) == 9
    assert comparison.pair(ModelName.FINETUNED, ModelName.LOGREG, Split.TEST) is None


def test_without_predictions_there_is_nothing_to_compare(tmp_path):
    write_fake_run(tmp_path, stages=[Stage.PREPARE_DATA])
    with open_workspace(tmp_path, "fake") as workspace:
        assert "no predictions yet" in compare(workspace, FEW, 7)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('"low":0.', '"low":9.', "less than or equal to 1"),
        ('"n_fixed":', '"n_mixed":', "n_fixed"),
        ('"sadness"', '"sadnesz"', "is about the classes sadnesz"),
    ],
)
def test_file_from_somebody_else_is_checked(tmp_path, before, after, problem):
    path = write_fake_run(tmp_path, stages=[*BEFORE, Stage.COMPARISON]) / COMPARISON
    path.write_text(path.read_text().replace(before, after, 1))
    with pytest.raises(ArtifactError, match=problem):
        read_comparison(Run.open(tmp_path / "fake"))
