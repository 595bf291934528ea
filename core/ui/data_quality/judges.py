"""Who judged the labels of each split, and how far such a judge can be trusted."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.analysis.label_issues import judges_of
from core.analysis.rows import origin_column
from core.artifacts.schema import ModelName, Origin, Split
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.formatting import percent
from core.ui.view import View


def explain_judges(view: View) -> None:
    """Say for each split of the filter which models judged its labels and how often they agree with them."""
    splits = [view.filter.split] if view.filter.split else list(Split)
    sentences = [said for split in splits if (said := judged_by(view, split)) is not None]
    st.caption(" ".join(sentences), help=glossary.SUSPECTED_LABELS)


def judged_by(view: View, split: Split) -> str | None:
    """Return one sentence about the judges of a split; None if it has no row."""
    here = (view.rows.frame["split"] == split.value).to_numpy()
    if not here.any():
        return None
    first = int(here.argmax())
    origins = {model: Origin(view.rows.frame[origin_column(model)].iloc[first]) for model in view.rows.models}
    judges = judges_of(origins)
    name = SPLIT_LABELS[split].capitalize()
    if not origins:
        return f"{name}: labels cannot be judged without predictions."
    if not judges:
        return f"{name}: labels cannot be judged, since every model here has seen them."
    said = ", ".join(_judge(view, model, origins[model], here) for model in reversed(judges))
    return f"{name}: judged by {said}, and a model of runs of letters."


def _judge(view: View, model: ModelName, origin: Origin, here: npt.NDArray[np.bool_]) -> str:
    agreement = percent(float(view.rows.right(model)[here].mean()))
    return f"{MODEL_LABELS[model]} ({ORIGIN_LABELS[origin]}, agrees with {agreement} of the labels)"
