"""Whether a model is right as often as it says: diagrams, scores, and what a temperature would change."""

from functools import partial

import pandas as pd
import streamlit as st

from core.analysis.calibration import SplitCalibration, calibrated_models
from core.analysis.row_filter import CONFIDENCE, Range, RowFilter
from core.analysis.temperature import TEMPERATURES, FittedTemperature
from core.artifacts.schema import CALIBRATION, ModelName, Split, Stage
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, SPLIT_LABELS
from core.charts.palette import INK_OF_THE_PAGE, MODEL_COLOURS
from core.charts.reliability import BINS, make_reliability_chart, reliability_rows
from core.ui import glossary
from core.ui.chart_downloads import show_chart_downloads
from core.ui.clickable import show_clickable_chart
from core.ui.formatting import count, percent
from core.ui.models.calibration_reads import load_calibration, load_run_calibration
from core.ui.models.confidence_links import confidence_range, rows_between, show_link_to_rows
from core.ui.models.handover import show_handover
from core.ui.notices import show_stage_missing
from core.ui.runs import reading
from core.ui.tables import show_table_download
from core.ui.view import View

_UNCHANGED, _TEMPERED = "as they are", "with temperature"


def show_calibration(view: View) -> None:
    """Show how far the confidence of the models can be trusted on the scored rows."""
    st.subheader("Can its confidence be trusted?", anchor=False, help=glossary.CALIBRATED)
    models = calibrated_models(view.rows.models)
    if not models:
        st.info(
            "There is no model whose confidence changes from row to row; train one to see how far it can be trusted.",
            icon=":material/pending:",
        )
        return
    if not view.scored.any():
        st.caption("No row is selected.")
        return
    temperatures = _temperatures(view)
    found = {
        model: load_calibration(view.run, view.scored_filter, model, None if fitted is None else fitted.temperature)
        for model, fitted in ((model, temperatures.get(model)) for model in models)
    }
    for place, (model, calibration) in zip(st.columns(max(2, len(models)), gap="medium"), found.items(), strict=False):
        with place:
            _show_diagram(view, model, calibration)
    _show_scores(view, found, temperatures)
    show_handover(view, models)


def _temperatures(view: View) -> dict[ModelName, FittedTemperature | None]:
    """Return the fitted temperatures; none where there is no file, or a damaged one, which is said."""
    if view.run.record(CALIBRATION) is None:
        return {}
    with reading(view.run):
        return {found.model: found.temperature for found in load_run_calibration(view.run).models}
    return {}


