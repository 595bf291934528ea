import numpy as np

from core.analysis.ranking import RankBy
from core.artifacts.schema import ModelName
from core.ui.errors.ranked_rows import ranked_table, saved_ranking
from core.ui.one_row import answers_html, facts_of
from core.ui.tables import to_csv
from tests.analysis.small_rows import small_rows

IDS = np.array([7, 4])


def test_table_begins_with_measure_text_label_and_the_answer_of_the_model():
    table = ranked_table(small_rows(), IDS, ModelName.LOGREG, RankBy.LOSS)
    assert list(table)[:4] == ["Loss", "Text", "True class", "Logistic regression"]
    assert table["Loss"].round(4).tolist() == [0.9163, 0.6931]  # −ln 0.4, −ln 0.5
    assert table["Logistic regression"].tolist() == ["joy", "sadness"]


def test_confidence_stands_in_the_table_once():
    table = ranked_table(small_rows(), IDS, ModelName.FINETUNED, RankBy.CONFIDENCE)
    assert table["Confidence"].round(1).tolist() == [40.0, 50.0]
    assert "Confidence, fine-tuned" not in table
    assert "Confidence, logistic regression" in table


def test_table_without_texts_names_the_rows_all_the_same():
    table = ranked_table(small_rows(texts=False), IDS, ModelName.FINETUNED, RankBy.MARGIN)
    assert list(table)[:3] == ["Margin", "True class", "Fine-tuned"]
    assert table["id"].tolist() == [7, 4]


def test_saved_rows_keep_their_order_and_say_what_they_are_ranked_by():
    saved = saved_ranking(small_rows(), IDS, ModelName.FINETUNED, RankBy.CONFIDENCE)
    assert list(saved)[:3] == ["rank", "finetuned_confidence", "id"]
    assert saved["id"].tolist() == [7, 4]
    assert saved["finetuned_confidence"].tolist() == [0.4, 0.5]
    assert list(saved).count("finetuned_confidence") == 1


def test_saved_text_cannot_run_in_a_spreadsheet():
    rows = small_rows()
    texts = rows.texts.copy()
    texts.iloc[7] = "=HYPERLINK(1)"
    saved = saved_ranking(type(rows)(frame=rows.frame, texts=texts, classes=rows.classes, models=rows.models,
                                     problems=()), IDS, ModelName.FINETUNED, RankBy.LOSS)  # fmt: skip
    assert b",'=HYPERLINK(1)," in to_csv(saved)


def test_answers_of_all_models_beside_the_label():
    html = answers_html(small_rows(), 4, [ModelName.FINETUNED, ModelName.LOGREG])
    # label sadness; fine-tuned says fear, the logistic regression sadness; both with probability 0.5
    fine_tuned, logreg = html.split("<tr>")[3:]
    assert "fear" in fine_tuned
    assert 'title="wrong"' in fine_tuned
    assert "sadness" in logreg
    assert 'title="right"' in logreg
    assert all(number in fine_tuned for number in ("50.0%", "0.69"))


def test_answers_say_where_they_are_not_held_out():
    rows = small_rows()
    rows.frame.loc[4, "finetuned_origin"] = "in_sample"
    html = answers_html(rows, 4, [ModelName.FINETUNED, ModelName.LOGREG])
    assert html.count("in-sample predictions") == 1
    assert "held-out" not in html


def test_facts_of_a_row():
    rows = small_rows()
    rows.frame["n_tokens"], rows.frame["truncated"] = 130, True
    rows.frame["issue_outlier"] = [False, True, *[False] * 6]
    assert facts_of(rows, 1, None) == [
        ("Row", "id 1, train split"),
        ("Size", "3 words, 12 characters, 130 tokens, cut off: the models read a part only"),
        ("Tags", "cut off, outlier"),
        ("topic", "home"),
        ("stars", "2.5"),
    ]
    assert facts_of(rows, 3, None)[3] == ("topic", None)
