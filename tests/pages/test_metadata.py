"""Further columns of a corpus on every page: awkward names, values without bounds, blanks, very many values."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.ui.tables import to_csv
from tests.fake_runs import write_fake_run
from tests.pages.opening import open_page
from tests.pages.test_filter import FILTERED, chips, n_selected

N_ROWS = 240
# What tables, rankings and files call columns of their own.
TAKEN = [
    "Loss", "Margin", "Confidence", "id", "Text", "Split", "Words", "True class", "Fine-tuned", "rank", "label",
    "n_rows", "Confidence, fine-tuned", "Logistic regression", "accuracy", "Row", "n_words", "confidence", "userID",
]  # fmt: skip
HOSTILE = "![x](http://evil.invalid/a.png) <img src=x> :smile: $x$"


@pytest.fixture(autouse=True)
def artifacts_dir(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def tables(at: AppTest) -> list[pd.DataFrame]:
    """Return the tables of rows."""
    return [element.value for element in at.dataframe if "True class" in element.value and "id" in element.value]


@pytest.mark.parametrize(
    ("page", "rank"),
    [*((page, "loss") for page in FILTERED), ("pages/errors.py", "margin"), ("pages/errors.py", "confidence")],
)
def test_metadata_named_like_a_column_of_ours_stands_beside_it(page, rank, artifacts_dir):
    write_fake_run(artifacts_dir, metadata={name: [f"{name} {i % 3}" for i in range(N_ROWS)] for name in TAKEN})
    at = open_page(page, rank=rank, outcome="wrong", split="all")
    assert not at.exception
    assert not at.error
    for table in tables(at):
        assert set(table["Split"]) <= {"train", "validation", "test"}
        assert table["Words"].dtype.kind == "i"
        for name in TAKEN:
            assert table[f"meta_{name}"].str.startswith(f"{name} ").all()
    assert tables(at) or page not in ("pages/errors.py", "pages/data.py", "pages/embedding_map.py")


def test_columns_of_metadata_have_its_names_as_headings(artifacts_dir):
    write_fake_run(artifacts_dir, metadata={"Loss": ["a"] * N_ROWS, "userID": range(N_ROWS)})
    at = open_page("pages/errors.py", outcome="wrong")
    (table,) = (element for element in at.dataframe if "meta_Loss" in element.value)
    columns = json.loads(table.proto.columns)
    assert (columns["meta_Loss"]["label"], columns["meta_userID"]["label"]) == ("Loss", "userID")
    assert table.value["meta_userID"].dtype.kind == "i"
    assert at.slider(key="filter_range_meta_userID").label == "userID"


@pytest.mark.parametrize("page", FILTERED)
def test_numbers_without_bounds_leave_every_page(page, artifacts_dir):
    numbers = {
        "inf": [np.inf, *range(N_ROWS - 1)],
        "all_kinds": [-np.inf, np.inf, np.nan, *np.arange(N_ROWS - 3) / 7],
        "huge": [1e300 * i for i in range(N_ROWS)],
        "widest": [-1.7e308, 1.7e308, *np.arange(N_ROWS - 2) / 7],
        "beyond_2_53": [2**53 + 2 * i for i in range(N_ROWS)],
        "smallest_int": [-(2**63) + i for i in range(N_ROWS)],
        "denormal": [1e-320 * i for i in range(N_ROWS)],
        "only_inf": [np.inf] * N_ROWS,
        "only_nan": [np.nan] * N_ROWS,
    }
    write_fake_run(artifacts_dir, metadata=numbers | {"weight": [i / 10 for i in range(N_ROWS)]})
    at = open_page(page, split="all", colour="column: widest")
    assert not at.exception
    assert not at.error
    at.slider(key="filter_range_meta_weight").set_range(1.0, 2.0).run()
    assert not at.exception
    assert n_selected(at) == "**11** of 240 rows"


def test_measure_too_wide_for_a_slider_says_so_and_its_range_can_be_in_the_address(artifacts_dir):
    write_fake_run(artifacts_dir, metadata={"*size*": [1e300 * i for i in range(N_ROWS)]})
    at = open_page("pages/errors.py", split="all", **{"meta_*size*": "1e300..2e300"})
    assert not at.exception
    assert any(caption.value.startswith("\\*size\\*: 0 to 2.39e+302, too wide") for caption in at.caption)
    assert n_selected(at) == "**2** of 240 rows"


@pytest.mark.parametrize("page", ["pages/data.py", "pages/errors.py"])
def test_blank_can_be_chosen_and_stays_in_the_address(page, artifacts_dir):
    write_fake_run(artifacts_dir, metadata={"shop": ["north", "", None, "south"] * 60})
    at = open_page(page, split="all")
    shop = at.multiselect(key="filter_values_meta_shop")
    assert shop.options == ["north", "south", "(blank)"]
    shop.set_value(["", "north"]).run()
    assert not at.exception
    assert chips(at) == ["shop: (blank) or north ✕"]
    assert n_selected(at) == "**180** of 240 rows"
    assert at.query_params["meta_shop"] == ["", "north"]
    fresh = open_page(page, split="all", meta_shop="")
    assert chips(fresh) == ["shop: (blank) ✕"]
    assert n_selected(fresh) == "**120** of 240 rows"
    assert fresh.multiselect(key="filter_values_meta_shop").value == [""]


def test_of_very_many_values_few_are_sent_and_any_can_be_typed(artifacts_dir):
    users = [f"user {i:05}" for i in range(2_000)]
    write_fake_run(artifacts_dir, n_rows=2_000, metadata={"user": users})
    at = open_page("pages/errors.py", split="all")
    box = at.multiselect(key="filter_values_meta_user")
    assert len(box.options) == 200
    assert box.help == "The 200 most frequent of 2,000 values; type any other in full."
    assert box.proto.accept_new_options
    at = open_page("pages/errors.py", split="all", meta_user="user 01999")
    box = at.multiselect(key="filter_values_meta_user")
    assert (len(box.options), box.value) == (201, ["user 01999"])
    assert n_selected(at) == "**1** of 2,000 rows"
    box.set_value(["user 01999", "nobody"]).run()
    assert not at.exception
    assert [warning.value.replace("\\", "") for warning in at.warning] == [
        "No row has the user “nobody”; the filter goes without."
    ]
    assert at.multiselect(key="filter_values_meta_user").value == ["user 01999"]


@pytest.mark.parametrize("page", FILTERED)
def test_hostile_name_of_a_column_is_never_markdown(page, artifacts_dir):
    measure = f"{HOSTILE} 2"
    write_fake_run(artifacts_dir, metadata={HOSTILE: ["a", HOSTILE] * 120, measure: range(N_ROWS)})
    at = open_page(page, split="all", **{f"meta_{HOSTILE}": HOSTILE, f"meta_{measure}": "3..9"})
    assert not at.exception
    said = [element.value for element in (*at.markdown, *at.caption, *at.warning, *at.info)]
    widgets = [*at.multiselect, *at.slider, *at.button, *at.toggle, *at.selectbox]
    labels = [text for widget in widgets for text in (widget.label, getattr(widget, "help", None) or "")]
    markdown = [text for text in (*said, *labels) if "evil" in text]
    assert len(markdown) >= 4  # two widgets and two chips
    assert not [text for text in markdown if re.search(r"(?<!\\)[\[(<$:]", text)]
    html = "".join(element.proto.body for element in at.get("html"))
    assert "<img" not in html


def test_saved_rows_keep_metadata_apart(artifacts_dir):
    from core.analysis.rows import read_rows
    from core.artifacts.run import Run
    from core.ui.row_table import saved_rows

    root = write_fake_run(artifacts_dir, metadata={"id": ["x"] * N_ROWS, "n_words": ["y"] * N_ROWS})
    head = to_csv(saved_rows(read_rows(Run.open(root)), np.array([3]))).decode("utf-8-sig").splitlines()[0].split(",")
    assert len(set(head)) == len(head)
    assert {"id", "n_words", "meta_id", "meta_n_words"} <= set(head)