def _show_diagram(view: View, model: ModelName, calibration: SplitCalibration) -> None:
    st.markdown(f"**{MODEL_LABELS[model]}**: {verdict(calibration)}")
    bins = calibration.bins
    asked = view.filter.range_of(CONFIDENCE)
    chosen = None
    if view.model is model:
        ranges = [confidence_range(found.low, found.high) for found in bins]
        chosen = ranges.index(asked) if asked in ranges else None
    draw = partial(make_reliability_chart, colour=MODEL_COLOURS[model])

    def pick(i: int) -> RowFilter | None:
        wanted = confidence_range(bins[i].low, bins[i].high)
        return rows_between(view, model, Range(column=CONFIDENCE) if i == chosen else wanted)

    show_clickable_chart(
        partial(draw, None, stretch=True, ink=INK_OF_THE_PAGE),
        view,
        key=f"reliability_{model}",
        field="i",
        pick=pick,
        description=f"Accuracy against confidence of {MODEL_LABELS[model]}",
        shows=RowFilter(),
        data={BINS: reliability_rows(bins, chosen=chosen)},
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_chart_downloads(
            partial(
                draw,
                bins,
                title=f"Accuracy against confidence, {MODEL_LABELS[model]}",
                subtitle=_basis(view, calibration),
            ),
            stem=f"{view.run.name}_reliability_{model}_{view.split}",
        )
        if chosen is not None:
            wanted = confidence_range(bins[chosen].low, bins[chosen].high)
            show_link_to_rows(view, model, wanted, bins[chosen].n_rows)
        else:
            st.caption("Click a bin to choose its rows.", width="content")


def verdict(calibration: SplitCalibration) -> str:
    """Return in a sentence whether a model says more or less than it keeps, beyond what chance would make."""
    said, (low, high) = calibration.before.mean_confidence, calibration.interval
    kept = f"says {percent(said)} on average and is right in {percent(calibration.accuracy)}"
    points = f"{abs(100 * (said - calibration.accuracy)):.1f} points"
    if low <= said <= high:
        return f"{kept}, which is no more apart than chance allows."
    return f"{kept}: too sure by {points}." if said > high else f"{kept}: too humble by {points}."


def _show_scores(
    view: View,
    found: dict[ModelName, SplitCalibration],
    temperatures: dict[ModelName, FittedTemperature | None],
) -> None:
    table = score_table(found, temperatures)
    share = {
        "Mean confidence": glossary.MEAN_CONFIDENCE,
        "Accuracy": glossary.ACCURACY,
        "ECE": glossary.ECE,
        "ECE, equal rows": glossary.ECE_EQUAL_MASS,
    }
    number = {"Brier": glossary.BRIER, "Log loss": glossary.LOG_LOSS}
    st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        column_config={
            name: st.column_config.NumberColumn(format="%.1f%%", help=explanation)
            for name, explanation in share.items()
        }
        | {name: st.column_config.NumberColumn(format="%.3f", help=text) for name, text in number.items()}
        | {"Probabilities": st.column_config.TextColumn(help=glossary.TEMPERATURE)},
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_table_download(lambda: table, stem=f"{view.run.name}_calibration_{view.split}")
        origins = sorted({calibration.origin for calibration in found.values()})
        st.caption(
            _about_scores(view, found, temperatures),
            width="content",
            help="\n\n".join(glossary.ORIGINS[origin] for origin in origins),
        )
    if view.run.record(CALIBRATION) is None:
        show_stage_missing(view.run, Stage.CALIBRATION, "Temperatures", path=CALIBRATION)


def score_table(
    found: dict[ModelName, SplitCalibration], temperatures: dict[ModelName, FittedTemperature | None]
) -> pd.DataFrame:
    """Return the scores of each model as it is and with its temperature; shares in percent."""
    rows = []
    for model, calibration in reversed(found.items()):
        fitted = temperatures.get(model)
        tempered = "" if fitted is None else f"{_TEMPERED} {fitted.temperature:.2f}"
        for name, scores in ((_UNCHANGED, calibration.before), (tempered, calibration.after)):
            if scores is not None:
                rows.append(
                    {
                        "Model": MODEL_LABELS[model],
                        "Probabilities": name,
                        "Mean confidence": 100 * scores.mean_confidence,
                        "Accuracy": 100 * calibration.accuracy,
                        "ECE": 100 * scores.ece,
                        "ECE, equal rows": 100 * scores.ece_equal_mass,
                        "Brier": scores.brier,
                        "Log loss": scores.log_loss,
                    }
                )
    return pd.DataFrame(rows)


def _about_scores(
    view: View,
    found: dict[ModelName, SplitCalibration],
    temperatures: dict[ModelName, FittedTemperature | None],
) -> str:
    """Return what the scores and the temperatures rest on."""
    origins = {calibration.origin for calibration in found.values()}
    if len(origins) == 1:
        basis = ORIGIN_LABELS[origins.pop()]
    else:
        basis = ", ".join(f"{MODEL_LABELS[model]}: {ORIGIN_LABELS[c.origin]}" for model, c in found.items())
    n_rows = count(next(iter(found.values())).n_rows, "row")
    parts = [f"Basis: {SPLIT_LABELS[view.split]} split, {n_rows}, {basis}."]
    fitted = [temperature for temperature in temperatures.values() if temperature is not None]
    if temperatures and not fitted:
        parts.append("There is no validation split, on which a temperature would be fitted: build the run with one.")
    elif fitted:
        same = ", these very rows: its effect is to be read on test" if view.split is Split.VALIDATION else ""
        parts.append(f"Temperatures are fitted on all {count(fitted[0].n_rows, 'row')} of the validation split{same}.")
    if any(temperature.temperature in TEMPERATURES for temperature in fitted):
        parts.append("One of them is as far as it goes: too few mistakes on validation to tell.")
    return " ".join(parts)


def _basis(view: View, calibration: SplitCalibration) -> str:
    parts = (
        f"run {view.run.name}",
        f"{SPLIT_LABELS[view.split]} split",
        count(calibration.n_rows, "row"),
        ORIGIN_LABELS[calibration.origin],
    )
    return " · ".join(parts)
