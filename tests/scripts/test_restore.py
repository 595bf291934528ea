import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FINETUNED_DIR, RESTORED, TEXTS, ModelName, Stage, predictions_table
from tests.scripts.command import call, call_ok, error_line, files_of
from tests.tiny_models import write_tiny_bert, write_tiny_corpus

pytestmark = pytest.mark.slow

LEFT_OUT = (TEXTS.path, EMBEDDINGS, FINETUNED_DIR)


@pytest.fixture
def options(artifacts: Path, tiny_corpus: Path, tiny_distilbert: Path) -> tuple[object, ...]:
    """The options that restore the run tiny."""
    where = ("--dataset", tiny_corpus, "--model_ckpt", tiny_distilbert)
    return ("tiny", *where, "--artifacts-dir", artifacts)


def test_restored_run_is_whole_and_its_tracked_files_are_untouched(
    ship: Callable[..., Path], options: tuple[object, ...], built: Path
):
    folder = ship(*LEFT_OUT)
    shipped = files_of(folder)
    printed = call_ok("restore", *options)
    after, run = files_of(folder), Run.open(folder)
    assert {path: after[path] for path in shipped} == shipped
    assert run.verify() == []
    assert all(run.has_stage(stage) for stage in Stage)
    restored = json.loads(after[RESTORED])["files"]
    assert {TEXTS.path, EMBEDDINGS, f"{FINETUNED_DIR}/model.safetensors"} <= restored.keys()
    assert not restored.keys() & shipped.keys()
    assert "120 texts restored from tiny.csv, each verified by its hash" in printed
    assert "120 vectors computed with tiny-distilbert" in printed
    assert "it agrees with the shipped predictions on 100.0% of the test rows" in printed
    assert run.restored.facts["test_agreement"] == 1
    assert run.read_table(TEXTS).equals(Run.open(built / "tiny").read_table(TEXTS))
    assert after[EMBEDDINGS] == (built / "tiny" / EMBEDDINGS).read_bytes()


def test_restored_run_needs_nothing_more(
    ship: Callable[..., Path], options: tuple[object, ...], artifacts: Path, tiny_distilbert: Path
):
    folder = ship(*LEFT_OUT)
    call_ok("restore", *options)
    before = files_of(folder)
    assert "wrote" not in call_ok(
        "build", "--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert
    )
    printed = call_ok("restore", *options)
    for line in ("texts are there", "vectors are there", "the fine-tuned checkpoint is there"):
        assert f"tiny: {line}" in printed
    assert files_of(folder) == before


def test_agreement_is_measured_on_the_test_rows(ship: Callable[..., Path], options: tuple[object, ...]):
    folder = ship(FINETUNED_DIR)
    split = pd.read_parquet(folder / "examples.parquet")["split"]
    path = predictions_table(ModelName.FINETUNED).path
    rows = pq.read_table(folder / path)
    pred = rows["pred"].to_numpy().copy()
    changed = [*np.flatnonzero(split == "test")[:3], *np.flatnonzero(split == "train")]  # 3 of the 12 test rows
    pred[changed] = (pred[changed] + 1) % 3
    pq.write_table(rows.set_column(1, "pred", pa.array(pred, pa.int16())), folder / path)
    manifest = json.loads((folder / "manifest.json").read_text())
    payload = (folder / path).read_bytes()
    record = {"sha256": hashlib.sha256(payload).hexdigest(), "bytes": len(payload), "rows": 120}
    manifest["stages"]["fine_tune"]["files"][path] = record
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "agrees with the shipped predictions on 75.0% of the test rows" in call_ok("restore", *options)
    assert Run.open(folder).restored.facts["test_agreement"] == 0.75


