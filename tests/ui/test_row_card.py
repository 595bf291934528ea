"""One row in full."""

from core.artifacts.schema import ModelName
from core.ui.embedding_map.row_card import answer_lines, text_block
from tests.analysis.small_rows import small_rows


def test_card_names_label_and_answers_from_the_best_expected_model_on():
    label, tuned, logreg = answer_lines(small_rows(), 4)
    assert "True class" in label
    assert "<b>sadness</b>" in label
    assert "Fine-tuned" in tuned
    assert "<b>fear</b> 50.0% · wrong" in tuned
    assert "Logistic regression" in logreg
    assert "<b>sadness</b> 50.0% · correct" in logreg


def test_card_of_one_model():
    assert len(answer_lines(small_rows(models=(ModelName.LOGREG,)), 0)) == 2


def test_text_is_shown_as_it_is():
    assert "&lt;b&gt;x&lt;/b&gt;\n  *y*</div>" in text_block("<b>x</b>\n  *y*")
