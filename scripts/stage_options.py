"""The options that all stages share, and the workspace that they lead to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.data.settings import CorpusSettings
from scripts.cli import RunOptions, name_run
from scripts.prepare_data import prepare, prepare_smoke_run
from scripts.recorded import recorded_settings

if TYPE_CHECKING:
    from core.artifacts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOptions(RunOptions):
    """Which run, and its corpus for who does not call prepare_data first."""

    dataset: str | None = None
    """Corpus to prepare first, as for scripts.prepare_data; by default the run's own."""
    limit: int | None = None
    """Use about N rows only: a smoke run in seconds, kept apart as RUN-limitN."""


@contextmanager
def workspace_with_corpus(options: StageOptions) -> "Iterator[Workspace]":
    """Yield the workspace of the run that the options name, with its corpus prepared.

    Raises:
        ArtifactError: If no run is named, or it is being written by another process.
        CorpusError: If the corpus given does not fit.
    """
    from core.artifacts.workspace import open_workspace

    name = name_run(options.run, dataset=options.dataset, limit=options.limit)
    with open_workspace(options.artifacts_dir, name) as workspace:
        if options.dataset is not None:
            settings = recorded_settings(CorpusSettings(), workspace.manifest, "prepare_data")
            print(prepare(workspace, replace(settings, dataset=options.dataset, limit=options.limit)))
        elif options.limit is not None:
            parent = options.artifacts_dir / name_run(options.run)
            print(prepare_smoke_run(workspace, parent, limit=options.limit))
        yield workspace
