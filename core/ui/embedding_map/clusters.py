"""Clusters of texts as a table: what they are about, and how often the model is wrong in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis.cluster_counts import ClusterCounts, count_clusters
from core.analysis.row_filter import RowFilter
from core.analysis.rows import CLUSTER
from core.artifacts.run import Run
from core.artifacts.schema import CLUSTERS, ModelName, Stage
from core.charts.labels import MODEL_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.caching import BY_DIGEST
from core.ui.cluster_names import load_cluster_names
from core.ui.filter.state import change_filter, until_filter_changes
from core.ui.formatting import percent
from core.ui.notices import show_stage_missing
from core.ui.reads import load_rows, load_selection
from core.ui.row_table import ROW_HEIGHT
from core.ui.tables import show_table_download
from core.ui.view import View

_KEPT = 32
_LINES_SHOWN = 10


@st.cache_resource(hash_funcs=BY_DIGEST, max_entries=_KEPT, show_spinner=False)
def load_cluster_counts(run: Run, scored: RowFilter, model: ModelName | None) -> list[ClusterCounts]:
    """Return what is in each cluster of the rows that a filter selects, in a run that has clusters."""
    return count_clusters(load_rows(run), load_selection(run, scored), model)


def show_clusters(view: View) -> None:
    """Show the clusters of the scored rows; a click on a line chooses its rows, a second one all of them."""
    if any(CLUSTERS.path in str(problem) for problem in view.rows.problems):
        return  # the top of the page says that they are damaged
    st.subheader("Clusters", anchor=False, help=glossary.CLUSTERS)
    if CLUSTER not in view.rows.frame:
        show_stage_missing(view.run, Stage.CLUSTERS, "Clusters")
        return
    counts = load_cluster_counts(view.run, replace(view.scored_filter, clusters=()), view.model)
    if not counts:
        st.caption("No row of the filter is in a cluster.")
        return
    _show_table(view, counts, cluster_table(counts, view.rows.classes, load_cluster_names(view.run)))


def cluster_table(counts: Sequence[ClusterCounts], classes: Sequence[str], names: Mapping[int, str]) -> pd.DataFrame:
    """Return one line per cluster: name, rows, most frequent label with its share, accuracy with its interval.

    Shares are in percent; the accuracy is left out without a model.
    """
    columns: dict[str, list[str] | list[int] | list[float]] = {
        "Cluster": [names[found.cluster] for found in counts],
        "Rows": [found.n_rows for found in counts],
        "Most frequent label": [classes[found.label] for found in counts],
        "Its share": [100 * found.share_labelled for found in counts],
    }
    if all(found.rate.n_right is not None for found in counts):
        columns["Wrong"] = [found.n_errors for found in counts]
        columns["Accuracy"] = [100 * (found.rate.share or 0) for found in counts]
        columns["95% interval"] = [" – ".join(map(percent, found.rate.interval or ())) for found in counts]
    return pd.DataFrame(columns)


def _show_table(view: View, counts: Sequence[ClusterCounts], table: pd.DataFrame) -> None:
    key = until_filter_changes("map_clusters")
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=_on_line(view, counts, key),
        selection_mode=["single-row", "single-cell"],
        height=ROW_HEIGHT * (min(_LINES_SHOWN, len(table)) + 1) + 3,
        column_config={
            "Cluster": st.column_config.TextColumn(width="large"),
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Its share": st.column_config.NumberColumn(format="%.1f%%", help=glossary.CLUSTER_LABEL),
            "Wrong": st.column_config.NumberColumn(format="localized"),
            "Accuracy": st.column_config.NumberColumn(format="%.1f%%", help=glossary.ACCURACY),
            "95% interval": st.column_config.TextColumn(help="Wilson score interval of the accuracy."),
        },
    )
    answers = "" if view.model is None else f", answers of {MODEL_LABELS[view.model]}, most mistakes first"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_table_download(lambda: table, stem=f"{view.run.name}_clusters_{view.split}")
        st.caption(
            f"{len(table):,} clusters on the {SPLIT_LABELS[view.split]} split{answers}. Select a line to look at its"
            " rows alone.",
            width="content",
        )


def _on_line(view: View, counts: Sequence[ClusterCounts], key: str) -> Callable[[], None]:
    def choose() -> None:
        selection = st.session_state[key]["selection"]
        lines = [selection["cells"][0][0]] if selection["cells"] else selection["rows"]
        if lines and lines[0] < len(counts):
            chosen = (counts[lines[0]].cluster,)
            wanted = () if view.filter.clusters == chosen else chosen  # a second click takes the choice back
            change_filter(replace(view.filter, clusters=wanted), view.rows)

    return choose
