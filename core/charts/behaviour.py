"""How often answers change under edits: per edit and model, and per edit and class."""

import json
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from core.analysis.behaviour import Behaviour
from core.analysis.edits import SOFT
from core.artifacts.schema import Edit, ModelName
from core.charts.frame import finished
from core.charts.labels import EDIT_LABELS, MODEL_LABELS, percent, short_labels, text_width
from core.charts.palette import INK, INK_ON_EITHER, MODEL_COLOURS, WRONG_COLOUR
from core.charts.picking import PICKED, picked_by

_LINE = 27
_STRONG_ABOVE = 0.55
_FEW = 10  # texts, below which a share says so little that it gets no colour and sets no scale
_FULL_AT_LEAST = 0.1  # so that a single change among many texts is no alarm


def order_edits(behaviour: Behaviour, model: ModelName) -> list[Edit]:
    """Return the edits from top to bottom: strict ones before soft ones, those that change most answers first."""

    def share(edit: Edit) -> float:
        rate = behaviour.by_edit.get((model, edit))
        return -1 if rate is None else rate.share

    return sorted(behaviour.edits, key=lambda edit: (edit in SOFT, -share(edit)))


def make_change_rates_chart(
    behaviour: Behaviour,
    order: Sequence[Edit],
    *,
    chosen: Edit | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
) -> alt.LayerChart:
    """Return dots with intervals: share of changed answers per edit, one dot per model.

    A click selects the position `at` of an edit in `Edit`. Labels of soft edits are in italics.

    Args:
        behaviour: The rates.
        order: Edits from top to bottom.
        chosen: An edit to mark.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
    """
    dots = _dots(behaviour, order)
    y = _edit_axis(order)
    names = [MODEL_LABELS[model] for model in behaviour.models]
    x = alt.X(
        "share:Q",
        title="Texts whose answer changed",
        scale=alt.Scale(domain=[0, _end_of_axis(dots)], nice=True),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    base = alt.Chart(dots).encode(
        y=y,
        yOffset=alt.YOffset("model:N", scale=alt.Scale(domain=names, paddingOuter=0.6)),
        color=alt.Color(
            "model:N",
            title=None,
            scale=alt.Scale(domain=names, range=[MODEL_COLOURS[model] for model in behaviour.models]),
            legend=alt.Legend(orient="top", direction="vertical", labelLimit=240),
        ),
        tooltip=[
            alt.Tooltip("edit:N"),
            alt.Tooltip("model:N"),
            alt.Tooltip("changed:Q", title="answers changed", format=","),
            alt.Tooltip("rows:Q", title="of texts edited", format=","),
            alt.Tooltip("share:Q", title="share", format=".1%"),
            alt.Tooltip("interval:N", title="95% interval"),
        ],
    )
    bands = alt.Chart(dots.drop_duplicates("at")).encode(y=y, tooltip=alt.value(None))
    marked = bands.transform_filter(alt.datum.at == _position(chosen))
    layers = [
        marked.mark_rect(fill=INK_ON_EITHER, fillOpacity=0.22),
        picked_by(bands, "at"),
        base.mark_rule(strokeWidth=2, opacity=0.55, cursor="pointer", clip=True).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_circle(size=62, opacity=1, cursor="pointer").encode(x=x),
    ]
    chart = alt.LayerChart(layer=layers).properties(height=_LINE * len(order))
    return finished(chart, width=None if stretch else 420, title=title, subtitle=subtitle)


def make_change_matrix_chart(
    behaviour: Behaviour,
    model: ModelName,
    classes: Sequence[str],
    order: Sequence[Edit],
    *,
    shown: Sequence[int],
    chosen: Edit | None = None,
    true: tuple[int, ...] = (),
    title: str | None = None,
    subtitle: str | None = None,
    stretch: bool = False,
    ink: str = INK,
) -> alt.LayerChart:
    """Return a heat map: share of changed answers of one model per edit and true class.

    A click selects a `cell`: position of the edit in `Edit` × number of classes + class. Cells without texts
    are empty, those of few texts have no colour.

    Args:
        behaviour: The rates.
        model: Whose answers.
        classes: Class names in label order.
        order: Edits from top to bottom.
        shown: Class indices from left to right.
        chosen: The edit to outline, if any.
        true: The classes to outline it for; all when there is none.
        title: Title of the chart.
        subtitle: Basis of the chart: run, split, rows.
        stretch: Whether the width is left to the page.
        ink: Colour of numbers on a faint cell; that of the page's text follows its theme.
    """
    labels = short_labels(classes, max_width=18)
    cells = _cells(behaviour, model, order, {k: (classes[k], labels[k]) for k in shown})
    full = max(_FULL_AT_LEAST, float(cells["colour"].max()))
    flat = sum(text_width(labels[k]) + 2 for k in shown) <= 30
    x = alt.X(
        "label:N",
        title="True class",
        scale=alt.Scale(domain=[labels[k] for k in shown]),
        axis=alt.Axis(
            labelAngle=0 if flat else -40,
            labelFlush=False,
            labelLimit=150,
            labelOverlap=False,
            ticks=False,
            domain=False,
        ),
    )
    y = _edit_axis(order)
    base = alt.Chart(cells).encode(x=x, y=y)
    heat = base.mark_rect(stroke=INK_ON_EITHER, strokeOpacity=0.18, color=WRONG_COLOUR, cursor="pointer").encode(
        opacity=alt.Opacity("colour:Q", scale=alt.Scale(domain=[0, full], range=[0.02, 1]), legend=None),
        tooltip=[
            alt.Tooltip("edit:N"),
            alt.Tooltip("class:N", title="true class"),
            alt.Tooltip("changed:Q", title="answers changed", format=","),
            alt.Tooltip("rows:Q", title="of texts edited", format=","),
            alt.Tooltip("share:Q", title="share", format=".1%"),
        ],
    )
    picked = heat.add_params(alt.selection_point(name=PICKED, fields=["cell"], toggle=False, nearest=False))
    size = "min(12, bandwidth('x') / 2.6)"
    numbers = base.mark_text(
        fontSize=alt.ExprRef(f"max(1, {size})"), opacity=alt.ExprRef(f"{size} < 8 ? 0 : datum.changed == 0 ? 0.45 : 1")
    ).encode(
        text="text:N",
        color=alt.condition(alt.datum.colour > _STRONG_ABOVE * full, alt.value("#ffffff"), alt.value(ink)),
        tooltip=alt.value(None),
    )
    asked = cells[(cells["at"] == _position(chosen)) & cells["k"].isin(true or shown)]
    outline = alt.Chart(asked).mark_rect(filled=False, stroke=ink, strokeWidth=2).encode(x=x, y=y)
    chart = alt.LayerChart(layer=[picked, numbers, outline]).properties(height=_LINE * len(order))
    return finished(chart, width=None if stretch else 46 * len(shown), title=title, subtitle=subtitle)


def classes_by_changes(behaviour: Behaviour, model: ModelName, *, limit: int) -> list[int]:
    """Return the classes in label order if they are few, else those with the most changed answers, most first."""
    found = behaviour.by_class[model]
    n_classes = found.n_rows.shape[1]
    if n_classes <= limit:
        return list(range(n_classes))
    changed, rows = found.n_changed.sum(axis=0), found.n_rows.sum(axis=0)
    return [int(k) for k in np.lexsort((-rows, -changed))[:limit]]


def _edit_axis(order: Sequence[Edit]) -> alt.Y:
    soft = json.dumps([EDIT_LABELS[edit] for edit in order if edit in SOFT])
    return alt.Y(
        "edit:N",
        title=None,
        scale=alt.Scale(domain=[EDIT_LABELS[edit] for edit in order]),
        axis=alt.Axis(
            labelLimit=180,
            labelOverlap=False,
            labelFontSize=12,
            labelFlush=False,
            labelFontStyle=alt.condition(
                f"indexof({soft}, datum.value) >= 0", alt.value("italic"), alt.value("normal")
            ),
            ticks=False,
            domain=False,
        ),
    )


def _dots(behaviour: Behaviour, order: Sequence[Edit]) -> pd.DataFrame:
    rows = []
    for model in behaviour.models:
        for edit in order:
            rate = behaviour.by_edit.get((model, edit))
            if rate is not None:
                low, high = rate.interval
                rows.append(
                    {
                        "at": _position(edit),
                        "edit": EDIT_LABELS[edit],
                        "model": MODEL_LABELS[model],
                        "rows": rate.n_rows,
                        "changed": rate.n_changed,
                        "share": rate.share,
                        "low": low,
                        "high": high,
                        "interval": f"{percent(low)} – {percent(high)}",
                    }
                )
    return pd.DataFrame(rows)


def _end_of_axis(dots: pd.DataFrame) -> float:
    """Return where all dots fit, and the intervals of more than a few texts; others are cut off."""
    known = dots[dots["rows"] >= _FEW]
    return max(float(dots["share"].max()), float((dots if known.empty else known)["high"].max()))


def _position(edit: Edit | None) -> int:
    """Return the number by which marks of an edit are told, -1 for none."""
    return -1 if edit is None else list(Edit).index(edit)


def _cells(
    behaviour: Behaviour, model: ModelName, order: Sequence[Edit], names: Mapping[int, tuple[str, str]]
) -> pd.DataFrame:
    """Return one row per edit and class with texts; `names` are name and label of the shown classes."""
    found = behaviour.by_class[model]
    n_classes = found.n_rows.shape[1]
    columns = ["cell", "at", "k", "edit", "label", "class", "rows", "changed", "share", "text", "colour"]
    rows = []
    for edit in order:
        line = behaviour.edits.index(edit)
        for k, (name, label) in names.items():
            n_rows, n_changed = int(found.n_rows[line, k]), int(found.n_changed[line, k])
            if n_rows:
                at, share = _position(edit), n_changed / n_rows
                values = (at * n_classes + k, at, k, EDIT_LABELS[edit], label, name, n_rows, n_changed, share)
                rows.append((*values, percent(share, decimals=0), share if n_rows >= _FEW else 0.0))
    return pd.DataFrame(rows, columns=columns)
