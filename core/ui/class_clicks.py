"""Clicks on matrices, bars and pairs of classes that choose rows; a second click on the same takes the choice back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.analysis.row_filter import Outcome, RowFilter
from core.artifacts.schema import ModelName
from core.charts.matrix import ALL
from core.charts.picking import PICKED
from core.ui.filter.state import change_filter
from core.ui.view import View


def on_cell_click(view: View, key: str, model: ModelName) -> Callable[[], None]:
    """Return a callback of a matrix that chooses the rows of the clicked cell, row or column.

    Args:
        view: What the page looks at.
        key: Key of the chart.
        model: Whose matrix it is.
    """

    def choose() -> None:
        picked = picked_point(key)
        n_classes = len(view.rows.classes)
        i, j = (picked.get(side) for side in "ij")
        if is_class(i, n_classes, or_all=True) and is_class(j, n_classes, or_all=True):
            choose_classes(view, _classes(i), _classes(j), model=model)

    return choose


def on_class_click(view: View, key: str) -> Callable[[], None]:
    """Return a callback of a chart of classes that chooses the rows whose true class was clicked."""

    def choose() -> None:
        k = picked_point(key).get("k")
        if is_class(k, len(view.rows.classes)):
            choose_classes(view, _classes(k))

    return choose


def choose_classes(
    view: View,
    true: tuple[int, ...],
    predicted: tuple[int, ...] = (),
    *,
    outcomes: tuple[Outcome, ...] = (),
    model: ModelName | None = None,
) -> None:
    """Make the filter select, of the rows that the scores are about, just those; or let go of them if it does already.

    So the number of rows selected is the number in the cell or bar that was clicked.

    Args:
        view: What the page looks at.
        true: True classes, none for all.
        predicted: Predicted classes, none for all.
        outcomes: How the models did, none for all.
        model: Whose answers are meant; None for those already looked at.
    """
    answers_of = view.filter.model if model is None else None if model is view.rows.models[-1] else model
    wanted = replace(view.scored_filter, model=answers_of, true=true, predicted=predicted, outcomes=outcomes)
    chosen = replace(view.filter, split=view.split, model=answers_of)
    is_chosen = chosen == wanted and model in (None, view.model)
    change_filter(unchosen(view) if is_chosen else wanted, view.rows)


def unchosen(view: View) -> RowFilter:
    """Return the filter without what chooses rows by their label or by a model's answers."""
    return view.filter.without_answers()


def picked_point(key: str) -> dict[str, Any]:
    """Return the point that was clicked; it comes from a browser, so anything may be in it."""
    points = st.session_state[key]["selection"].get(PICKED) or [{}]
    return points[0] if isinstance(points[0], dict) else {}


def is_class(k: object, n_classes: int, *, or_all: bool = False) -> bool:
    """Return whether this is the index of a class; with `or_all`, or stands for all of them."""
    return k in range(ALL if or_all else 0, n_classes)


def _classes(k: Any) -> tuple[int, ...]:
    return () if k == ALL else (int(k),)
