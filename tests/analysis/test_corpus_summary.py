from dataclasses import replace

import numpy as np
import pytest

from core.analysis.corpus_summary import summarize_corpus
from tests.analysis.small_rows import small_rows


def test_four_numbers_of_the_selected_rows():
    rows = small_rows()
    frame = rows.frame.assign(n_tokens=[5, 5, 9, 4, 3, 12, 4, 3], truncated=[0, 0, 0, 0, 0, 1, 0, 0])
    frame["truncated"] = frame["truncated"].astype(bool)
    summary = summarize_corpus(replace(rows, frame=frame), np.arange(8) >= 4)
    assert (summary.n_rows, summary.n_classes, summary.median_words) == (4, 3, 1.5)
    assert summary.tokens is not None
    assert (summary.tokens.n_truncated, summary.tokens.truncated_share, summary.tokens.longest) == (1, 0.25, 12)


def test_without_an_encoder_there_are_no_tokens():
    assert summarize_corpus(small_rows(), np.ones(8, dtype=bool)).tokens is None


def test_no_row_is_refused():
    with pytest.raises(ValueError, match="no row is selected"):
        summarize_corpus(small_rows(), np.zeros(8, dtype=bool))
