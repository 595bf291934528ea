"""The README's commands and its tree are checked against the code."""

import importlib
import json
import re
import shlex
from pathlib import Path

import pytest
import tyro

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = "\n".join(re.findall(r"```bash\n(.*?)```", README, flags=re.DOTALL))
COMMANDS = re.findall(r"^python -m scripts\.(\w+) ([^#\n]*)", CODE, flags=re.MULTILINE)
RESULT_ROWS = re.findall(
    r"^\| (Everyday Feelings|`dair-ai/emotion`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", README, re.M
)
MODELS = {"most frequent class": "dummy", "logistic regression on frozen [CLS]": "logreg", "fine-tuned": "finetuned"}
RUNS = {"Everyday Feelings": "demo", "`dair-ai/emotion`": "emotion-minilm"}


def test_every_script_has_a_command_or_a_line_in_the_table():
    scripts = {path.stem for path in (ROOT / "scripts").glob("*.py") if "\ndef main()" in path.read_text("utf-8")}
    assert scripts == set(re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE))


@pytest.mark.parametrize(("script", "arguments"), COMMANDS)
def test_commands_are_accepted_by_their_scripts(script, arguments):
    module = importlib.import_module(f"scripts.{script}")
    options = getattr(module, "default_options", None)
    options_type = (
        type(options())
        if options
        else next(value for name, value in vars(module).items() if name == f"{script.title().replace('_', '')}Options")
    )
    assert tyro.cli(options_type, args=shlex.split(arguments), config=(tyro.conf.OmitArgPrefixes,))


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", CODE, flags=re.MULTILINE))
def test_make_targets_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)


def test_layout_has_one_line_per_file():
    tree = README.partition("## Layout")[2].partition("## Limits")[0]
    listed = re.findall(r"^ +(\w+/)?(\w+\.py) ", tree, flags=re.MULTILINE)
    files = [
        path.name
        for folder in ("pages", "core", "scripts", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert sorted(name for _, name in listed) == sorted(files)


def test_result_table_holds_what_the_shipped_runs_measured():
    assert len(RESULT_ROWS) == len(MODELS) * len(RUNS)
    for corpus, model, *shown in RESULT_ROWS:
        metrics = json.loads((ROOT / "artifacts" / RUNS[corpus] / "metrics.json").read_text("utf-8"))["metrics"]
        (found,) = (m for m in metrics if m["model"] == MODELS[model.strip()] and m["split"] == "test")
        exact = [100 * found[name] for name in ("accuracy", "macro_f1", "weighted_f1")]
        assert [float(value.strip(" %")) for value in shown] == pytest.approx(exact, abs=0.0501)


def test_pictures_are_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert [name for name in pictures if not (ROOT / name).exists()] == []
