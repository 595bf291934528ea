"""How a run was made: encoder, stages, settings, times, versions."""

import pandas as pd
import streamlit as st

from core.artifacts.manifest import StageRecord
from core.artifacts.run import Run
from core.artifacts.schema import Stage
from core.ui.formatting import NOTHING, count, duration, moment, settings_line, size
from core.ui.layout import show_facts, show_text_table

_STAGE_LABELS = {
    Stage.PREPARE_DATA: "Prepare the corpus",
    Stage.EXTRACT_FEATURES: "Extract features",
    Stage.TRAIN_BASELINES: "Train baselines",
    Stage.FINE_TUNE: "Fine-tune",
    Stage.PROJECTION: "Project to 2-D",
    Stage.METRICS: "Measure",
    Stage.COMPARISON: "Compare the models",
    Stage.CALIBRATION: "Check the confidence",
    Stage.NEIGHBORS: "Find neighbours",
    Stage.CLUSTERS: "Find clusters",
    Stage.ISSUES: "Find issues",
    Stage.WARNINGS: "Check the corpus",
    Stage.SLICES: "Find weak slices",
    Stage.ATTRIBUTIONS: "Attribute errors",
    Stage.BEHAVIOUR: "Test with edits",
    Stage.FIGURES: "Draw figures",
}
_POOLING_LABELS = {"cls": "vector of the [CLS] token", "mean": "mean over all tokens"}


def encoder_facts(run: Run) -> list[tuple[str, str | None]]:
    """Return which encoder the run stands on, as names and values; nothing if none has been used yet."""
    encoder = run.manifest.encoder
    if encoder is None:
        return []
    features = run.manifest.stages.get(Stage.EXTRACT_FEATURES)
    precision = None if features is None else features.facts.get("precision")
    return [
        ("Encoder", encoder.name),
        ("Pooling", _POOLING_LABELS.get(encoder.pooling, encoder.pooling)),
        ("Vector", f"{encoder.dimension:,} dimensions"),
        ("Texts are cut after", count(encoder.max_length, "token")),
        ("Precision", None if precision is None else str(precision)),
        ("Weights (sha256)", f"{encoder.sha256[:16]}…"),
    ]


def show_encoder(run: Run) -> None:
    """Show which encoder the run stands on."""
    facts = encoder_facts(run)
    if facts:
        show_facts(facts)
    else:
        st.caption("No encoder has been used in this run yet.")


def stage_table(run: Run) -> pd.DataFrame:
    """Return one row per finished stage, in order."""
    records = [(stage, run.manifest.stages[stage]) for stage in Stage if stage in run.manifest.stages]
    return pd.DataFrame(
        {
            "Step": [_STAGE_LABELS[stage] for stage, _ in records],
            "Took": [duration(record.seconds) for _, record in records],
            "Finished": [moment(record.finished_at) for _, record in records],
            "Settings": [settings_line(record.settings) or NOTHING for _, record in records],
            "Found": [settings_line(record.facts) or NOTHING for _, record in records],
            "Files": [_files(record) for _, record in records],
            "Libraries": [
                " · ".join(f"{name} {version}" for name, version in record.libraries.items()) for _, record in records
            ],
        }
    )


def show_stages(run: Run) -> None:
    """Show how each stage was made."""
    show_text_table(stage_table(run))


def _files(record: StageRecord) -> str:
    n_bytes = sum(file.bytes for file in record.files.values())
    return f"{count(len(record.files), 'file')}, {size(n_bytes)}"
