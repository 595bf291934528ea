"""Cached results on the confidence of a model, each keyed by the run's digest and the filter."""

import streamlit as st

from core.analysis.calibration import RunCalibration, SplitCalibration, compute_calibration, read_calibration
from core.analysis.coverage import CoverageCurve, compute_coverage
from core.analysis.row_filter import RowFilter
from core.analysis.rows import confidence_column, origin_column
from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Origin, Split
from core.charts.coverage import CURVES, curve_points, make_coverage_chart
from core.charts.palette import INK_OF_THE_PAGE
from core.charts.specs import Spec, to_spec, with_data
from core.ui.caching import BY_DIGEST
from core.ui.reads import load_probabilities, load_rows, load_selection

_KEPT = 64


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_run_calibration(run: Run) -> RunCalibration:
    """Return the calibration of a run's models on whole splits, with their temperatures.

    Raises:
        ArtifactError: If it is missing or damaged.
    """
    return read_calibration(run)


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_calibration(run: Run, scored: RowFilter, model: ModelName, temperature: float | None) -> SplitCalibration:
    """Return the calibration of a model on the rows of a filter, at least one, all of one split.

    Raises:
        ArtifactError: If the probabilities are damaged.
    """
    rows, selected = load_rows(run), load_selection(run, scored)
    frame = rows.frame[selected]
    return compute_calibration(
        frame["label"].to_numpy(),
        rows.pred(model)[selected],
        load_probabilities(run, model)[selected],
        split=Split(frame["split"].iloc[0]),
        origin=Origin(frame[origin_column(model)].iloc[0]),
        temperature=temperature,
    )


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_coverage(run: Run, scored: RowFilter, model: ModelName) -> CoverageCurve:
    """Return accuracy against coverage of a model on the rows of a filter, at least one."""
    rows, selected = load_rows(run), load_selection(run, scored)
    return compute_coverage(rows.frame[confidence_column(model)].to_numpy()[selected], rows.right(model)[selected])


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_coverage_spec(run: Run, scored: RowFilter, models: tuple[ModelName, ...]) -> Spec:
    """Return the chart of accuracy against coverage, its mark to be filled in."""
    curves = {model: load_coverage(run, scored, model) for model in models}
    return with_data(_load_empty_coverage_spec(models), CURVES, curve_points(curves))


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _load_empty_coverage_spec(models: tuple[ModelName, ...]) -> Spec:
    """Return the chart without its data: making it takes longer than computing them."""
    return to_spec(make_coverage_chart(dict.fromkeys(models), stretch=True, ink=INK_OF_THE_PAGE))
