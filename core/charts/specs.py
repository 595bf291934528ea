"""Charts as finished specifications: built once, then shown again and again with other marks on top."""

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Spec = dict[str, Any]

_PARTS = ("layer", "concat", "hconcat", "vconcat")


def later_data(name: str) -> alt.NamedData:
    """Return a stand-in for data that are filled in by `with_data`."""
    return alt.NamedData(name=name)


def to_spec(chart: alt.TopLevelMixin) -> Spec:
    """Return the chart's Vega-Lite specification, its frames as Arrow tables, without the sizes of Altair's own theme.

    The frames never meet Altair's way of writing data: that is a setting of the whole process, which Streamlit changes
    while it draws a chart in any thread.
    """
    frames: list[pd.DataFrame] = []

    def name_of(frame: pd.DataFrame) -> str:
        position = next((i for i, known in enumerate(frames) if known is frame), len(frames))
        if position == len(frames):
            frames.append(frame)
        return f"frame_{position}"

    spec: Spec = _without_frames(chart, name_of).to_dict()
    spec.pop("config", None)
    return spec | {"datasets": {name_of(frame): _table(frame) for frame in frames}}


def with_data(spec: Spec, name: str, frame: pd.DataFrame) -> Spec:
    """Return a copy of the specification in which the named data are the rows of this frame."""
    return spec | {"datasets": spec["datasets"] | {name: _table(frame)}}


def with_plain_rows(spec: Spec) -> Spec:
    """Return a copy of the specification whose data are lists of rows, as JSON can hold them."""
    return spec | {"datasets": {name: table.to_pylist() for name, table in spec["datasets"].items()}}


def _without_frames(chart: Any, name_of: Callable[[pd.DataFrame], str]) -> Any:
    """Return a copy of the chart and all charts in it in which each frame is replaced by its name."""
    bare = chart.copy(deep=False)
    if isinstance(getattr(chart, "data", None), pd.DataFrame):
        bare.data = alt.NamedData(name=name_of(chart.data))
    for part in _PARTS:
        charts = getattr(chart, part, None)
        if isinstance(charts, list):
            setattr(bare, part, [_without_frames(inner, name_of) for inner in charts])
    return bare


def _table(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as Arrow; a number that is missing or infinite is null, since JSON knows neither."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    for position, column in enumerate(table.columns):
        if pa.types.is_floating(column.type):
            finite = pc.if_else(pc.is_finite(column), column, None)
            table = table.set_column(position, table.field(position), finite)
    return table
