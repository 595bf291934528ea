import pytest

from core.analysis.filter_choices import compute_filter_choices
from core.analysis.metadata import BLANK
from core.analysis.row_filter import MapBox, Outcome, Projection, Range, RowFilter, Values, select_rows
from core.analysis.tags import Tag
from core.artifacts.schema import ModelName, Split
from core.ui.filter import link
from core.ui.filter.chips import chips_of
from core.ui.filter.link import encode_filter
from tests.analysis.small_rows import small_rows

CLASSES = ("joy", "sadness", "fear")
LEFT_OUT = "this part of the filter was left out."


def tagged_rows():
    rows = small_rows()
    rows.frame["cluster"] = [0, 1, 0, 1, 0, 1, 0, 1]
    rows.frame["issue_leaked"] = False
    return rows


def decode_filter(params, rows):
    return link.decode_filter(params, rows, compute_filter_choices(rows))


@pytest.mark.parametrize(
    ("row_filter", "params"),
    [
        (RowFilter(), {}),
        (RowFilter(split=None), {"split": ["all"]}),
        (RowFilter(split=Split.TRAIN, model=ModelName.LOGREG), {"split": ["train"], "model": ["logreg"]}),
        (RowFilter(true=(2, 0), predicted=(1,)), {"true": ["fear", "joy"], "predicted": ["sadness"]}),
        (RowFilter(outcomes=(Outcome.WRONG_IN_BOTH, Outcome.FIXED)), {"outcome": ["wrong_in_both", "fixed"]}),
        (RowFilter(text="a & b = c?"), {"q": ["a & b = c?"]}),
        (
            RowFilter(ranges=(Range(column="n_words", low=3, high=12), Range(column="confidence", low=0.955))),
            {"n_words": ["3..12"], "confidence": ["0.955.."]},
        ),
        (
            RowFilter(values=(Values(column="meta_topic", values=("work", "home")),)),
            {"meta_topic": ["work", "home"]},
        ),
        (RowFilter(values=(Values(column="meta_topic", values=(BLANK, "work")),)), {"meta_topic": ["", "work"]}),
        (RowFilter(values=(Values(column="meta_stars", values=(BLANK,)),)), {"meta_stars": [""]}),
        (
            RowFilter(box=MapBox(projection=Projection.UMAP, x_low=-1.5, x_high=2, y_low=0.125, y_high=3)),
            {"box": ["umap:-1.5,2,0.125,3"]},
        ),
        (RowFilter(ids=(0, 2, 3, 4, 7)), {"ids": ["0,2-4,7"]}),
        (RowFilter(words=("don't", "über")), {"word": ["don't", "über"]}),
        (RowFilter(clusters=(1, 0)), {"cluster": ["1", "0"]}),
        (
            RowFilter(tags=(Tag.LEAKED, Tag.LOW_MARGIN), without=(Tag.SHORT,)),
            {"tag": ["leaked", "low_margin"], "without": ["short"]},
        ),
    ],
)
def test_link_and_filter_are_each_other_s_inverse(row_filter, params):
    assert encode_filter(row_filter, CLASSES) == params
    assert decode_filter(params, tagged_rows()) == (row_filter, [])


