"""Controls of the map; each owns its key, and its choice is in the URL."""

from dataclasses import replace

import streamlit as st

from core.analysis.map_colouring import ColourBy, ColourKind, colour_choices
from core.analysis.map_points import has_map
from core.analysis.row_filter import MapBox, Projection
from core.artifacts.schema import META_PREFIX, PROJECTION, Stage
from core.charts.labels import MODEL_LABELS
from core.ui import glossary
from core.ui.embedding_map.reads import Picture
from core.ui.filter.chips import column_label
from core.ui.filter.link import MAX_TEXT
from core.ui.filter.state import change_filter
from core.ui.notices import show_stage_missing
from core.ui.view import View

_LABELS = {Projection.UMAP: "UMAP", Projection.PCA: "PCA"}


def map_is_there(view: View) -> bool:
    """Return whether there is a map to show; else say how to make it, unless it was said that it is damaged."""
    if has_map(view.rows):
        return True
    if not _is_damaged(view):
        path = PROJECTION.path if view.run.record(PROJECTION.path) else None
        show_stage_missing(view.run, Stage.PROJECTION, "Maps of the vectors", path=path)
    return False


def pick_picture(view: View) -> tuple[Picture, str]:
    """Return what the reader wants to see of the map, and words to find on it, empty for none."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="map_controls"):
        projection = _pick_projection()
        by = _pick_colour(view)
        words = _pick_words(has_texts=view.rows.texts is not None)
        wrong_in_front = _pick_front(view)
        zoom = _pick_zoom(view, projection)
    picture = Picture(
        projection=projection,
        row_filter=replace(view.filter, box=None),
        by=by,
        zoom=zoom,
        wrong_in_front=view.model if wrong_in_front else None,
    )
    return picture, words


def box_on(view: View, projection: Projection) -> MapBox | None:
    """Return the rectangle of the filter if it lies on this map."""
    box = view.filter.box
    return box if box is not None and box.projection is projection else None


def colour_label(by: ColourBy) -> str:
    """Return what a colouring is called on screen."""
    model = "" if by.model is None else MODEL_LABELS[by.model].lower()
    column = by.column or ""
    return {
        ColourKind.TRUE: "true class",
        ColourKind.PREDICTED: f"prediction: {model}",
        ColourKind.OUTCOME: "outcome",
        ColourKind.CHANGE: "change by fine-tuning",
        ColourKind.CONFIDENCE: "confidence",
        ColourKind.SPLIT: "split",
        ColourKind.CLUSTER: "cluster",
        ColourKind.COLUMN: f"column: {column_label(column)}"
        if column.startswith(META_PREFIX)
        else column_label(column),
    }[by.kind]


def _is_damaged(view: View) -> bool:
    return view.run.has(PROJECTION.path) or any(PROJECTION.path in str(problem) for problem in view.rows.problems)


def _pick_projection() -> Projection:
    chosen = st.segmented_control(
        "Map",
        list(_LABELS.values()),
        default=_LABELS[Projection.UMAP],
        required=True,
        key="map",
        bind="query-params",
        help=glossary.PROJECTIONS,
    )
    return next(projection for projection, label in _LABELS.items() if label == chosen)


def _pick_colour(view: View) -> ColourBy:
    choices = {colour_label(by): by for by in colour_choices(view.rows, view.model)}
    chosen = st.selectbox(
        "Colour",
        list(choices),
        key="colour",
        bind="query-params",
        width=196,
        help="Outcome and confidence are those of the model chosen above; change by fine-tuning compares the logistic"
        " regression with the fine-tuned model.",
    )
    return choices.get(chosen) or next(iter(choices.values()))


def _pick_words(*, has_texts: bool) -> str:
    found = st.text_input(
        "Find on the map",
        key="find",
        bind="query-params",
        max_chars=MAX_TEXT,
        disabled=not has_texts,
        placeholder="some words" if has_texts else "needs the texts",
        icon=":material/search:",
        width=136,
        help="Rings every text that holds these words, in any case, on all splits; the filter stays as it is.",
    )
    return (found or "").strip() if has_texts else ""


def _pick_front(view: View) -> bool:
    return st.toggle(
        "Mistakes in front",
        key="front",
        bind="query-params",
        disabled=view.model is None,
    )


def _pick_zoom(view: View, projection: Projection) -> MapBox | None:
    """Offer to look at the rectangle alone, and to take it away."""
    box = box_on(view, projection)
    zoomed = st.toggle(
        "Zoom in",
        key="zoom",
        bind="query-params",
        disabled=box is None,
    )
    st.button(
        "Clear rectangle",
        key="map_clear",
        type="tertiary",
        disabled=view.filter.box is None,
        on_click=change_filter,
        args=(replace(view.filter, box=None), view.rows),
    )
    return box if zoomed else None
