"""What happens if texts that a model is unsure of are left to a person: both sides of a threshold."""

from functools import partial

import streamlit as st

from core.analysis.coverage import Handover
from core.artifacts.schema import ModelName
from core.charts.coverage import MARKED, make_coverage_chart, marked_point
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.charts.specs import with_data
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.formatting import count, percent
from core.ui.models.calibration_reads import load_coverage, load_coverage_spec
from core.ui.models.confidence_links import confidence_range, show_link_to_rows
from core.ui.view import View

_KEY = "threshold"
_DEFAULT_PERCENT = 80


@st.fragment
def show_handover(view: View, models: tuple[ModelName, ...]) -> None:
    """Show both sides of a threshold of confidence, for the model in view; a part of its own, for the slider.

    Args:
        view: What the page looks at, with at least one scored row.
        models: Those whose confidence changes from row to row, the best expected one last.
    """
    st.subheader("Leave unsure texts to a person", anchor=False, help=glossary.HANDOVER)
    model = view.model if view.model in models else models[-1]
    numbers, chart = st.columns(2, gap="large")
    with numbers:
        threshold = (
            st.slider(
                f"{MODEL_LABELS[model]} answers from this confidence on",
                min_value=0,
                max_value=100,
                value=_DEFAULT_PERCENT,
                format="%d%%",
                key=_KEY,
                bind="query-params",
            )
            / 100
        )
        sides = load_coverage(view.run, view.scored_filter, model).at(threshold)
        _show_sides(view, model, sides)
    with chart:
        _show_curve(view, models, model, sides)


def _show_sides(view: View, model: ModelName, sides: Handover) -> None:
    kept, left = sides.kept, sides.left
    n_errors = kept.n_rows - (kept.n_right or 0)
    n_caught = left.n_rows - (left.n_right or 0)
    answered, handed = st.columns(2, gap="small")
    with answered.container(border=True, height="stretch", key="handover_kept"):
        st.markdown("**Answered by the model**")
        st.metric("Texts", f"{kept.n_rows:,}", width="content")
        st.caption(f"{percent(sides.coverage)} of all {kept.n_rows + left.n_rows:,}")
        st.metric("Right among them", percent(kept.share), width="content", help=glossary.KEPT_ACCURACY)
        st.caption(
            f"{count(n_errors, 'mistake')} stay unseen"
            + (f"; 95% interval {' – '.join(map(percent, kept.interval))}" if kept.interval else "")
        )
        show_link_to_rows(view, model, confidence_range(sides.threshold, None), kept.n_rows)
    with handed.container(border=True, height="stretch", key="handover_left"):
        st.markdown("**Left to a person**")
        st.metric("Texts", f"{left.n_rows:,}", width="content")
        st.caption(f"{percent(1 - sides.coverage)} of all {kept.n_rows + left.n_rows:,}")
        st.metric("Mistakes caught", f"{n_caught:,}", width="content", help=glossary.CAUGHT)
        of_all = (
            f"{percent(n_caught / (n_errors + n_caught))} of all its mistakes" if n_errors + n_caught else "no mistake"
        )
        st.caption(f"{of_all}; of these texts it gets {percent(left.share)} right")
        show_link_to_rows(view, model, confidence_range(None, sides.threshold), left.n_rows)


def _show_curve(view: View, models: tuple[ModelName, ...], model: ModelName, sides: Handover) -> None:
    curves = {other: load_coverage(view.run, view.scored_filter, other) for other in models}
    spec = load_coverage_spec(view.run, view.scored_filter, models)
    st.vega_lite_chart(
        with_data(spec, MARKED, marked_point(model, sides)),
        width="stretch",
        key="coverage",
        alt=f"Accuracy against the share of texts answered; {percent(sides.kept.share)} at {percent(sides.coverage)}",
    )
    areas = ", ".join(f"{MODEL_LABELS[other]} {percent(curve.area)}" for other, curve in reversed(curves.items()))
    basis = f"{SPLIT_LABELS[view.split]} split · {count(curves[model].n_rows, 'row')}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_chart_downloads(
            partial(
                make_coverage_chart,
                curves,
                marked=marked_point(model, sides),
                title="Accuracy when unsure texts are left to a person",
                subtitle=f"run {view.run.name} · {basis}",
            ),
            stem=f"{view.run.name}_coverage_{view.split}",
        )
        st.caption(f"Area under the curve: {areas}.", help=glossary.COVERAGE_AREA, width="content")
