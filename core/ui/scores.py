"""Headline numbers and the table of all models."""

import pandas as pd
import streamlit as st

from core.analysis.comparison import ModelScores, RunComparison
from core.analysis.metrics import RunMetrics, SplitMetrics
from core.artifacts.run import Run
from core.artifacts.schema import COMPARISON, ModelName, Split, Stage
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.formatting import count, percent
from core.ui.notices import show_stage_missing
from core.ui.reads import load_metrics
from core.ui.runs import reading
from core.ui.score_reads import load_run_comparison
from core.ui.tables import show_table_download
from core.ui.verdict import interval_text

_SHARES = {
    "Accuracy": ("accuracy", glossary.ACCURACY),
    "Balanced accuracy": ("balanced_accuracy", glossary.BALANCED_ACCURACY),
    "Macro F1": ("macro_f1", glossary.MACRO_F1),
    "Weighted F1": ("weighted_f1", glossary.WEIGHTED_F1),
}
_WITH_INTERVAL = ("accuracy", "macro_f1", "weighted_f1")


def measured_models(metrics: RunMetrics, split: Split) -> list[SplitMetrics]:
    """Return the metrics of every model on one split, from the humblest to the best expected."""
    return [found for model in metrics.models if (found := metrics.get(model, split)) is not None]


def show_headline(models: list[SplitMetrics], scores: dict[ModelName, ModelScores]) -> None:
    """Show accuracy and macro F1 of the models side by side, the best expected first, the floor below them.

    Args:
        models: Metrics of at least one model on the same rows.
        scores: The same scores with their intervals, as far as there are any.
    """
    rivals = [m for m in models if m.model is not ModelName.DUMMY] or models
    floors = [m for m in models if m not in rivals]
    cards = st.columns(2, gap="medium")
    for card, name in zip(cards, ("Accuracy", "Macro F1"), strict=True):
        attribute, explanation = _SHARES[name]
        with card.container(border=True):
            st.markdown(f"**{name}**", help=explanation)
            for column, metrics in zip(st.columns(len(rivals)), reversed(rivals), strict=True):
                column.metric(
                    MODEL_LABELS[metrics.model],
                    percent(getattr(metrics, attribute)),
                    help=glossary.MODELS[metrics.model],
                )
                if metrics.model in scores:
                    interval = interval_text(getattr(scores[metrics.model], attribute))
                    column.caption(f"95% interval {interval}", help=glossary.INTERVAL)
            for floor in floors:
                st.caption(
                    f"{MODEL_LABELS[floor.model]}: {percent(getattr(floor, attribute))}",
                    help=glossary.MODELS[floor.model],
                )


def show_basis(models: list[SplitMetrics]) -> None:
    """State what the numbers above rest on: split, rows, origin of the predictions."""
    first = models[0]
    origins = {m.origin for m in models}
    if len(origins) == 1:
        predictions = ORIGIN_LABELS[first.origin]
    else:
        predictions = ", ".join(f"{MODEL_LABELS[m.model]}: {ORIGIN_LABELS[m.origin]}" for m in models)
    rows = count(first.n_rows, "row")
    st.caption(
        f"Basis: {SPLIT_LABELS[first.split]} split, {rows}, {predictions}.",
        help="\n\n".join(glossary.ORIGINS[origin] for origin in sorted(origins)),
    )


def score_table(metrics: RunMetrics, comparison: RunComparison | None) -> pd.DataFrame:
    """Return one row per split and model, shares in percent, each interval beside its score where there are any."""
    rows = []
    for split in (Split.TEST, Split.VALIDATION, Split.TRAIN):
        for found in reversed(measured_models(metrics, split)):
            scores = None if comparison is None else comparison.scores_of(found.model, split)
            row: dict[str, str | float] = {"Split": SPLIT_LABELS[split], "Model": MODEL_LABELS[found.model]}
            for name, (attribute, _) in _SHARES.items():
                row[name] = 100 * getattr(found, attribute)
                if attribute in _WITH_INTERVAL and comparison is not None:
                    row[f"{name}, 95%"] = interval_text(getattr(scores, attribute, None))
            rows.append(row | {"Log loss": found.log_loss, "Rows": found.n_rows, "Basis": ORIGIN_LABELS[found.origin]})
    return pd.DataFrame(rows)


def show_score_table(run: Run) -> None:
    """Show every score of every model on every split, with intervals if those were made.

    Raises:
        ArtifactError: If the metrics are missing or damaged.
    """
    comparison = None
    if run.record(COMPARISON) is not None:
        with reading(run):
            comparison = load_run_comparison(run)
    table = score_table(load_metrics(run), comparison)
    st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        column_config={
            name: st.column_config.NumberColumn(name, format="%.1f%%", help=explanation)
            for name, (_, explanation) in _SHARES.items()
        }
        | {
            f"{name}, 95%": st.column_config.TextColumn("95% interval", help=glossary.INTERVAL, width=118)
            for name, (attribute, _) in _SHARES.items()
            if attribute in _WITH_INTERVAL
        }
        | {
            "Split": st.column_config.TextColumn(help=glossary.SPLIT),
            "Log loss": st.column_config.NumberColumn(format="%.3f", help=glossary.LOG_LOSS),
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Basis": st.column_config.TextColumn(help=" ".join(glossary.ORIGINS.values())),
        },
    )
    show_table_download(lambda: table, stem=f"{run.name}_scores")
    if run.record(COMPARISON) is None:
        show_stage_missing(run, Stage.COMPARISON, "Intervals", path=COMPARISON)
