"""Charts whose marks change the filter when they are clicked."""

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType

import altair as alt
import pandas as pd
import streamlit as st

from core.analysis.row_filter import RowFilter
from core.charts.picking import PICKED
from core.charts.specs import Spec, to_spec, with_data
from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.view import View

_KEPT_SPECS = 512


def show_clickable_chart(
    make_chart: Callable[[], alt.LayerChart],
    view: View,
    *,
    key: str,
    field: str,
    pick: Callable[[int], RowFilter | None],
    description: str,
    shows: RowFilter,
    options: tuple[Hashable, ...] = (),
    data: Mapping[str, pd.DataFrame] = MappingProxyType({}),
) -> None:
    """Show a chart made with `picked_by`, a click on which changes the filter.

    Args:
        make_chart: Makes the chart; called only if none of this key was made for the same run, `shows` and `options`.
        view: What the page looks at.
        key: Tells charts of all pages apart.
        field: The whole number that identifies a mark, as given to `picked_by`.
        pick: Returns the filter after a click on a mark; None if that mark changes nothing.
        description: What the chart shows, for those who cannot see it.
        shows: The filter without those parts that the chart does not depend on.
        options: What the chart depends on besides.
        data: What it leaves to be filled in, by name; a chart that leaves all of its data is made only once.
    """
    widget_key = until_filter_changes(f"chart_{key}")

    def change() -> None:
        for point in st.session_state[widget_key]["selection"].get(PICKED) or []:
            wanted = pick(int(point[field])) if point.get(field) is not None else None
            if wanted is not None:
                change_filter(wanted, view.rows)

    spec = _load_spec(make_chart, view.run.digest, shows, key, *options)
    for name, frame in data.items():
        spec = with_data(spec, name, frame)
    st.vega_lite_chart(
        spec=spec,
        width="stretch",
        key=widget_key,
        on_select=change,
        selection_mode=PICKED,
        alt=description,
    )


@st.cache_resource(max_entries=_KEPT_SPECS, show_spinner=False)
def _load_spec(
    _make_chart: Callable[[], alt.LayerChart],
    *identity: Hashable,  # noqa: ARG001 - the key of the cache
) -> Spec:
    """Return a chart as Vega-Lite: making it takes longer than all the rest of a page."""
    return to_spec(_make_chart())
