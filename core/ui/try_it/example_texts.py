"""Texts to click on Try it: some of the run's own, with their labels, or a few plain sentences."""

from dataclasses import dataclass

import streamlit as st

from core.analysis.example_texts import pick_example_ids
from core.artifacts.run import Run
from core.artifacts.schema import EXAMPLES, TEXTS, ModelName, predictions_table
from core.ui.caching import BY_DIGEST

_N_EXAMPLES = 5
_SENTENCES = (
    "I am so excited today!",
    "The line went dead and I dared not move.",
    "Nobody ever called back as promised.",
    "It arrived late, broken, and dirty.",
    "Thank you for all that you have done.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleText:
    """A text to begin with, and the class that the corpus gives it; None for a sentence that is not from there."""

    text: str
    label: str | None = None


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=16, show_spinner=False)
def load_example_texts(run: Run) -> list[ExampleText]:
    """Return short test texts of different classes, or plain sentences if the run has no texts of that kind.

    Raises:
        ArtifactError: If examples or texts are damaged.
    """
    if run.has(EXAMPLES.path) and run.has(TEXTS.path):
        examples = run.read_table(EXAMPLES, ["id", "split", "label", "n_chars", "n_words"])
        ids = pick_example_ids(examples, limit=_N_EXAMPLES)
        if ids:
            texts = run.read_table(TEXTS)["text"]
            labels = examples["label"]
            return [ExampleText(text=texts[i], label=run.manifest.corpus.classes[labels[i]]) for i in ids]
    return [ExampleText(text=sentence) for sentence in _SENTENCES]


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=16, show_spinner=False)
def load_most_frequent_class(run: Run) -> str | None:
    """Return the one answer of the dummy, or None if the run has no predictions of it.

    Raises:
        ArtifactError: If its predictions are damaged.
    """
    table = predictions_table(ModelName.DUMMY)
    if not run.has(table.path):
        return None
    answer: str = run.manifest.corpus.classes[run.read_table(table, ["pred"])["pred"].iloc[0]]
    return answer
