import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts.schema import Split
from core.data.settings import CorpusSettings
from core.data.sources import Source
from core.data.validation import make_corpus
from core.errors import CorpusError
from tests.data.files import csv_of, load, write

SPLIT_ROWS = "text,label,split\n" + "".join(
    f"{split} {label},{label},{split}\n" for split in ("test", "train", "dev") for label in ("joy", "fear")
)


def corpus_of(frame: pd.DataFrame, *, source_classes: tuple[str, ...] = (), **settings: object):
    """Check and split a frame that is already loaded."""
    source = Source(frames={None: frame}, name="a", source="a.parquet", sha256="0", classes=source_classes)
    return make_corpus(source, CorpusSettings(**settings))


def labelled(labels: list[object], **columns: list[object]) -> pd.DataFrame:
    """Return five rows of each label."""
    repeated = [label for label in labels for _ in range(5)]
    return pd.DataFrame({"text": [f"text {i}" for i in range(len(repeated))], "label": repeated, **columns})


def test_ids_stand_in_the_order_train_validation_test_and_of_the_file(tmp_path: Path) -> None:
    corpus = load(write(tmp_path / "a.csv", SPLIT_ROWS))
    assert corpus.frame["text"].tolist() == ["train joy", "train fear", "dev joy", "dev fear", "test joy", "test fear"]
    assert corpus.frame["split"].tolist() == ["train", "train", "validation", "validation", "test", "test"]
    assert corpus.info.n_rows == {Split.TRAIN: 2, Split.VALIDATION: 2, Split.TEST: 2}
    assert corpus.info.notes == ()


def test_single_file_is_split_by_the_shares(tmp_path: Path) -> None:
    corpus = load(write(tmp_path / "a.csv", csv_of({"joy": 60, "fear": 40})), validation_share=0.2, test_share=0.1)
    assert corpus.info.n_rows == {Split.TRAIN: 70, Split.VALIDATION: 20, Split.TEST: 10}


def test_split_column_may_have_another_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", SPLIT_ROWS.replace("label,split", "label,part"))
    corpus = load(path, split_column="part")
    assert corpus.frame["text"][0] == "train joy"
    assert list(corpus.frame.columns) == ["text", "label", "split"]


def test_column_split_about_something_else_is_metadata(tmp_path: Path) -> None:
    rows = "".join(f"t{i},{label},{answer}\n" for i in range(9) for label, answer in (("joy", "yes"), ("fear", "no")))
    corpus = load(write(tmp_path / "a.csv", "text,label,split\n" + rows))
    assert set(corpus.frame["meta_split"]) == {"yes", "no"}


def test_typing_error_in_a_split_is_refused_and_not_split_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", SPLIT_ROWS.replace("test fear,fear,test", "test fear,fear,tset"))
    with pytest.raises(CorpusError) as caught:
        load(path)
    assert str(caught.value) == (
        "column 'split' of a.csv holds 'tset', expected train, training, validation, valid, val, dev, test; correct it,"
        " or name another with --split-column"
    )


def test_text_and_label_may_have_other_names(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_of({"joy": 9, "fear": 9}).replace("text,label", "body,stars", 1))
    assert load(path, text_column="body", label_column="stars").classes == ("fear", "joy")


