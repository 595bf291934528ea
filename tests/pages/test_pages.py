"""Every page, from Home.py on: full, as shipped, with parts missing, damaged, empty."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import EMBEDDINGS, METRICS, PROJECTION, TEXTS, ModelName, Stage
from tests.fake_runs import CHECKPOINT, write_fake_run
from tests.pages.opening import ROOT, open_page, words

PAGES = sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))
LEFT_OUT = ["restored.json", "finetuned", "emotion-minilm/texts.parquet", "emotion-minilm/embeddings.npy"]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def fails(at: AppTest) -> list[str]:
    """Return every traceback and every error sentence of a page."""
    return [element.value for element in (*at.exception, *at.error)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("run", ["demo", "emotion-minilm"])
def test_shipped_runs_as_cloned(page, run, artifacts_dir):
    """What is ignored by git may be in this working copy, so it is left out here as a clone would."""

    def left_out(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if any(f"{folder}/{name}".endswith(f"/{part}") for part in LEFT_OUT)]

    shutil.copytree(ROOT / "artifacts" / run, artifacts_dir / run, ignore=left_out)
    at = open_page(page, run=run)
    assert fails(at) == []
    restore = "python -m scripts.restore demo" if run == "demo" else "python -m scripts.restore emotion-minilm"
    lacks_something = page in ("pages/overview.py", "pages/try_it.py")
    assert any(code.value.startswith(restore) for code in at.code) >= lacks_something


@pytest.mark.parametrize("page", PAGES)
def test_without_texts_vectors_checkpoint_and_map(page, artifacts_dir):
    write_fake_run(artifacts_dir, without=[TEXTS.path, EMBEDDINGS, CHECKPOINT, PROJECTION.path])
    assert fails(open_page(page)) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("n_classes", [2, 6, 77])
def test_full_run(page, n_classes, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=1600)
    assert fails(open_page(page)) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", list(ModelName))
def test_one_model_only(page, model, artifacts_dir):
    lacking = Stage.TRAIN_BASELINES if model is ModelName.FINETUNED else Stage.FINE_TUNE
    write_fake_run(artifacts_dir, models=[model], stages=[stage for stage in Stage if stage is not lacking])
    at = open_page(page)
    assert fails(at) == []
    if page in ("pages/overview.py", "pages/how_it_works.py"):
        command = f"python -m scripts.{lacking} --run fake --artifacts-dir {artifacts_dir}"
        assert any(code.value.startswith(command) for code in at.code)


@pytest.mark.parametrize("page", PAGES)
def test_only_the_corpus_is_prepared(page, artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_page(page)
    assert fails(at) == []
    scripts = {"pages/data.py": None, "pages/errors.py": None, "pages/try_it.py": "train_baselines"}
    scripts["pages/slices.py"] = "train_baselines"
    script = scripts.get(page, "analyze")
    command = f"python -m scripts.{script} --run fake --artifacts-dir {artifacts_dir}"
    assert script is None or command in [code.value for code in at.code]


@pytest.mark.parametrize("page", PAGES)
def test_class_absent_from_the_test_split(page, artifacts_dir):
    write_fake_run(artifacts_dir, absent_from_test=2)
    assert fails(open_page(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_damaged_manifest_is_one_sentence_and_other_runs_stay_usable(page, artifacts_dir):
    write_fake_run(artifacts_dir, "whole")
    (artifacts_dir / "broken").mkdir()
    (artifacts_dir / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    at = open_page(page, run="broken")
    assert not at.exception
    assert len(at.error) == 1
    assert "cannot be read as JSON" in at.error[0].value
    at.selectbox(key="run").select("whole").run()
    assert fails(at) == []


@pytest.mark.parametrize("page", PAGES)
def test_damaged_metrics_leave_the_rest_of_the_page(page, artifacts_dir):
    root = write_fake_run(artifacts_dir)
    (root / METRICS).write_text("{}", encoding="utf-8")
    at = open_page(page)
    assert not at.exception
    rest = {"pages/overview.py": "The corpus", "pages/models.py": "Learning curves"}
    if page in rest:
        assert "has 2 bytes, the manifest says" in words(at)
        assert rest[page] in words(at)


@pytest.mark.parametrize("page", PAGES)
def test_no_runs_at_all(page, artifacts_dir):
    at = open_page(page)
    assert not at.exception
    assert at.code[0].value == f"python -m scripts.build --preset demo --artifacts-dir {artifacts_dir}"
    shutil.rmtree(artifacts_dir)
    assert not open_page(page).exception


def test_link_to_a_run_that_is_not_here_says_so(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page(run="gone")
    assert not at.exception
    assert [warning.value for warning in at.warning] == ["There is no run gone here; this is fake."]


def test_link_opens_the_named_run(artifacts_dir):
    write_fake_run(artifacts_dir, "first")
    write_fake_run(artifacts_dir, "second", corpus_name="Second Corpus")
    assert "Second Corpus" in words(open_page(run="second"))
    assert "Second Corpus" not in words(open_page())


def test_opening_the_dashboard_loads_no_heavy_library(artifacts_dir):
    write_fake_run(artifacts_dir)
    script = f"""
import sys
from streamlit.testing.v1 import AppTest

at = AppTest.from_file("Home.py", default_timeout=60).run()
for page in {PAGES}:
    at.switch_page(page).run()
    assert at.title and not at.exception, page
heavy = ("torch", "transformers", "umap", "numba", "datasets", "accelerate", "captum")
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
