import numpy as np
import pandas as pd
import pytest

from core.analysis.metadata import BLANK, as_text, text_codes, value_label


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.Series([12_345_670.0, 12_345_671.0, 12_345_674.0]), ["12345670", "12345671", "12345674"]),
        (pd.Series([0.1, 0.30000000000000004, -2.5, -0.0]), ["0.1", "0.30000000000000004", "-2.5", "0"]),
        (pd.Series([1e300, np.inf, 2.0**53]), ["1e+300", "inf", "9007199254740992.0"]),
        (pd.Series([0.1, 3.0], dtype="float32"), ["0.1", "3"]),
        (pd.Series([9007199254740993, 9007199254740992]), ["9007199254740993", "9007199254740992"]),
        (pd.Series([1.0, np.nan]), ["1", BLANK]),
        (pd.Series(["a", None, "", "a"]), ["a", BLANK, BLANK, "a"]),
        (pd.Series([True, None, False], dtype=object), ["True", BLANK, "False"]),
        (pd.Series([True, False]), ["True", "False"]),
        (pd.Series([[1, 2], [3]]), ["[1, 2]", "[3]"]),
        (pd.Series([], dtype=object), []),
    ],
)
def test_metadata_as_text(values, expected):
    assert as_text(values).tolist() == expected


def test_missing_and_empty_are_one_value():
    codes, names = text_codes(pd.Series(["", None, "x"]))
    assert codes[0] == codes[1] != codes[2]
    assert sorted(names) == ["", "x"]


def test_blank_has_a_name():
    assert [value_label(value) for value in (BLANK, " ", "x")] == ["(blank)", " ", "x"]
