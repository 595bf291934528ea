"""The part of the analysis that finds slices: what it reads, when it runs again, and what it leaves out."""

from pathlib import Path

import pytest

from core.analysis.rows import read_rows
from core.analysis.settings import AnalysisSettings, SliceSettings
from core.analysis.slices import SliceKind, read_slices, slice_filter
from core.artifacts.run import Run
from core.artifacts.schema import SLICES, TEXTS, ModelName, Stage
from core.artifacts.workspace import open_workspace
from core.errors import ArtifactError
from scripts.parts.slices import slice_rows
from tests.fake_runs import write_fake_run

SETTINGS = AnalysisSettings(slices=SliceSettings(min_support=3))
STAGES = [stage for stage in Stage if stage not in (Stage.SLICES, Stage.FIGURES)]


def analyse(artifacts_dir: Path) -> tuple[str, str]:
    """Return what the part says twice in a row."""
    with open_workspace(artifacts_dir, "fake") as workspace:
        said = slice_rows(workspace, SETTINGS, 42), slice_rows(workspace, SETTINGS, 42)
        workspace.publish()
    return said


def test_slices_of_words_and_everything_else_are_written_once(tmp_path: Path):
    texts = {i: f"this is the zebra of row {i}" for i in range(190, 240, 2)}
    run_dir = write_fake_run(tmp_path, texts=texts, stages=STAGES, metadata={"source": ["chat", "mail", "mail"] * 80})
    first, second = analyse(tmp_path)
    assert "wrote slices.json" in first
    assert second == "fake: the slices are unchanged"
    run = Run.open(run_dir)
    slices, rows = read_slices(run), read_rows(run)
    kinds = {found.kind for found in slices.slices}
    assert kinds >= {SliceKind.CLASS, SliceKind.CLUSTER, SliceKind.METADATA, SliceKind.WORD}
    assert slices.models == (ModelName.LOGREG, ModelName.FINETUNED)
    words = {slice_filter(found.conditions, rows).words for found in slices.slices if found.kind is SliceKind.WORD}
    assert words & {(word,) for word in ("this", "is", "the", "zebra", "of", "row")}
    assert "zebra" not in (run_dir / SLICES).read_text(encoding="utf-8")
    assert {"texts.parquet", "clusters.parquet", "issues.parquet"} <= set(run.manifest.stages[Stage.SLICES].inputs)


def test_a_run_without_its_texts_keeps_the_slices_that_it_has(tmp_path: Path):
    write_fake_run(tmp_path, without=[TEXTS.path])
    assert analyse(tmp_path)[0] == "fake: texts.parquet not here, so the slices stay as they are"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"models": [ModelName.DUMMY]}, "no model that looks at the texts"),
        ({"splits": ["train"]}, "no rows beside the train split"),
    ],
)
def test_without_model_or_held_out_rows_there_are_no_slices(tmp_path: Path, changes: dict, expected: str):
    stages = [stage for stage in STAGES if stage not in (Stage.BEHAVIOUR, Stage.CALIBRATION)]
    write_fake_run(tmp_path, stages=stages, **changes)
    assert analyse(tmp_path)[0] == f"fake: {expected}, so there are no slices"


def test_slices_of_other_classes_are_refused(tmp_path: Path):
    run_dir = write_fake_run(tmp_path)
    text = (run_dir / SLICES).read_text(encoding="utf-8")
    for changed in (text.replace("sadness", "sadnxss"), text.replace('"kind":"class"', '"kind":"class","number":6', 1)):
        (run_dir / SLICES).write_text(changed, encoding="utf-8")
        with pytest.raises(ArtifactError, match=r"slices\.json"):
            read_slices(Run.open(run_dir))