@pytest.mark.parametrize("text", ["NA", "null", "nan", "None", "N/A", "0", "True"])
def test_words_that_look_like_nothing_are_texts(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.csv", csv_of({"joy": 9, "fear": 9}) + f"{text},joy\n")
    corpus = load(path)
    assert (corpus.frame["text"] == text).sum() == 1
    assert corpus.frame["text"].map(type).eq(str).all()


def test_words_that_look_like_nothing_are_classes() -> None:
    assert corpus_of(labelled(["null", "NA", "nan"])).classes == ("NA", "nan", "null")


def test_strings_are_sorted_and_integers_counted() -> None:
    assert corpus_of(labelled(["b", "a10", "a9"])).classes == ("a10", "a9", "b")
    labels = [str(k) for k in range(149, -1, -1)]
    corpus = corpus_of(labelled(labels))
    assert corpus.classes == tuple(str(k) for k in range(150))
    assert corpus.frame.loc[corpus.frame["text"] == "text 0", "label"].tolist() == [149]


@pytest.mark.parametrize("labels", [[0, 1], [0.0, 1.0], ["0", "1"], [" 0", "1 "], np.array([0, 1], "float32").tolist()])
def test_integers_are_the_same_classes_in_any_type(labels: list[object]) -> None:
    assert corpus_of(labelled(labels)).classes == ("0", "1")


@pytest.mark.parametrize("n_classes", [2, 200])
def test_few_and_many_classes(n_classes: int) -> None:
    corpus = corpus_of(labelled([f"class {k:03}" for k in range(n_classes)]))
    assert len(corpus.classes) == n_classes
    assert sorted(set(corpus.frame["label"])) == list(range(n_classes))


def test_categorical_columns_are_read_as_their_values() -> None:
    frame = labelled(["joy", "fear"]).astype({"label": "category"})
    frame["shop"] = pd.Series(["north", "south"] * 5, dtype="category")
    corpus = corpus_of(frame)
    assert corpus.classes == ("fear", "joy")
    assert set(corpus.frame["meta_shop"]) == {"north", "south"}


def test_class_order_is_the_one_given() -> None:
    corpus = corpus_of(labelled(["fear", "joy"]), classes=("joy", "fear"))
    assert corpus.classes == ("joy", "fear")
    assert corpus.frame.loc[corpus.frame["text"] == "text 0", "label"].tolist() == [1]


def test_integers_index_into_the_classes_given() -> None:
    corpus = corpus_of(labelled([1, 0]), classes=("joy", "fear"))
    assert corpus.classes == ("joy", "fear")
    assert corpus.frame.loc[corpus.frame["text"] == "text 0", "label"].tolist() == [1]


def test_integers_of_a_corpus_with_a_class_list_are_positions_even_where_the_names_are_numbers() -> None:
    corpus = corpus_of(labelled([1, 2]), source_classes=("1", "2", "3"))
    assert corpus.classes == ("2", "3")


def test_classes_given_go_before_those_of_the_corpus() -> None:
    assert corpus_of(labelled([0, 1]), source_classes=("a", "b"), classes=("A", "B")).classes == ("A", "B")


def test_declared_class_without_a_row_is_left_out_and_said() -> None:
    corpus = corpus_of(labelled(["joy", "fear"]), classes=("joy", "love", "fear"))
    assert corpus.classes == ("joy", "fear")
    assert sorted(set(corpus.frame["label"])) == [0, 1]
    assert corpus.info.notes[0] == "1 class(es) without a row left out: love"


def test_blank_rows_are_dropped_counted_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_of({"joy": 9, "fear": 9}) + ",joy\n \t,joy\nno label,\n")
    corpus = load(path)
    assert len(corpus.frame) == 18
    assert corpus.info.notes[:2] == (
        "2 of 21 rows dropped because their text is missing or blank",
        "1 of 21 rows dropped because their label is missing or blank",
    )


def test_missing_values_of_typed_columns_are_blank() -> None:
    frame = labelled([0, 1])
    frame.loc[0, "text"] = None
    frame.loc[9, "label"] = np.nan
    corpus = corpus_of(frame)
    assert len(corpus.frame) == 8
    assert corpus.classes == ("0", "1")


def test_half_of_the_rows_may_be_blank_and_not_more() -> None:
    blank = pd.DataFrame({"text": [""] * 10, "label": "joy"})
    assert len(corpus_of(pd.concat([labelled(["joy", "fear"]), blank], ignore_index=True)).frame) == 10
    more = pd.concat([labelled(["joy", "fear"]), blank, blank[:1]], ignore_index=True)
    with pytest.raises(CorpusError) as caught:
        corpus_of(more)
    assert str(caught.value) == (
        "11 of 21 rows of a.parquet have no text, expected at most 50%; check --text-column, or remove these rows"
    )


