"""Many texts at once, pasted or uploaded."""

import pandas as pd
import streamlit as st

from core.artifacts.run import Run
from core.artifacts.schema import ModelName
from core.charts.labels import MODEL_LABELS
from core.data.formats import SUFFIXES, Limits
from core.data.texts import column_texts, guess_text_column, read_uploaded_table, split_lines
from core.errors import CorpusError
from core.ui.formatting import count
from core.ui.notices import show_error
from core.ui.try_it.answer_cards import show_cards, show_silent
from core.ui.try_it.batch_answers import Batch, BatchAnswers, show_batch_answers
from core.ui.try_it.live import READERS, ask, find_silent

MAX_TEXTS = 2_000
MAX_FILE_MB = 5
_MAX_PASTED_CHARS = 1_000_000
_RESULT, _SENT = "_try_many_result", "_try_many_sent"
_LINES, _FILE = "lines", "file"


def show_many_texts(run: Run) -> None:
    """Show where texts come from, and the answers to the last batch."""
    st.markdown(
        f"At most **{MAX_TEXTS:,} texts** at a time; a file may have **{MAX_FILE_MB} MB**. More than that:"
        " `python -m scripts.predict --file`."
    )
    paste, upload = st.columns(2, gap="large")
    with paste:
        batch = _paste()
    with upload:
        batch = _upload() or batch
    if batch is not None:
        st.session_state[_RESULT] = _classify(run, batch)
    # Only now: a page that starts over while the models read must find the batch again.
    st.session_state.pop(_SENT, None)
    result: BatchAnswers | None = st.session_state.get(_RESULT)
    if result is None or result.digest != run.digest:
        show_cards(run, [], find_silent(run))
        return
    if result.answers:
        show_batch_answers(run, result)
    show_silent(result.silent)


def _paste() -> Batch | None:
    """Show a place to paste into, and return what was sent just now."""
    with st.form("many_texts", border=False):
        pasted = st.text_area(
            "Paste texts, one per line",
            key="try_lines",
            height=172,
            max_chars=_MAX_PASTED_CHARS,
            placeholder="I am so excited today!\nNobody ever answers my letters.",
            persist_state="session",
        )
        st.form_submit_button(
            "Classify the lines", type="primary", icon=":material/play_arrow:", on_click=_send, args=(_LINES,)
        )
    if st.session_state.get(_SENT) != _LINES:
        return None
    lines = [line for line in split_lines(pasted or "") if line.strip()]
    if not lines:
        st.warning(
            "There is nothing to read, expected at least one line: paste texts above.", icon=":material/keyboard:"
        )
        return None
    if len(lines) > MAX_TEXTS:
        st.error(
            f"{len(lines):,} lines were pasted, expected at most {MAX_TEXTS:,}: send them in parts.",
            icon=":material/error:",
        )
        return None
    return Batch(source="the pasted lines", texts=lines)


def _upload() -> Batch | None:
    """Show a place for a file, let its column be picked, and return what was sent just now."""
    file = st.file_uploader(
        "Or upload a file",
        type=[suffix.removeprefix(".") for suffix in SUFFIXES],
        max_upload_size=MAX_FILE_MB,
        key="try_file",
        on_change=_forget,
    )
    if file is None:
        st.caption(
            "CSV, TSV, JSONL and Parquet: one column holds the texts, and you can pick it. TXT: one text per line."
            " Everything in UTF-8. The answers come back with the same rows in the same order."
        )
        return None
    try:
        frame = _read(file.name, file.getvalue())
    except CorpusError as error:
        show_error(error)
        return None
    columns = list(frame.columns)
    column = columns[0]
    if len(columns) > 1:
        column = st.selectbox(
            "Column with the texts", columns, index=columns.index(guess_text_column(frame)), on_change=_forget
        )
    texts = column_texts(frame, column)
    batch = Batch(source=f"{file.name}, column {column}" if len(columns) > 1 else file.name, texts=texts)
    if not batch.answered:
        st.warning("All rows of this column are blank, expected texts: pick another column.", icon=":material/error:")
        return None
    label = f"Classify {count(len(texts), 'text')}"
    st.button(label, type="primary", icon=":material/play_arrow:", on_click=_send, args=(_FILE,))
    return batch if st.session_state.get(_SENT) == _FILE else None


def _read(name: str, payload: bytes) -> pd.DataFrame:
    if len(payload) > MAX_FILE_MB * 1024 * 1024:
        raise CorpusError(f"{name} has {len(payload):,} bytes, expected at most {MAX_FILE_MB} MB; split it")
    return read_uploaded_table(name, payload, Limits(n_rows=MAX_TEXTS))


def _send(source: str) -> None:
    """Note which button was clicked; unlike its return value, this outlives a page that starts over."""
    st.session_state[_SENT] = source


def _forget() -> None:
    """Forget what was asked and answered of another file or column."""
    st.session_state.pop(_RESULT, None)
    st.session_state.pop(_SENT, None)


def _classify(run: Run, batch: Batch) -> BatchAnswers:
    """Ask all models, with a bar that says how far they are."""
    answered = batch.answered
    n_models = len(READERS) - len(find_silent(run))
    bar = st.progress(0.0, text="Waiting for the models …")
    n_done: dict[ModelName, int] = {}

    def show_progress(model: ModelName, n_texts: int) -> None:
        n_done[model] = n_texts
        share = sum(n_done.values()) / (n_models * len(answered))
        bar.progress(min(1.0, share), text=f"{MODEL_LABELS[model]}: {n_texts:,} of {count(len(answered), 'text')}")

    answers, silent = ask(run, [batch.texts[i] for i in answered], on_progress=show_progress)
    bar.empty()
    return BatchAnswers(digest=run.digest, batch=batch, answers=answers, silent=silent)
