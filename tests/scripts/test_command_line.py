"""What is true of every script: quick help, both spellings, recorded settings as defaults."""

import time
from pathlib import Path
from types import ModuleType

import pytest

import scripts
from core.errors import MisreadError
from scripts import build, cli, extract_features, fine_tune, prepare_data
from scripts.cli import check_seed, name_run, option_of
from tests.scripts.command import start

SCRIPTS = sorted(
    path.stem
    for path in Path(scripts.__file__).parent.glob("*.py")
    if "\ndef main()" in path.read_text(encoding="utf-8")
)
HEAVY = ("torch", "transformers", "pandas", "umap", "sklearn", "datasets", "numba", "altair")
REPORT_IMPORTS = f"""
import runpy, sys
name = sys.argv.pop(1)
sys.argv[0] = name
try:
    runpy.run_module(name, run_name="__main__")
finally:
    print("imported:", *(heavy for heavy in {HEAVY!r} if heavy in sys.modules), file=sys.stderr)
"""


def test_all_scripts_are_looked_at():
    assert {"build", "prepare_data", "extract_features", "train_baselines", "fine_tune", "analyze"} <= set(SCRIPTS)
    assert {"predict", "restore"} <= set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_answers_at_once_and_imports_nothing_heavy(script: str):
    seconds = []
    for _ in range(3):  # the quickest of three, since other work may share the processor
        started = time.monotonic()
        outcome = start(["-c", REPORT_IMPORTS, f"scripts.{script}", "--help"])
        seconds.append(time.monotonic() - started)
        if seconds[-1] < 2:
            break
    assert outcome.code == 0, outcome.err
    assert f"usage: python -m scripts.{script}" in outcome.out
    assert outcome.err == "imported:\n"
    assert min(seconds) < 2


def options_from(script: ModuleType, arguments: list[str], monkeypatch: pytest.MonkeyPatch):
    parsed: list[object] = []
    monkeypatch.setattr("sys.argv", [script.__name__, *arguments])
    cli.run_script(script.__name__.rpartition(".")[2], script.default_options, parsed.append)
    return parsed[0]


def test_hyphens_and_underscores_are_alike(monkeypatch: pytest.MonkeyPatch):
    spelled = ["--num-train-epochs", "7", "--artifacts-dir", "here", "--batch-size", "3", "--learning-rate", "0.5"]
    hyphens = options_from(fine_tune, spelled, monkeypatch)
    underscores = options_from(fine_tune, [part.replace("-", "_").replace("__", "--") for part in spelled], monkeypatch)
    assert hyphens == underscores
    assert (hyphens.training.num_train_epochs, hyphens.artifacts_dir) == (7, Path("here"))


def test_encoder_is_another_name_of_the_checkpoint(monkeypatch: pytest.MonkeyPatch):
    for option in ("--encoder", "--model_ckpt", "--model-ckpt"):
        assert options_from(build, [option, "some-bert"], monkeypatch).encoder.model_ckpt == "some-bert"


@pytest.mark.parametrize("value", ["auto", "float32", "bfloat16", "float16"])
def test_choices_are_spelled_as_the_messages_spell_them(monkeypatch: pytest.MonkeyPatch, value: str):
    assert options_from(extract_features, ["--precision", value], monkeypatch).encoder.precision == value


def test_value_out_of_range_is_refused_while_parsing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit) as stop:
        options_from(fine_tune, ["--batch-size", "0"], monkeypatch)
    assert stop.value.code == 2
    assert capsys.readouterr().err == "error: --batch-size is 0, expected at least 1; give such a number\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--artifacts-dir", "a"], "a"),
        (["--artifacts_dir", "a"], "a"),
        (["--artifacts-dir=a=b"], "a=b"),
        (["--artifacts_dir="], ""),
        (["--other", "x"], None),
        (["--artifacts-dir"], None),
        ([], None),
    ],
)
def test_option_is_found_before_parsing(arguments: list[str], expected: str | None):
    assert option_of("artifacts_dir", arguments) == expected


@pytest.mark.parametrize(
    ("run", "dataset", "limit", "expected"),
    [
        ("reviews", None, None, "reviews"),
        ("reviews", "data/other.csv", None, "reviews"),
        (None, "data/reviews.2024.csv", None, "reviews"),
        (None, "dair-ai/emotion", None, "emotion"),
        ("reviews", None, 60, "reviews-limit60"),
        ("reviews-limit60", None, 60, "reviews-limit60"),
        ("reviews-limit60", None, 30, "reviews-limit60-limit30"),
    ],
)
def test_run_is_named_as_given_else_after_its_corpus(
    run: str | None, dataset: str | None, limit: int | None, expected: str
):
    assert name_run(run, dataset=dataset, limit=limit) == expected


@pytest.mark.parametrize("name", [".", "..", ".hidden", "-x", "a/b", "a\\b", "a\0b", "n" * 201, None])
def test_name_that_is_no_folder_name_is_refused(name: str | None):
    with pytest.raises(MisreadError, match="--run"):
        name_run(name)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seed_that_libraries_do_not_take_is_refused(seed: int):
    with pytest.raises(MisreadError, match=r"expected a number in 0…4294967295"):
        check_seed(seed)


def test_new_run_starts_from_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    options = options_from(prepare_data, ["--run", "nowhere", "--artifacts-dir", str(tmp_path)], monkeypatch)
    assert options.corpus == prepare_data.PrepareDataOptions().corpus
