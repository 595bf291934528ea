"""The parts of the analysis on confidence and on the corpus: what they write, when they are left out."""

from pathlib import Path

import pytest

from core.analysis.calibration import read_calibration
from core.analysis.corpus_warnings import Check, Severity, read_corpus_warnings
from core.analysis.settings import AnalysisSettings
from core.artifacts.run import Run
from core.artifacts.schema import CALIBRATION, CORPUS_WARNINGS, ModelName, Split, Stage
from core.artifacts.workspace import open_workspace
from scripts.parts.calibration import calibrate
from scripts.parts.warnings import warn
from tests.fake_runs import write_fake_run

WITHOUT = [stage for stage in Stage if stage not in (Stage.CALIBRATION, Stage.WARNINGS)]


def run_parts(artifacts_dir: Path) -> list[str]:
    with open_workspace(artifacts_dir, "fake") as workspace:
        lines = [make(workspace, AnalysisSettings(), 42) for make in (calibrate, warn)]
        workspace.publish()
    return lines


def test_both_files_are_written_once_and_hold_no_word_of_the_corpus(tmp_path):
    texts = {i: f"zanzibar{i} about this" for i in range(240)}
    root = write_fake_run(tmp_path, texts=texts, stages=WITHOUT)
    wrote_calibration, wrote_warnings = run_parts(tmp_path)
    assert wrote_calibration.startswith("fake: wrote calibration.json (logreg: temperature ")
    assert wrote_warnings.startswith("fake: wrote corpus_warnings.json (warnings: ")
    run = Run.open(root)
    calibration = read_calibration(run)
    assert [found.model for found in calibration.models] == [ModelName.LOGREG, ModelName.FINETUNED]
    assert [split.split for split in calibration.models[0].splits] == [Split.VALIDATION, Split.TEST]
    warnings = read_corpus_warnings(run)
    assert {found.check for found in warnings.findings} == set(Check)
    assert any(found.check is Check.VOCABULARY_SHIFT for found in warnings.of(Severity.FINE))
    assert "zanzibar" not in (root / CORPUS_WARNINGS).read_text(encoding="utf-8")
    before = (root / CORPUS_WARNINGS).read_bytes(), (root / CALIBRATION).read_bytes()
    assert [line.rpartition(" ")[2] for line in run_parts(tmp_path)] == ["unchanged", "unchanged"]
    assert ((root / CORPUS_WARNINGS).read_bytes(), (root / CALIBRATION).read_bytes()) == before


@pytest.mark.parametrize("splits", [("train",), ("train", "test")])
def test_corpus_without_other_splits(tmp_path, splits):
    root = write_fake_run(tmp_path, splits=splits, stages=WITHOUT)
    told, _ = run_parts(tmp_path)
    findings = read_corpus_warnings(Run.open(root)).of(Severity.NOT_CHECKED)
    if splits == ("train",):
        assert told == "fake: no rows beside the train split, so there is no calibration"
        assert "no split is left to measure models on" in findings[0].sentence
    else:
        assert "no validation split, so no temperature" in told
        assert findings == []
        assert read_calibration(Run.open(root)).temperature(ModelName.LOGREG) is None


def test_shipped_run_without_texts_keeps_its_warnings(tmp_path):
    root = write_fake_run(tmp_path, without=["texts.parquet"])
    before = (root / CORPUS_WARNINGS).read_bytes()
    assert run_parts(tmp_path)[1] == "fake: texts.parquet not here, so the corpus warnings stay as they are"
    assert (root / CORPUS_WARNINGS).read_bytes() == before


def test_without_vectors_and_models_the_rest_is_checked(tmp_path):
    root = write_fake_run(tmp_path, stages=[Stage.PREPARE_DATA], models=[])
    told, _ = run_parts(tmp_path)
    assert told == "fake: no model whose confidence changes from row to row, so there is no calibration"
    (unchecked,) = read_corpus_warnings(Run.open(root)).of(Severity.NOT_CHECKED)
    assert "no vectors" in unchecked.sentence
