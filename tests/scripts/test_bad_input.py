"""Bad input ends with exit code 2 and one line that says what to do, and changes nothing."""

import json
import resource
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.artifacts.lock import lock_run
from core.artifacts.run import Run
from scripts import fine_tune
from tests.scripts.command import call, call_ok, error_line, files_of, start

GOOD_ROWS = [f"text {i},{'yes' if i % 2 else 'no'}" for i in range(40)]


def csv_of(*rows: str, header: str = "text,label") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def written(artifacts: Path) -> list[str]:
    """Return the files below an artifacts folder, locks aside."""
    return [path for path in files_of(artifacts) if not path.endswith(".lock")]


@pytest.mark.parametrize(
    ("payload", "options", "message"),
    [
        (csv_of(*GOOD_ROWS, header="body,label"), (), "has no column 'text' (found: body, label); name it with"),
        (csv_of(*GOOD_ROWS), ("--label-column", "stars"), "has no column 'stars' (found: text, label); name it with"),
        (b"", (), "is empty (0 bytes), expected labelled texts"),
        (csv_of(), (), "has a header but no rows"),
        (
            csv_of(*(f"text {i},same" for i in range(40))),
            (),
            "all 40 rows have the label 'same', expected at least two",
        ),
        (csv_of(*GOOD_ROWS, *([" ,no"] * 41)), (), "41 of 81 rows of corpus.csv have no text, expected at most 50%"),
        (csv_of(*GOOD_ROWS) + b"caf\xe9,no\n", (), "is not UTF-8: byte 0xe9 at offset"),
        (csv_of(*GOOD_ROWS) + b"a\0b,no\n", (), "has a NUL byte in line 42"),
        (csv_of(*GOOD_ROWS), ("--seed", "-1"), "--seed is -1, expected a number in 0…4294967295"),
        (csv_of(*GOOD_ROWS), ("--limit", "0"), "--limit is 0"),
        (csv_of(*GOOD_ROWS), ("--run", "../elsewhere"), "the run name '../elsewhere'"),
        (csv_of(*GOOD_ROWS), ("--run", "x.lock"), "the run name 'x.lock'"),
    ],
)
@pytest.mark.parametrize("script", ["build", "prepare_data"])
def test_bad_corpus_or_name_is_refused(
    tmp_path: Path, script: str, payload: bytes, options: Sequence[str], message: str
):
    corpus = tmp_path / "corpus.csv"
    corpus.write_bytes(payload)
    outcome = call(script, "--dataset", corpus, "--artifacts-dir", tmp_path / "artifacts", *options)
    assert message in error_line(outcome)
    assert written(tmp_path / "artifacts") == []
    assert [path.name for path in tmp_path.iterdir() if path.name != "artifacts"] == ["corpus.csv"]


def test_file_that_is_not_there_is_refused(tmp_path: Path):
    message = error_line(call("build", "--dataset", tmp_path / "no.csv", "--artifacts-dir", tmp_path / "artifacts"))
    assert message.startswith(f"no such file: {tmp_path}/no.csv")
    assert written(tmp_path / "artifacts") == []


def test_no_run_and_no_corpus_is_refused(tmp_path: Path):
    message = error_line(call("build", "--artifacts-dir", tmp_path))
    assert message == "no run named, expected one; name it with --run, or give a corpus with --dataset"


def test_run_without_a_corpus_is_refused(tmp_path: Path):
    message = error_line(call("build", "--run", "new", "--artifacts-dir", tmp_path))
    assert message == "no corpus given, expected one; give it with --dataset PATH_OR_HUB_ID"
    assert written(tmp_path) == []


def test_stage_of_a_run_that_is_not_there_is_refused(tmp_path: Path):
    for script in ("extract_features", "train_baselines", "fine_tune", "analyze"):
        message = error_line(call(script, "--run", "new", "--artifacts-dir", tmp_path))
        assert "the run new has no corpus yet; prepare it with: python -m scripts.prepare_data --run new" in message
    assert written(tmp_path) == []


def test_real_process_ends_with_one_line_and_code_two(tmp_path: Path):
    outcome = start(["-m", "scripts.build", "--dataset", "no.csv", "--artifacts-dir", tmp_path])
    assert error_line(outcome).startswith("no such file: no.csv")
    assert outcome.out == "[1/5] prepare_data\n"


@pytest.mark.parametrize("script", ["build", "prepare_data", "analyze"])
def test_second_writer_is_refused(artifacts: Path, script: str):
    before = files_of(artifacts)
    with lock_run(artifacts, "tiny"):
        message = error_line(call(script, "--run", "tiny", "--artifacts-dir", artifacts))
    assert message.startswith("the run tiny is being written by another process, expected one writer at a time")
    assert files_of(artifacts) == before


