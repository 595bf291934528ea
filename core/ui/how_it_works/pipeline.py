"""The pipeline step by step: what a step does on the left, what it came to in this run on the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st
from pydantic import JsonValue

from core.artifacts.run import Run, stage_command
from core.artifacts.schema import Stage
from core.ui.formatting import duration, plain, size
from core.ui.how_it_works.recipe import step_command
from core.ui.how_it_works.run_files import RunFile, files_of
from core.ui.layout import show_facts
from core.ui.runs import reading

_STYLE = """
<style>
[class*="st-key-step_text_"] { max-width: 46rem; }
[class*="st-key-step_row_"] { border-top: 1px solid rgba(128, 136, 148, 0.28); padding-top: 1.4rem; }
[class*="st-key-step_row_"] code { font-size: 0.8125rem; }
table.small { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.4; }
table.small th, table.small td { text-align: right; vertical-align: top; padding: 0.3rem 0 0.3rem 0.8rem; border: 0; }
table.small th { font-weight: 400; opacity: 0.65; }
table.small th:first-child, table.small td:first-child {
  text-align: left; padding-left: 0; white-space: pre-line; overflow-wrap: anywhere;
}
table.small td { white-space: nowrap; }
table.small th { max-width: 7rem; overflow-wrap: anywhere; }
table.small tr { border-bottom: 1px solid rgba(128, 136, 148, 0.28); }
table.small tr:last-child { border-bottom: 0; }
</style>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a step came to: facts are plain text, sentences Markdown, `basis` says what the numbers rest on.

    The first column of `table` is text, the others are numbers.
    """

    sentences: Sequence[str] = ()
    facts: Sequence[tuple[str, str | None]] = ()
    table: pd.DataFrame | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its explanation as Markdown paragraphs, the stage that makes it, and what it came to.

    `paths` are its files, those of the stage when None; `shared` says with which steps it shares the time of the stage.
    `find` may raise an ArtifactError.
    """

    title: str
    text: Sequence[str]
    stage: Stage
    paths: Sequence[str] | None = None
    shared: str | None = None
    find: Callable[[], Findings]


def show_steps(run: Run, steps: Sequence[Step]) -> None:
    """Show the steps in order, numbered from 1."""
    st.html(_STYLE)
    for number, step in enumerate(steps, start=1):
        with st.container(key=f"step_row_{number}"):
            explanation, result = st.columns([11, 9], gap="large")
            with explanation, st.container(key=f"step_text_{number}"):
                st.subheader(f":primary-badge[{number}] {step.title}", anchor=False)
                for paragraph in step.text:
                    st.markdown(paragraph)
                _show_command(run, step)
            with result.container(border=True), reading(run):
                _show_result(run, step)


def setting_of(run: Run, stage: Stage, name: str) -> str | None:
    """Return a setting that a stage was made with as it is shown, None if it is not recorded."""
    record = run.manifest.stages.get(stage)
    return None if record is None else _as_shown(record.settings.get(name))


def fact_of(run: Run, stage: Stage, name: str) -> str | None:
    """Return what a stage found out as it is shown, None if it is not recorded."""
    record = run.manifest.stages.get(stage)
    return None if record is None else _as_shown(record.facts.get(name))


def _as_shown(value: JsonValue) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return None if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _show_command(run: Run, step: Step) -> None:
    """Show the command that made a step, or the one that puts back what this machine lacks of it."""
    files = _files_of(run, step)
    lacking = next((file for file in files if file.missing), None)
    if lacking is not None:
        st.caption(f"{plain(lacking.path)} is not on this machine. Put it back with:")
        st.code(stage_command(run, step.stage, lacking.missing[0]), language=None, wrap_lines=True)
    elif files:
        st.caption("The script that does this:")
        st.code(step_command(run, step.stage), language=None, wrap_lines=True)


def _show_result(run: Run, step: Step) -> None:
    record = run.manifest.stages.get(step.stage)
    if record is None:
        st.markdown(":material/pending: This run has not been through this step yet. Make it with:")
        st.code(stage_command(run, step.stage), language=None, wrap_lines=True)
        return
    findings = step.find()
    for sentence in findings.sentences:
        st.markdown(sentence)
    if findings.table is not None:
        _show_small_table(findings.table)
    files = _files_of(run, step)
    took = " ".join([duration(record.seconds), *([step.shared] if step.shared else [])])
    show_facts([*findings.facts, ("Basis", findings.basis), *([("Took", took)] if files else [])])
    if files:
        _show_small_table(
            pd.DataFrame({"File": [file.path for file in files], "Size": [size(file.n_bytes) for file in files]})
        )


def _files_of(run: Run, step: Step) -> list[RunFile]:
    files = [file for file in files_of(run) if file.stage is step.stage]
    return files if step.paths is None else [file for file in files if file.path in step.paths]


def _show_small_table(frame: pd.DataFrame) -> None:
    head = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in frame.itertuples(index=False)
    )
    st.html(f'<table class="small"><tr>{head}</tr>{body}</table>')
