"""Headline numbers and the table of all models."""

import pandas as pd
import streamlit as st

from core.analysis.metrics import RunMetrics, SplitMetrics
from core.artifacts.schema import ModelName, Split
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, SPLIT_LABELS
from core.ui import glossary
from core.ui.downloads import show_table_download
from core.ui.formatting import count, percent

_SHARES = {
    "Accuracy": ("accuracy", glossary.ACCURACY),
    "Balanced accuracy": ("balanced_accuracy", glossary.BALANCED_ACCURACY),
    "Macro F1": ("macro_f1", glossary.MACRO_F1),
    "Weighted F1": ("weighted_f1", glossary.WEIGHTED_F1),
}


def measured_models(metrics: RunMetrics, split: Split) -> list[SplitMetrics]:
    """Return the metrics of every model on one split, from the humblest to the best expected."""
    return [found for model in metrics.models if (found := metrics.get(model, split)) is not None]


def show_headline(models: list[SplitMetrics]) -> None:
    """Show accuracy and macro F1 of the models side by side, the best expected first, the floor below them."""
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
        f"Basis: {SPLIT_LABELS[first.split]} split, {rows}, {predictions}. Point estimates, without intervals.",
        help="\n\n".join(glossary.ORIGINS[origin] for origin in sorted(origins)),
    )


def score_table(metrics: RunMetrics) -> pd.DataFrame:
    """Return one row per split and model, shares in percent."""
    return pd.DataFrame(
        [
            {
                "Split": SPLIT_LABELS[split],
                "Model": MODEL_LABELS[found.model],
                **{name: 100 * getattr(found, attribute) for name, (attribute, _) in _SHARES.items()},
                "Log loss": found.log_loss,
                "Rows": found.n_rows,
                "Basis": ORIGIN_LABELS[found.origin],
            }
            for split in (Split.TEST, Split.VALIDATION, Split.TRAIN)
            for found in reversed(measured_models(metrics, split))
        ]
    )


def show_score_table(metrics: RunMetrics, *, run_name: str) -> None:
    """Show every score of every model on every split."""
    table = score_table(metrics)
    st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        column_config={
            name: st.column_config.NumberColumn(name, format="%.1f%%", help=explanation)
            for name, (_, explanation) in _SHARES.items()
        }
        | {
            "Split": st.column_config.TextColumn(help=glossary.SPLIT),
            "Log loss": st.column_config.NumberColumn(format="%.3f", help=glossary.LOG_LOSS),
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Basis": st.column_config.TextColumn(help=" ".join(glossary.ORIGINS.values())),
        },
    )
    show_table_download(lambda: table, stem=f"{run_name}_scores")
