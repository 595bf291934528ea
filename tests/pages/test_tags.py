"""Tags: in the filter, in a table on Errors, and beside a row."""

from pathlib import Path

import pytest

from core.artifacts.schema import Stage
from tests.fake_runs import write_fake_run
from tests.pages.opening import open_page, words
from tests.pages.test_filter import chips, n_selected


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def test_tags_and_clusters_of_the_address_choose_rows(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py", split="all", tag=["leaked", "outlier"], cluster=["0", "1"])
    assert not at.exception
    assert chips(at) == ["cluster 0 or 1 ✕", "leaked or outlier ✕"]
    # leaked are 3 and 236, outliers 5 and 238; of these only 5 and 236 are in the clusters 1 and 0
    assert n_selected(at) == "**2** of 240 rows"


def test_tags_are_chosen_and_kept_out_by_hand(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/data.py", split="all")
    at.multiselect(key="filter_without_tags").select("leaked").run()
    assert chips(at) == ["without: leaked ✕"]
    assert n_selected(at) == "**238** of 240 rows"
    assert at.query_params["without"] == "leaked"


def test_only_known_tags_are_offered(artifacts_dir):
    write_fake_run(artifacts_dir, stages=[Stage.PREPARE_DATA])
    at = open_page("pages/data.py")
    assert at.multiselect(key="filter_tags").options == ["short", "long"]
    assert "Cluster" not in [widget.label for widget in at.multiselect]


def test_table_of_tags_counts_errors_and_outcomes(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py")
    table = next(frame.value for frame in at.dataframe if "Tag" in frame.value.columns).set_index("Tag")
    # of the 24 test rows every fourth changes its answer under an edit
    assert table.loc["fragile under edits", "Rows"] == 6
    assert table.loc["leaked", "Rows"] == 1
    assert list(table.columns[:7]) == ["Rows", "Errors", "Error rate", "95% interval", "Fixed", "Broken", "Both wrong"]


def test_one_row_names_its_tags(artifacts_dir):
    write_fake_run(artifacts_dir)
    at = open_page("pages/errors.py", ids="236", row="236")
    assert "leaked" in words(at)
