import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts.schema import EXAMPLES, META_PREFIX
from core.artifacts.writer import StageWriter
from core.data.metadata import name_metadata, plain_values
from tests.data.files import load, write


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2.5", "-3"], [1.0, 2.5, -3.0]),
        (["1", "2", "3"], [1, 2, 3]),
        (["1", "", "3"], ["1", "", "3"]),
        (["1", "two", "3"], ["1", "two", "3"]),
        (["1", "nan", "3"], ["1", "nan", "3"]),
        (["007", "123", "456"], ["007", "123", "456"]),
        (["0.5", "0", "-0.25"], [0.5, 0.0, -0.25]),
        (["1234567890123456789", "2"], ["1234567890123456789", "2"]),
        (["x", None, np.nan, pd.NA], ["x", "", "", ""]),
        ([True, False, True], [True, False, True]),
        ([[1, 2], [3]], ["[1, 2]", "[3]"]),
        ([np.array([1, 2]), np.array([3])], ["[1 2]", "[3]"]),
        ([], []),
    ],
)
def test_values_become_numbers_only_where_all_of_them_are_quantities(
    values: list[object], expected: list[object]
) -> None:
    found = plain_values(pd.Series(values, dtype=None if values and isinstance(values[0], bool) else object)).tolist()
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_typed_columns_stay_as_they_are() -> None:
    for values in (pd.Series([1, 2]), pd.Series([1.5, np.nan]), pd.Series([True, False])):
        assert plain_values(values) is values


def test_dates_and_categories_become_strings() -> None:
    assert plain_values(pd.Series(pd.to_datetime(["2024-05-01", None]))).tolist() == ["2024-05-01 00:00:00", ""]
    assert plain_values(pd.Series(["a", None], dtype="category")).tolist() == ["a", ""]


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("stars", set(), "meta_stars"),
        ("Star rating (1-5)", set(), "meta_Star_rating_1_5"),
        ("größe", set(), "meta_größe"),
        ("???", set(), "meta_column"),
        ("a b", {"meta_a_b"}, "meta_a_b_2"),
        ("a-b", {"meta_a_b", "meta_a_b_2"}, "meta_a_b_3"),
    ],
)
def test_names_are_plain_and_never_twice_the_same(name: str, taken: set[str], expected: str) -> None:
    assert name_metadata(name, taken) == expected


def test_further_columns_come_with_the_corpus(tmp_path: Path) -> None:
    rows = "".join(f"t{i},{label},{i},shop {i % 2},x\n" for i in range(9) for label in ("joy", "fear"))
    corpus = load(write(tmp_path / "a.csv", "text,label,stars,the shop,the-shop\n" + rows))
    further = [name for name in corpus.frame.columns if name not in ("text", "label", "split")]
    assert further == ["meta_stars", "meta_the_shop", "meta_the_shop_2"]
    assert pd.api.types.is_integer_dtype(corpus.frame["meta_stars"])
    assert set(corpus.frame["meta_the_shop"]) == {"shop 0", "shop 1"}


def test_column_that_differs_between_the_splits_can_be_stored(tmp_path: Path) -> None:
    contents = {
        "train.jsonl": [{"text": f"t{i}", "label": i % 2, "stars": i, "shop": "north"} for i in range(12)],
        "dev.jsonl": [{"text": f"v{i}", "label": i, "stars": "unknown"} for i in range(2)],
        "test.jsonl": [{"text": f"e{i}", "label": i, "stars": None, "shop": "south"} for i in range(2)],
    }
    for name, rows in contents.items():
        write(tmp_path / "corpus" / name, "\n".join(json.dumps(row) for row in rows))
    frame = load(tmp_path / "corpus").frame
    assert frame["meta_stars"].tolist()[-4:] == ["unknown", "unknown", "", ""]
    assert frame["meta_shop"].tolist()[-4:] == ["", "", "south", "south"]
    further = frame[[name for name in frame.columns if name.startswith(META_PREFIX)]]
    required = pd.DataFrame({"text_sha256": "0", "n_chars": 1, "n_words": 1}, index=frame.index)
    examples = pd.concat([frame[["split", "label"]], required, further], axis=1).assign(id=range(len(frame)))
    writer = StageWriter(root=tmp_path)
    writer.table(EXAMPLES, examples)
    assert writer.files[EXAMPLES.path].rows == 16
