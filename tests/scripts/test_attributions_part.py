"""The part of the analysis that attributes errors to words."""

from pathlib import Path

import numpy as np
import pandas as pd

from core.analysis.settings import AnalysisSettings, AttributionSettings
from core.artifacts.run import Run
from core.artifacts.schema import ATTRIBUTIONS, EXAMPLES, TEXTS, ModelName, Stage, predictions_table
from core.artifacts.workspace import open_workspace
from scripts.parts.attributions import attribute_errors, costliest_errors
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.live_runs import write_live_run

SETTINGS = AnalysisSettings(attributions=AttributionSettings(attributed_rows=2, attribution_steps=8))


def attribute(artifacts_dir: Path, name: str = "live") -> str:
    with open_workspace(artifacts_dir, name) as workspace:
        line = attribute_errors(workspace, SETTINGS, 42)
        workspace.publish()
    return line


def test_errors_are_attributed_by_both_models_for_the_predicted_and_the_true_class(tmp_path):
    write_live_run(tmp_path)
    assert attribute(tmp_path).startswith("live: wrote attributions.parquet (2 errors, mean |delta| 0.0")
    assert attribute(tmp_path) == "live: the attributions are unchanged"
    run = Run.open(tmp_path / "live")
    table, texts = run.read_table(ATTRIBUTIONS), run.read_table(TEXTS)["text"]
    label = run.read_table(EXAMPLES)["label"]
    assert len(table["id"].unique()) == 2
    for model in (ModelName.LOGREG, ModelName.FINETUNED):
        pred = run.read_table(predictions_table(model))["pred"]
        for row, lines in table[table["model"] == model].groupby("id"):
            assert set(lines["target"]) == {pred[row], label[row]}
            first = lines[lines["target"] == label[row]]
            assert [texts[row][a:b] for a, b in zip(first["start"], first["end"], strict=True)] == texts[row].split()
            assert first["delta"].nunique() == 1


def test_without_texts_or_checkpoint_what_is_there_stays(tmp_path):
    folder = write_live_run(tmp_path)
    attribute(tmp_path)
    before = (folder / ATTRIBUTIONS.path).read_bytes()
    (folder / CHECKPOINT).unlink()
    with open_workspace(tmp_path, "live") as workspace:
        line = attribute_errors(workspace, AnalysisSettings(attributions=AttributionSettings(attributed_rows=1)), 42)
    assert line.startswith("live: the attributions stay as they are: the fine-tuned checkpoint is not in ")
    (folder / TEXTS.path).unlink()
    assert attribute(tmp_path) == "live: no texts here, so the attributions stay as they are"
    assert (folder / ATTRIBUTIONS.path).read_bytes() == before


def test_model_that_was_never_there_leaves_the_others_to_be_attributed(tmp_path):
    folder = write_live_run(tmp_path, without=[CHECKPOINT])
    assert "the fine-tuned checkpoint is not in " in attribute(tmp_path)
    assert set(Run.open(folder).read_table(ATTRIBUTIONS)["model"]) == {ModelName.LOGREG}


def test_run_without_models_says_so(tmp_path):
    write_fake_run(tmp_path, "bare", stages=[Stage.PREPARE_DATA])
    assert attribute(tmp_path, "bare") == "bare: no model here that reads text, so nothing is attributed"


def test_costliest_errors_come_from_test_first(tmp_path):
    run = Run.open(write_fake_run(tmp_path, n_rows=600))
    frame = pd.read_parquet(run.root / EXAMPLES.path)
    answers = pd.read_parquet(run.root / predictions_table(ModelName.LOGREG).path)
    frame["p"] = answers.filter(like="prob_").to_numpy()[np.arange(600), frame["label"]]
    wrong = frame[answers["pred"] != frame["label"]].sort_values("p", kind="stable")
    test, validation = (wrong[wrong["split"] == split]["id"].tolist() for split in ("test", "validation"))
    assert len(test) > 5
    assert costliest_errors(run, ModelName.LOGREG, at_most=3) == test[:3]
    assert costliest_errors(run, ModelName.LOGREG, at_most=len(test) + 2) == [*test, *validation[:2]]