@pytest.mark.parametrize(
    ("params", "note"),
    [
        ({"split": ["dev"]}, f"There is no split “dev”; {LEFT_OUT}"),
        ({"model": ["gpt"]}, f"There is no model “gpt”; {LEFT_OUT}"),
        ({"model": ["dummy"]}, f"This run has no predictions of the model dummy; {LEFT_OUT}"),
        ({"outcome": ["'; DROP TABLE"]}, f"There is no outcome “'; DROP TABLE”; {LEFT_OUT}"),
        ({"n_words": ["many"]}, f"“many” is no number for n_words; {LEFT_OUT}"),
        ({"n_words": ["nan..3"]}, f"“nan” is no number for n_words; {LEFT_OUT}"),
        ({"n_words": ["1..inf"]}, f"“inf” is no number for n_words; {LEFT_OUT}"),
        ({"n_words": [".."]}, f"“..” is no range of n_words, expected for example 3..12; {LEFT_OUT}"),
        ({"n_tokens": ["1..2"]}, f"This run has no column “n_tokens”; {LEFT_OUT}"),
        ({"meta_secret": ["x"]}, f"This run has no column “secret”; {LEFT_OUT}"),
        ({"meta_topic": ["sports"]}, "No row has the topic “sports”; the filter goes without."),
        ({"box": ["pca:0,1,0,1"]}, f"This run has no map yet; {LEFT_OUT}"),
        ({"box": ["umap:0,1"]}, f"“umap:0,1” is no rectangle, expected umap:left,right,bottom,top; {LEFT_OUT}"),
        ({"box": ["mars:0,1,0,1"]}, f"There is no map “mars”; {LEFT_OUT}"),
        ({"ids": ["1,x"]}, f"“x” is no id, expected numbers such as 7,12-15; {LEFT_OUT}"),
        ({"ids": ["-3"]}, f"“-3” is no id, expected numbers such as 7,12-15; {LEFT_OUT}"),
        ({"ids": ["8"]}, f"There is no row 8; the ids of this run are 0-7; {LEFT_OUT}"),
        ({"ids": ["0-999999999999"]}, f"There is no row 999999999999; the ids of this run are 0-7; {LEFT_OUT}"),
        ({"ids": ["0000000000007"]}, f"“0000000000007” is no id, expected numbers such as 7,12-15; {LEFT_OUT}"),
        ({"ids": ["5-3"]}, f"“5-3” is no id, expected numbers such as 7,12-15; {LEFT_OUT}"),
        ({"word": ["two words"]}, f"“two words” is no single word; {LEFT_OUT}"),
        ({"word": ["("]}, f"“(” is no single word; {LEFT_OUT}"),
        ({"cluster": ["0"]}, f"This run has no clusters yet; {LEFT_OUT}"),
        ({"tag": ["evil"]}, f"There is no tag “evil”; {LEFT_OUT}"),
        ({"without": ["leaked"]}, f"This run does not know which rows are tagged “leaked”; {LEFT_OUT}"),
        ({"q": ["x" * 201]}, f"A search of 201 characters is longer than 200; {LEFT_OUT}"),
    ],
)
def test_what_does_not_apply_is_left_out_with_a_note(params, note):
    assert decode_filter(params, small_rows()) == (RowFilter(), [note])


def test_known_classes_are_kept_beside_unknown_ones():
    row_filter, notes = decode_filter({"true": ["joy", "<script>alert(1)</script>"]}, small_rows())
    assert row_filter == RowFilter(true=(0,))
    assert notes == ["This run has no class “<script>alert(1)</script>”; the filter goes without."]


def test_notes_cut_what_is_long():
    _, (note,) = decode_filter({"split": ["x" * 10_000]}, small_rows())
    assert len(note) < 120


def test_empty_values_say_nothing():
    assert decode_filter({"q": [""], "true": [""], "ids": []}, small_rows()) == (RowFilter(), [])


def test_comparison_needs_two_models():
    rows = small_rows(models=(ModelName.LOGREG,))
    row_filter, (note,) = decode_filter({"outcome": ["fixed"]}, rows)
    assert row_filter == RowFilter()
    assert note.startswith("This run has no baseline beside a fine-tuned model to compare")


@pytest.mark.parametrize("params", [{"predicted": ["joy"]}, {"outcome": ["wrong"]}, {"confidence": ["0.5.."]}])
def test_a_run_without_predictions_cannot_be_asked_for_them(params):
    row_filter, (note,) = decode_filter(params, small_rows(models=()))
    assert row_filter == RowFilter()
    assert note.startswith("This run has no predictions to filter by")


def test_a_run_without_texts_cannot_be_searched():
    row_filter, (note,) = decode_filter({"q": ["happy"]}, small_rows(texts=False))
    assert row_filter == RowFilter()
    assert note.startswith("The texts of this run are not on this machine")


