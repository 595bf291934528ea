"""Compute what the dashboard shows: maps, metrics, intervals, neighbours, issues, slices, attributions, figures.

Examples:
  python -m scripts.analyze --run reviews
  python -m scripts.analyze --run reviews --skip attributions behaviour
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings
from scripts.cli import check_seed, print_next, publish, run_script
from scripts.parts.attributions import attribute_errors
from scripts.parts.behaviour import edit_and_ask
from scripts.parts.calibration import calibrate
from scripts.parts.clusters import find_clusters
from scripts.parts.comparison import compare
from scripts.parts.figures import draw
from scripts.parts.issues import find_issues
from scripts.parts.metrics import measure
from scripts.parts.neighbors import find_neighbors
from scripts.parts.projection import project
from scripts.parts.slices import slice_rows
from scripts.parts.warnings import warn
from scripts.recorded import recorded_manifest, recorded_seed, recorded_settings
from scripts.stage_options import StageOptions, workspace_with_corpus

if TYPE_CHECKING:
    from core.artifacts.manifest import Manifest
    from core.artifacts.workspace import Workspace


class Part(StrEnum):
    """The parts of the analysis; each is recorded, timed, and skipped when fresh, by itself."""

    PROJECTION = "projection"
    METRICS = "metrics"
    COMPARISON = "comparison"
    CALIBRATION = "calibration"
    NEIGHBORS = "neighbors"
    CLUSTERS = "clusters"
    ISSUES = "issues"
    WARNINGS = "warnings"
    SLICES = "slices"
    ATTRIBUTIONS = "attributions"
    BEHAVIOUR = "behaviour"
    FIGURES = "figures"


_MAKERS: dict[Part, Callable[["Workspace", AnalysisSettings, int], str]] = {
    Part.PROJECTION: project,
    Part.METRICS: measure,
    Part.COMPARISON: compare,
    Part.CALIBRATION: calibrate,
    Part.NEIGHBORS: find_neighbors,
    Part.CLUSTERS: find_clusters,
    Part.ISSUES: find_issues,
    Part.WARNINGS: warn,
    Part.SLICES: slice_rows,
    Part.ATTRIBUTIONS: attribute_errors,
    Part.BEHAVIOUR: edit_and_ask,
    Part.FIGURES: draw,
}
"""In order; each takes workspace, settings and seed, and says in one line what it did or why it could not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzeOptions(StageOptions):
    """Compute what the dashboard shows: maps, metrics, intervals, neighbours, issues, slices, attributions, figures."""

    analysis: AnalysisSettings = AnalysisSettings()
    seed: int = 42
    """Seed of everything that is drawn."""
    skip: tuple[Part, ...] = ()
    """Parts to leave out."""


def run(options: AnalyzeOptions) -> None:
    """Analyse and publish."""
    check_seed(options.seed)
    with workspace_with_corpus(options) as workspace:
        for line in analyze(workspace, options.analysis, seed=options.seed, skip=options.skip):
            print(line, flush=True)
        publish(workspace)
    print_next(workspace.name, None, options.artifacts_dir)


def analyze(
    workspace: "Workspace", settings: AnalysisSettings, *, seed: int, skip: tuple[Part, ...] = ()
) -> Iterator[str]:
    """Compute every part that is not fresh; yield one line each.

    A part whose inputs the run does not have, because a stage was never run, is left out and says so.

    Raises:
        ArtifactError: If a file of the run is damaged, or cannot be written.
    """
    for part, make in _MAKERS.items():
        if part not in skip:
            yield make(workspace, settings, seed)


def recorded_analysis(manifest: "Manifest | None") -> AnalysisSettings:
    """Return the settings that the parts of a run were made with, defaults where a part has not been made."""
    default = AnalysisSettings()
    names = [field.name for field in fields(AnalysisSettings)]
    return AnalysisSettings(
        **{name: recorded_settings(getattr(default, name), manifest, f"analyze/{name}") for name in names}
    )


def default_options() -> AnalyzeOptions:
    """Return the options with the settings that the run was made with."""
    manifest = recorded_manifest()
    seed = recorded_seed(manifest, "analyze/projection", default=AnalyzeOptions().seed)
    return AnalyzeOptions(analysis=recorded_analysis(manifest), seed=seed)


def main() -> None:
    """Run from the command line."""
    run_script("analyze", default_options, run)


if __name__ == "__main__":
    main()
