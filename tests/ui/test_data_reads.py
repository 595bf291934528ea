import pytest

from core.analysis.row_filter import Range, RowFilter, Values
from core.artifacts.run import Run
from core.artifacts.schema import TEXTS, ModelName, Split
from core.ui import word_reads
from core.ui.data.reads import load_class_balance, load_histogram, load_typical_words, load_value_counts
from tests.fake_runs import write_fake_run

ALL = RowFilter(split=None)


@pytest.fixture
def run(tmp_path) -> Run:
    return Run.open(write_fake_run(tmp_path, metadata={"channel": ["mail", "web", "web"] * 80}))


def test_classes_are_counted_whatever_split_and_class_is_chosen(run):
    narrow = load_class_balance(run, RowFilter(split=Split.TEST, true=(1,)))
    assert narrow.counts == load_class_balance(run, ALL).counts
    assert sum(narrow.totals) == 240


def test_histogram_ignores_only_its_own_range(run):
    own = load_histogram(run, ALL.with_range(Range(column="n_words", low=9)), "n_words")
    assert (own.n_rows, sum(b.n_chosen for b in own.bins)) == (240, 0)
    other = load_histogram(run, ALL.with_range(Range(column="n_words", low=9)), "n_chars")
    assert other.n_rows == 0


def test_values_are_counted_whatever_value_is_chosen_and_measured_on_one_split(run):
    row_filter = ALL.with_values(Values(column="meta_channel", values=("mail",)))
    scored = RowFilter(split=Split.TEST)
    counts = load_value_counts(run, row_filter, scored, "meta_channel", ModelName.FINETUNED)
    assert [(v.value, v.n_rows, v.n_scored) for v in counts.values] == [("web", 160, 16), ("mail", 80, 8)]


def test_typical_words_ignore_class_and_text_search(run):
    typical = load_typical_words(run, RowFilter(split=Split.TRAIN, true=(0,), text="sadness"))
    assert typical.n_texts == typical.n_rows == 192
    assert [of_class[0].word for of_class in typical.words] == list(run.manifest.corpus.classes)


def test_typical_words_of_many_rows_are_those_of_a_sample_that_stays(run, monkeypatch):
    monkeypatch.setattr(word_reads, "MAX_TEXTS", 100)
    first = load_typical_words(run, ALL)
    assert (first.n_texts, first.n_rows) == (100, 240)
    n_in_class = sum(of_class[0].n_in_class for of_class in first.words)
    assert n_in_class == 100  # each text names its class once
    load_typical_words.clear()
    assert load_typical_words(run, ALL) == first


def test_typical_words_need_texts(tmp_path):
    run = Run.open(write_fake_run(tmp_path, without=[TEXTS.path]))
    with pytest.raises(ValueError, match="the run fake has no texts"):
        load_typical_words(run, ALL)