def test_known_values_are_kept_beside_unknown_ones():
    row_filter, notes = decode_filter({"meta_topic": ["work", "sports", "work"]}, small_rows())
    assert row_filter.values == (Values(column="meta_topic", values=("work",)),)
    assert notes == ["No row has the topic “sports”; the filter goes without."]


def test_blank_is_a_value_with_a_name():
    rows = small_rows()
    row_filter, notes = decode_filter({"split": ["all"], "meta_topic": [""]}, rows)
    assert notes == []
    assert select_rows(rows, row_filter).nonzero()[0].tolist() == [3]
    assert [chip.label for chip in chips_of(row_filter, CLASSES)] == ["topic: (blank)"]


def test_range_the_other_way_round_is_the_same():
    row_filter, notes = decode_filter({"n_words": ["3..2"]}, small_rows())
    assert (row_filter.ranges, notes) == ((Range(column="n_words", low=2, high=3),), [])


@pytest.mark.parametrize("end", [1_700_000_000_123, 2**53 + 2, 1e300, -12345670074.5, 0.1])
def test_ends_of_a_range_are_not_rounded_away(end):
    params = encode_filter(RowFilter(ranges=(Range(column="n_words", high=end),)), CLASSES)
    assert decode_filter(params, small_rows())[0].range_of("n_words").high == end


def test_rectangle_drawn_the_other_way_round_is_the_same():
    row_filter, _ = decode_filter({"box": ["umap:4,1,2,1"]}, small_rows())
    assert select_rows(small_rows(), RowFilter(split=None, box=row_filter.box)).nonzero()[0].tolist() == [2, 3, 4]


def test_chips_say_each_part_and_take_only_it_away():
    row_filter = RowFilter(
        true=(0,),
        predicted=(1, 2),
        outcomes=(Outcome.WRONG,),
        text="happy",
        ranges=(
            Range(column="n_words", low=2, high=5),
            Range(column="confidence", low=0.9),
            Range(column="n_chars", high=3),
        ),
        values=(Values(column="meta_topic", values=("a", "b", "c", "d", "e")),),
        box=MapBox(projection=Projection.PCA, x_low=0, x_high=1, y_low=0, y_high=1),
        ids=(4,),
    )
    chips = chips_of(row_filter, CLASSES)
    assert [chip.label for chip in chips] == [
        "true class: joy",
        "predicted: sadness or fear",
        "wrong",
        "text has “happy”",
        "words 2 to 5",
        "confidence ≥ 90%",
        "characters ≤ 3",
        "topic: a or b or c or 2 more",
        "rectangle on the PCA map",
        "id 4",
    ]
    assert chips[0].without == RowFilter(**{**fields(row_filter), "true": ()})
    assert chips[5].without.ranges == (row_filter.ranges[0], row_filter.ranges[2])
    assert chips[9].without.ids == ()


def test_a_filter_that_turns_nobody_away_has_no_chip():
    assert chips_of(RowFilter(split=None, model=ModelName.DUMMY), CLASSES) == []


def fields(row_filter: RowFilter) -> dict[str, object]:
    return {name: getattr(row_filter, name) for name in RowFilter.__dataclass_fields__}


@pytest.mark.parametrize("value", ["2", "-1", "x", "99999999999999"])
def test_unknown_cluster_is_left_out(value):
    row_filter, (note,) = decode_filter({"cluster": [value]}, tagged_rows())
    assert row_filter == RowFilter()
    assert note == f"There is no cluster “{value}”; {LEFT_OUT}"


def test_each_word_and_each_tag_that_is_kept_out_has_a_chip_of_its_own():
    row_filter = RowFilter(
        words=("a", "b"), clusters=(3,), tags=(Tag.LEAKED, Tag.SHORT), without=(Tag.OUTLIER, Tag.LONG)
    )
    chips = {chip.label: chip.without for chip in chips_of(row_filter, CLASSES)}
    assert list(chips) == ["word “a”", "word “b”", "cluster 3", "leaked or short", "without: outlier", "without: long"]
    assert chips["word “a”"].words == ("b",)
    assert chips["without: outlier"].without == (Tag.LONG,)
    assert chips["leaked or short"].tags == ()
