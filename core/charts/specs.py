"""Charts as finished specifications: built once, then shown again and again with other marks on top."""

import json
from typing import Any

import altair as alt
import pandas as pd

Spec = dict[str, Any]


def inline_data(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of a frame as data of a chart, any number of them, a missing value as null.

    Altair's own way from a frame goes through settings that all threads of a server share.
    """
    return {"values": json.loads(frame.to_json(orient="records", double_precision=15))}


def later_data(name: str) -> alt.NamedData:
    """Return a stand-in for data that are filled in by `with_data`."""
    return alt.NamedData(name=name)


def to_spec(chart: alt.TopLevelMixin) -> Spec:
    """Return the chart's Vega-Lite specification, without the sizes of Altair's own theme."""
    spec: Spec = chart.to_dict()
    spec.pop("config", None)
    return spec


def with_data(spec: Spec, name: str, frame: pd.DataFrame) -> Spec:
    """Return a copy of the specification in which the named data are the rows of this frame."""
    return spec | {"datasets": spec.get("datasets", {}) | {name: frame}}
