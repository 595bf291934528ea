"""A run that changes or breaks while a page reads it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.fake_runs import write_fake_run


def page_that_is_overtaken_by_a_build():
    import os
    from pathlib import Path

    import streamlit as st

    from core.artifacts.run import Run
    from core.artifacts.schema import EXAMPLES
    from core.ui.runs import reading
    from tests.fake_runs import write_fake_run

    artifacts_dir = Path(os.environ["MISREAD_ARTIFACTS_DIR"])
    run = Run.open(artifacts_dir / "fake")
    if "overtaken" not in st.session_state:
        st.session_state["overtaken"] = True
        write_fake_run(artifacts_dir, n_rows=500)
    with reading(run):
        st.text(f"{len(run.read_table(EXAMPLES))} rows")


def page_that_reads_a_damaged_file():
    import os
    from pathlib import Path

    import streamlit as st

    from core.artifacts.run import Run
    from core.artifacts.schema import EXAMPLES
    from core.ui.runs import reading

    with reading(run := Run.open(Path(os.environ["MISREAD_ARTIFACTS_DIR"]) / "fake")):
        st.text(f"{len(run.read_table(EXAMPLES))} rows")
    st.text("the rest of the page")


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    write_fake_run(tmp_path, n_rows=240)
    return tmp_path


def test_rebuilt_run_is_opened_again():
    at = AppTest.from_function(page_that_is_overtaken_by_a_build, default_timeout=30).run()
    assert not at.exception
    assert not at.error
    assert [text.value for text in at.text] == ["500 rows"]


def test_damage_is_one_sentence_and_the_page_goes_on(artifacts_dir):
    (artifacts_dir / "fake" / "examples.parquet").write_bytes(b"half")
    at = AppTest.from_function(page_that_reads_a_damaged_file, default_timeout=30).run()
    assert not at.exception
    assert len(at.error) == 1
    assert "has 4 bytes, the manifest says" in at.error[0].value.replace("\\", "")
    assert [text.value for text in at.text] == ["the rest of the page"]
