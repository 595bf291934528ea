"""Confusion matrices and F1 per class as image files."""

from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


def draw(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Draw confusion matrices and per-class F1 on the test split, as PNG and SVG."""
    from core.analysis.metrics import read_metrics
    from core.artifacts.schema import FIGURES_DIR, METRICS, Stage
    from core.charts.figures import make_figures
    from core.charts.images import ImageFormat, encode_chart

    if not workspace.run.has(METRICS):
        return f"{workspace.name}: no metrics yet, so there are no figures"
    if workspace.is_fresh(Stage.FIGURES, {}, [METRICS]):
        return f"{workspace.name}: the figures are unchanged"
    with workspace.stage(
        Stage.FIGURES, settings={}, inputs=[METRICS], libraries=["altair", "vl-convert-python"]
    ) as writer:
        figures = make_figures(read_metrics(workspace.run), run_name=workspace.name)
        for stem, chart in figures.items():
            for image_format in ImageFormat:
                with writer.path(f"{FIGURES_DIR}/{stem}.{image_format}") as path:
                    path.write_bytes(encode_chart(chart, image_format))
    return f"{workspace.name}: wrote {len(figures)} figures as PNG and SVG"
