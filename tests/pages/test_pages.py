"""Every page, from Home.py on: full, with parts missing, damaged, empty."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.artifacts.schema import EMBEDDINGS, METRICS, TEXTS, ModelName, Stage
from tests.fake_runs import CHECKPOINT, write_fake_run

ROOT = Path(__file__).parents[2]
PAGES = ["pages/overview.py", "pages/models.py"]


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def open_page(page: str = "pages/overview.py", **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    if page != "pages/overview.py":
        at.switch_page(page).run()
    return at


def words(at: AppTest) -> str:
    """Return everything that the page says in Markdown, captions, notices, code and HTML, escapes removed."""
    elements = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.code]
    html = [element.proto.body for element in at.get("html")]
    return "\n".join([*(element.value for element in elements), *html]).replace("\\", "")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("n_classes", [2, 6, 77])
def test_full_run(page, n_classes, artifacts_dir):
    write_fake_run(artifacts_dir, classes=[f"class_{k}" for k in range(n_classes)], n_rows=1600)
    at = open_page(page)
    assert not at.exception
    assert not at.error
    assert at.dataframe


def test_overview_states_numbers_of_both_models_and_their_basis(artifacts_dir):
    write_fake_run(artifacts_dir, n_rows=2400)
    at = open_page()
    assert [metric.label for metric in at.metric] == ["Fine-tuned", "Logistic regression"] * 2
    assert all(metric.delta == "" for metric in at.metric)
    assert "Basis: test split, 240 rows, held-out predictions" in words(at)
    scores = at.dataframe[0].value
    assert scores["Model"].tolist() == ["Fine-tuned", "Logistic regression", "Most frequent class"] * 3
    assert at.metric[0].value == "86.3%"
    assert scores["Accuracy"][0] == 86.25


def test_overview_of_the_train_split_says_which_predictions_are_in_sample(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page()
    at.button_group(key="split").set_value("train").run()
    assert not at.exception
    assert "Fine-tuned: in-sample predictions" in words(at)
    assert "Logistic regression: out-of-fold predictions" in words(at)


def test_overview_says_how_the_run_was_made(artifacts_dir):
    write_fake_run(artifacts_dir)
    shown = words(open_page())
    for fact in (
        "all-MiniLM-L6-v2",
        "vector of the [CLS] token",
        "4 dimensions",
        "bfloat16",
        "CC0-1.0",
        "240: train 192",
    ):
        assert fact in shown
    assert "learning rate 0.0002" in shown
    assert "2 repeated texts were dropped" in shown


def test_complete_run_misses_nothing(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page()
    assert not at.code
    assert "Everything that belongs to this run is on this machine" in words(at)


def test_shipped_run_works_and_names_the_one_command(artifacts_dir):
    write_fake_run(artifacts_dir, source="hub", corpus_name="some/corpus", without=[TEXTS.path, EMBEDDINGS, CHECKPOINT])
    at = open_page()
    assert not at.exception
    assert not at.error
    assert len(at.metric) == 4
    command = f"python -m scripts.restore fake --dataset some/corpus --artifacts-dir {artifacts_dir}"
    assert [code.value for code in at.code] == [command]


@pytest.mark.parametrize("page", PAGES)
def test_one_model_only(page, artifacts_dir):
    stages = [stage for stage in Stage if stage is not Stage.FINE_TUNE]
    write_fake_run(artifacts_dir, models=[ModelName.LOGREG], stages=stages)
    at = open_page(page)
    assert not at.exception
    assert not at.error
    command = f"python -m scripts.fine_tune --run fake --artifacts-dir {artifacts_dir}"
    assert command in [code.value for code in at.code]


@pytest.mark.parametrize("page", PAGES)
def test_only_the_corpus_is_prepared(page, artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_page(page)
    assert not at.exception
    assert not at.error
    command = f"python -m scripts.analyze --run fake --artifacts-dir {artifacts_dir}"
    assert command in [code.value for code in at.code]


@pytest.mark.parametrize("page", PAGES)
def test_class_absent_from_the_test_split(page, artifacts_dir):
    write_fake_run(artifacts_dir, absent_from_test=2)
    at = open_page(page)
    assert not at.exception
    assert not at.error


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
    assert not at.exception
    assert not at.error
    assert at.dataframe


@pytest.mark.parametrize("page", PAGES)
def test_damaged_metrics_leave_the_rest_of_the_page(page, artifacts_dir):
    root = write_fake_run(artifacts_dir)
    (root / METRICS).write_text("{}", encoding="utf-8")
    at = open_page(page)
    assert not at.exception
    assert "has 2 bytes, the manifest says" in words(at)
    assert {"pages/overview.py": "The corpus", "pages/models.py": "Learning curves"}[page] in words(at)


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


def test_names_from_a_corpus_are_never_markup(artifacts_dir):
    write_fake_run(artifacts_dir, classes=["<b>x</b>", "**y**"], corpus_name="<script>alert(1)</script>", n_rows=600)
    at = open_page()
    html = "".join(element.proto.body for element in at.get("html"))
    assert "&lt;b&gt;x&lt;/b&gt;, **y**" in html
    assert "<script" not in html
    assert "\\<script\\>" in at.sidebar.caption[0].value


def test_opening_the_dashboard_loads_no_heavy_library(artifacts_dir):
    write_fake_run(artifacts_dir)
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file('Home.py', default_timeout=60).run()\n"
        "assert at.metric and not at.exception\n"
        "at.switch_page('pages/models.py').run()\n"
        "assert at.dataframe and not at.exception\n"
        "print([name for name in ('torch', 'transformers', 'umap', 'numba', 'datasets') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