def test_texts_of_another_corpus_are_refused(ship: Callable[..., Path], artifacts: Path, tmp_path: Path):
    folder = ship(*LEFT_OUT)
    before = files_of(folder)
    other = write_tiny_corpus(tmp_path / "other.csv", n_rows=90)  # the first 90 of the 120
    message = error_line(call("restore", "tiny", "--dataset", other, "--artifacts-dir", artifacts))
    assert "30 of 120 texts of the run tiny are not in the corpus given" in message
    assert message.endswith("expected all of tiny; give that corpus with --dataset")
    assert files_of(folder) == before


def test_texts_are_found_in_whatever_order_they_come(
    ship: Callable[..., Path], artifacts: Path, tmp_path: Path, tiny_corpus: Path, built: Path
):
    ship(*LEFT_OUT)
    header, *rows = tiny_corpus.read_text().splitlines()
    (tmp_path / "backwards.csv").write_text("\n".join([header, *rows[::-1]]) + "\n")
    call("restore", "tiny", "--dataset", tmp_path / "backwards.csv", "--artifacts-dir", artifacts)
    assert Run.open(artifacts / "tiny").read_table(TEXTS).equals(Run.open(built / "tiny").read_table(TEXTS))


@pytest.mark.parametrize("left_out", [LEFT_OUT, (FINETUNED_DIR,)])
def test_another_encoder_is_refused(
    ship: Callable[..., Path], artifacts: Path, tiny_corpus: Path, tmp_path: Path, left_out: tuple[str, ...]
):
    ship(*left_out)
    bert = write_tiny_bert(tmp_path / "tiny-bert")
    options = ("--dataset", tiny_corpus, "--model_ckpt", bert, "--artifacts-dir", artifacts)
    outcome = call("restore", "tiny", *options)
    assert "tiny-bert has weights" in error_line(outcome)
    assert not (artifacts / "tiny" / FINETUNED_DIR).exists()


def test_corpus_with_columns_of_other_names_is_read_as_it_was_the_first_time(
    tmp_path: Path, tiny_corpus: Path, built: Path
):
    with tiny_corpus.open(newline="") as file:
        rows = list(csv.DictReader(file))
    renamed = tmp_path / "renamed.csv"
    with renamed.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["body", "mood"], *([row["text"], row["label"]] for row in rows)])
    where = ("--artifacts-dir", tmp_path / "artifacts")
    call_ok("prepare_data", "--dataset", renamed, "--text-column", "body", "--label-column", "mood", *where)
    (tmp_path / "artifacts" / "renamed" / TEXTS.path).unlink()
    assert "120 texts restored" in call_ok("restore", "renamed", "--dataset", renamed, *where)


def test_stage_that_was_never_made_is_not_restored(tmp_path: Path, tiny_corpus: Path):
    where = ("--artifacts-dir", tmp_path / "artifacts")
    call_ok("prepare_data", "--dataset", tiny_corpus, *where)
    printed = call_ok("restore", "tiny", *where)
    assert "tiny: vectors were never made" in printed
    assert "tiny: a fine-tuned checkpoint was never made" in printed


def test_run_that_is_not_there_is_refused(tmp_path: Path):
    message = error_line(call("restore", "nowhere", "--artifacts-dir", tmp_path))
    assert "nowhere/manifest.json not found" in message


def test_restored_vectors_are_near_the_shipped_ones_where_the_machine_differs(
    ship: Callable[..., Path], options: tuple[object, ...], artifacts: Path, built: Path
):
    """Other bytes on record, as another processor would give, do not make the restored file count as changed."""
    folder = ship(*LEFT_OUT)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["stages"]["extract_features"]["files"][EMBEDDINGS]["sha256"] = "0" * 64
    for stage in manifest["stages"].values():
        if EMBEDDINGS in stage["inputs"]:
            stage["inputs"][EMBEDDINGS] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    call_ok("restore", *options)
    run = Run.open(folder)
    assert run.verify() == []
    np.testing.assert_array_equal(run.read_embeddings(), np.load(built / "tiny" / EMBEDDINGS))
    printed = call_ok("build", "--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", options[4])
    assert "wrote" not in printed
