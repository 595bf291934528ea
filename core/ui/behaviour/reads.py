"""Cached reads of the Behaviour page; shared by all sessions, never to be changed."""

import pandas as pd
import streamlit as st

from core.analysis.behaviour import Behaviour, changed_cases, compute_behaviour
from core.analysis.edits import RULES
from core.analysis.row_filter import RowFilter
from core.artifacts.run import Run
from core.artifacts.schema import BEHAVIOUR, Edit, ModelName, Stage
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_rows, load_selection
from core.ui.view import View

_KEPT = 32


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_tests(run: Run) -> pd.DataFrame:
    """Return what the models answered to edited texts.

    Raises:
        ArtifactError: If it is missing or damaged.
    """
    return run.read_table(BEHAVIOUR)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_behaviour(run: Run, row_filter: RowFilter) -> Behaviour | None:
    """Return how the models behave on the rows of a filter; None if no text of these was edited.

    Raises:
        ArtifactError: If the answers to edited texts are missing or damaged.
    """
    rows = load_rows(run)
    label, selected = rows.frame["label"].to_numpy(), load_selection(run, row_filter)
    return compute_behaviour(load_tests(run), label, selected, n_classes=len(rows.classes))


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_changed_cases(run: Run, row_filter: RowFilter, model: ModelName, edit: Edit) -> pd.DataFrame:
    """Return the texts of a filter whose answer an edit changed, those to read first on top."""
    label = load_rows(run).frame["label"].to_numpy()
    return changed_cases(load_tests(run), label, load_selection(run, row_filter), model, edit)


def edit_seed(run: Run) -> int | None:
    """Return the seed by which the texts of a run were edited; None if today's edits are others."""
    record = run.manifest.stages.get(Stage.BEHAVIOUR)
    settings = record.settings if record else {}
    seed = settings.get("seed")
    return seed if isinstance(seed, int) and settings.get("rules") == RULES else None


def tested_model(view: View, behaviour: Behaviour) -> ModelName:
    """Return whose answers are looked at: those of the model in view if it was tested, else of the best expected."""
    return view.model if view.model in behaviour.models else behaviour.models[-1]
