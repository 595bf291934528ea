"""The pipeline at a glance: boxes from the corpus to the pages, with this run's own figures."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from core.analysis.metrics import RunMetrics, SplitMetrics
from core.artifacts.run import Run
from core.artifacts.schema import ModelName, Split, Stage
from core.charts.palette import INK_ON_EITHER, MODEL_COLOURS, with_opacity
from core.ui.formatting import count, percent

_NOT_MADE = "not made yet"
_ARROW = '<span class="arrow" aria-hidden="true">→</span>'
# Boxes stand side by side where the page is wide enough for them, whatever the sidebar takes.
_STYLE = f"""
<style>
div.pipeline {{ container-type: inline-size; margin-bottom: 0.5rem; }}
div.pipeline .flow, div.pipeline .lane {{ display: flex; align-items: stretch; gap: 0.5rem; }}
div.pipeline .lanes {{ display: flex; flex-direction: column; gap: 0.6rem; flex: 3 1 0; }}
div.pipeline .lane > .box {{ flex: 1 1 0; }}
div.pipeline .box {{
  flex: 1.25 1 0; min-width: 0; padding: 0.55rem 0.8rem; border-radius: 0.4rem; overflow-wrap: anywhere;
  background: {with_opacity(INK_ON_EITHER, 0.1)}; border: 1px solid {with_opacity(INK_ON_EITHER, 0.35)};
  border-left: 4px solid {INK_ON_EITHER}; display: flex; flex-direction: column; justify-content: center;
}}
div.pipeline .box.absent {{ border-style: dashed; background: none; }}
div.pipeline .box b {{ font-weight: 650; }}
div.pipeline .box small {{ opacity: 0.75; font-size: 0.8125rem; line-height: 1.4; }}
div.pipeline .arrow {{ align-self: center; opacity: 0.6; flex: none; }}
@container (max-width: 46rem) {{
  div.pipeline .flow {{ flex-direction: column; }}
  div.pipeline .flow > .arrow {{ transform: rotate(90deg); line-height: 1; }}
  div.pipeline .box, div.pipeline .lanes {{ flex: none; }}
}}
</style>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: a title, a line about this run, its colour, and whether the run has it."""

    title: str
    line: str
    colour: str = INK_ON_EITHER
    is_made: bool = True


def pipeline_boxes(run: Run, metrics: RunMetrics | None) -> dict[str, Box]:
    """Return the boxes by name, in the order of the pipeline."""
    corpus, encoder, stages = run.manifest.corpus, run.manifest.encoder, run.manifest.stages
    shape = f"{count(run.manifest.n_rows, 'text')}, {count(len(corpus.classes), 'class', 'classes')}"
    made = {stage: stage in stages for stage in Stage}
    vectors = "from a frozen encoder" if encoder is None else f"{encoder.dimension:,} numbers per text"
    return {
        "corpus": Box(title="Corpus", line=shape),
        "vectors": _box("Vectors", vectors, is_made=made[Stage.EXTRACT_FEATURES]),
        "baselines": _box(
            "Baselines",
            _accuracy(metrics, ModelName.LOGREG) or "a linear head on the vectors",
            colour=MODEL_COLOURS[ModelName.LOGREG],
            is_made=made[Stage.TRAIN_BASELINES],
        ),
        "finetuned": _box(
            "Fine-tuned",
            _accuracy(metrics, ModelName.FINETUNED) or "all layers of the encoder trained on the texts",
            colour=MODEL_COLOURS[ModelName.FINETUNED],
            is_made=made[Stage.FINE_TUNE],
        ),
        "analysis": _box(
            "Analysis", "map of the vectors, scores", is_made=made[Stage.PROJECTION] or made[Stage.METRICS]
        ),
        "pages": Box(title="Pages", line="show what is in the files"),
    }


def show_pipeline_diagram(run: Run, metrics: RunMetrics | None) -> None:
    """Draw the pipeline; boxes of steps that the run has not been through are dashed."""
    boxes = {name: _draw(box) for name, box in pipeline_boxes(run, metrics).items()}
    lanes = (
        f'<div class="lanes"><div class="lane">{boxes["vectors"]}{_ARROW}{boxes["baselines"]}</div>'
        f'<div class="lane">{boxes["finetuned"]}</div></div>'
    )
    flow = _ARROW.join([boxes["corpus"], lanes, boxes["analysis"], boxes["pages"]])
    st.html(_STYLE)
    st.html(f'<div class="pipeline"><div class="flow">{flow}</div></div>')
    tested = _tested(metrics, ModelName.FINETUNED) or _tested(metrics, ModelName.LOGREG)
    if tested is not None:
        rows = count(tested.n_rows, "row")
        st.caption(f"Right answers on the test split, {rows}; under Baselines those of the logistic regression.")


def _box(title: str, line: str, *, is_made: bool, colour: str = INK_ON_EITHER) -> Box:
    return Box(title=title, line=line if is_made else _NOT_MADE, colour=colour, is_made=is_made)


def _tested(metrics: RunMetrics | None, model: ModelName) -> SplitMetrics | None:
    return None if metrics is None else metrics.get(model, Split.TEST)


def _accuracy(metrics: RunMetrics | None, model: ModelName) -> str | None:
    tested = _tested(metrics, model)
    return None if tested is None else f"{percent(tested.accuracy)} right"


def _draw(box: Box) -> str:
    kind = "box" if box.is_made else "box absent"
    return (
        f'<div class="{kind}" style="border-left-color: {box.colour}"><b>{escape(box.title)}</b>'
        f"<small>{escape(box.line)}</small></div>"
    )