def test_run_of_a_newer_misread_is_refused_and_kept(artifacts: Path, tiny_corpus: Path):
    manifest = json.loads((artifacts / "tiny" / "manifest.json").read_text())
    (artifacts / "tiny" / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 2}))
    before = files_of(artifacts / "tiny")
    for options in (("--run", "tiny"), ("--dataset", tiny_corpus), ("--preset", "demo", "--run", "tiny")):
        message = error_line(call("build", *options, "--artifacts-dir", artifacts))
        assert "has schema version 2, this Misread reads up to 1; update Misread" in message
    assert files_of(artifacts / "tiny") == before


@pytest.mark.parametrize("damage", [b"", b"{", b'{"schema_version": 1}'])
def test_run_with_a_damaged_manifest_is_made_again(artifacts: Path, tiny_corpus: Path, damage: bytes):
    (artifacts / "tiny" / "manifest.json").write_bytes(damage)
    call_ok("prepare_data", "--run", "tiny", "--dataset", tiny_corpus, "--artifacts-dir", artifacts)
    assert Run.open(artifacts / "tiny").manifest.n_rows == 120


def test_recorded_setting_of_another_kind_is_refused(artifacts: Path):
    manifest = json.loads((artifacts / "tiny" / "manifest.json").read_text())
    manifest["stages"]["fine_tune"]["settings"]["batch_size"] = "many"
    (artifacts / "tiny" / "manifest.json").write_text(json.dumps(manifest))
    message = error_line(call("build", "--run", "tiny", "--artifacts-dir", artifacts))
    assert message.startswith("the manifest records 'many' as batch_size, expected a int")


def test_recorded_settings_of_a_foreign_run_name_no_paths(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    manifest = json.loads((artifacts / "tiny" / "manifest.json").read_text())
    hostile = {"output_dir": str(tmp_path / "elsewhere"), "report_to": ["wandb"], "dataset": "other.csv", "seed": 7}
    manifest["stages"]["fine_tune"]["settings"] |= hostile
    (artifacts / "tiny" / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr("sys.argv", ["fine_tune", "--run", "tiny", "--artifacts-dir", str(artifacts)])
    options = fine_tune.default_options()
    assert (options.output_dir, options.report_to, options.dataset, options.seed) == (None, (), None, 7)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_file_in_the_place_of_the_artifacts_folder_is_refused(tmp_path: Path, tiny_corpus: Path, below: str):
    (tmp_path / "taken").write_text("notes")
    message = error_line(call("prepare_data", "--dataset", tiny_corpus, "--artifacts-dir", tmp_path / "taken" / below))
    assert f"{tmp_path}/taken" in message
    assert files_of(tmp_path) == {"taken": b"notes"}


def test_file_in_the_place_of_the_output_folders_is_refused(artifacts: Path, tiny_distilbert: Path, tmp_path: Path):
    (tmp_path / "taken").write_text("notes")
    options = ("--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    for script, option in (("extract_features", "--out_dir"), ("fine_tune", "--output_dir")):
        message = error_line(call(script, *options, option, tmp_path / "taken"))
        assert str(tmp_path / "taken") in message
    assert Run.open(artifacts / "tiny").verify() == []


def test_bad_option_of_the_extraction_is_refused_before_the_work(artifacts: Path):
    options = ("--run", "tiny", "--artifacts-dir", artifacts)
    assert "--split is 'dev'" in error_line(call("extract_features", *options, "--split", "dev"))
    assert "--batch-size is 0" in error_line(call("extract_features", *options, "--batch_size", 0))


def files_at_most(n_bytes: int) -> Callable[[], None]:
    """Return what makes the disk of a process full for every file beyond a size."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


def test_full_disk_is_told_and_nothing_is_left(tmp_path: Path, tiny_corpus: Path):
    arguments = ["-m", "scripts.prepare_data", "--dataset", tiny_corpus, "--artifacts-dir", tmp_path]
    message = error_line(start(arguments, before=files_at_most(1_000)))
    assert "cannot write" in message
    assert message.endswith("then run the same command again")
    assert written(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "options", "n_bytes"),
    [
        ("extract_features", ("--max-length", 16), 4_000),  # 120 vectors have 7,808 bytes
        ("fine_tune", ("--num-train-epochs", 1), 50_000),  # the weights have more than 90,000
    ],
)
def test_full_disk_leaves_the_finished_run_as_it_was(
    artifacts: Path, tiny_distilbert: Path, script: str, options: tuple[object, ...], n_bytes: int
):
    before = files_of(artifacts / "tiny")
    where = ("--run", "tiny", "--artifacts-dir", artifacts, "--model_ckpt", tiny_distilbert)
    outcome = start(["-m", f"scripts.{script}", *where, *options], before=files_at_most(n_bytes))
    assert outcome.code == 2, outcome.err
    last = outcome.err.splitlines()[-1]  # progress bars stand before it
    assert last.startswith("error: ")
    assert "Traceback" not in outcome.err
    assert "run the same command again" in last
    assert files_of(artifacts / "tiny") == before