def test_rows_without_text_and_rows_without_label_count_together() -> None:
    frame = pd.DataFrame({"text": ["", "", "a", "b"], "label": ["joy", "fear", "", ""]})
    with pytest.raises(CorpusError, match=r"4 of 4 rows of a\.parquet have no .*, expected at most 50%"):
        corpus_of(frame)


def test_one_row_of_a_megabyte_is_accepted(tmp_path: Path) -> None:
    text = "a long story " * 80_000
    path = write(tmp_path / "a.csv", csv_of({"joy": 9, "fear": 9}) + f"{text},joy\n")
    assert load(path).frame["text"].str.len().max() == len(text)


@pytest.mark.parametrize(
    ("content", "settings", "message"),
    [
        ("body,stars\na,1\n", {}, "a.csv has no column 'text' (found: body, stars); name it with --text-column"),
        ("text,stars\na,1\n", {}, "a.csv has no column 'label' (found: text, stars); name it with --label-column"),
        (
            "text,label\na,1\n",
            {"label_column": "text"},
            "--text-column and --label-column are both 'text', expected two",
        ),
        (
            "text,label\na,1\n",
            {"split_column": "part"},
            "a.csv has no column 'part' (found: text, label); name the one",
        ),
        ("text,label\n", {}, "a.csv has a header but no rows, expected labelled texts; check the file given"),
        ("text,label\na,joy\nb,joy\n", {}, "all 2 rows have the label 'joy', expected at least two classes; check"),
        (
            csv_of({"joy": 9, "fear": 2}),
            {},
            "the class 'fear' has 2 row(s), expected at least 3 to be split into 3 parts",
        ),
        (
            csv_of({"joy": 9, "fear": 9, "rage": 2}),
            {"classes": ("joy", "fear")},
            "the label 'rage' (2 rows) is not in the class list (joy, fear); correct it, drop those rows, or give the",
        ),
        (
            csv_of({"0": 9, "1": 9, "2": 3, "-1": 1}),
            {"classes": ("joy", "fear")},
            "the label 2 (4 rows outside) is not in 0…1, the 2 classes joy, fear; correct it, drop those rows, or give",
        ),
        (
            csv_of({"x": 1}),
            {"classes": tuple(f"c{k}" for k in range(30))},
            "(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 18 more)",
        ),
        (
            csv_of({str(k): 1 for k in range(1001)}),
            {},
            "the labels have 1,001 different values, expected at most 1,000 classes; check --label-column",
        ),
        (
            csv_of({"joy": 9, "fear": 9}, "train") + "c,rage,test\nd,joy,test\n",
            {},
            "the test split has the class 'rage', which no train row has, expected every class in train; add such rows",
        ),
        (
            csv_of({"joy": 9, "fear": 9}, "test"),
            {},
            "no row is in the split train, expected rows to learn from; check --split-column",
        ),
        (csv_of({"joy": 9, "fear": 9}), {"limit": 0}, "--limit is 0, expected a number of rows of at least 1; give a"),
        (
            csv_of({"joy": 9, "fear": 9}),
            {"test_share": 1.5},
            "--test-share is 1.5, expected a share between 0 and 1; give",
        ),
    ],
)
def test_unusable_corpus_says_what_was_found_and_what_to_do(
    tmp_path: Path, content: str, settings: dict[str, object], message: str
) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(CorpusError) as caught:
        load(path, **settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [["joy", "fear"], {"a": 1}, b"bytes", np.array([1, 2])])
@pytest.mark.parametrize("column", ["text", "label"])
def test_rows_with_several_labels_or_no_plain_text_are_refused(column: str, value: object) -> None:
    frame = labelled(["joy", "fear"]).astype({column: object})
    frame.at[3, column] = value
    kind = re.escape(type(value).__name__)
    with pytest.raises(
        CorpusError, match=f"column '{column}' of a.parquet holds values of type {kind}, expected one text"
    ):
        corpus_of(frame)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = labelled(["joy", "fear"])
    frame.insert(2, "label", frame["label"], allow_duplicates=True)
    with pytest.raises(CorpusError, match=r"a\.parquet has 2 columns named 'label', expected one; rename the others"):
        corpus_of(frame)
