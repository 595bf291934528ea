import pandas as pd

from core.ui.tables import to_csv


def test_formulas_become_text_and_numbers_stay():
    frame = pd.DataFrame({"=Class": ["=1+1", "+a", "-b", "@c", "\td", "joy"], "points": [-1.5, 2, 3, 4, 5, 6]})
    assert to_csv(frame).decode("utf-8") == (
        "\ufeff'=Class,points\n'=1+1,-1.5\n'+a,2.0\n'-b,3.0\n'@c,4.0\n'\td,5.0\njoy,6.0\n"
    )


def test_formula_signs_of_any_width_become_text():
    frame = pd.DataFrame({"Class": ["＝1+1", "＋a", "－b", "＠c", "ａ"]})
    assert to_csv(frame).decode("utf-8-sig") == "Class\n'＝1+1\n'＋a\n'－b\n'＠c\nａ\n"


def test_the_table_itself_is_not_changed():
    frame = pd.DataFrame({"Class": ["=1+1"]})
    to_csv(frame)
    assert frame["Class"].tolist() == ["=1+1"]


def test_missing_values_are_empty_cells():
    frame = pd.DataFrame({"Class": ["a", None], "F1": [None, 50.0]})
    assert to_csv(frame).decode("utf-8-sig") == "Class,F1\na,\n,50.0\n"
