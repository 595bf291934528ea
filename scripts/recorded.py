"""Settings that a run was made with, as defaults for making more of it."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scripts.cli import option_of

if TYPE_CHECKING:
    from core.artifacts.manifest import Manifest

Settings = TypeVar("Settings")


def recorded_manifest() -> "Manifest | None":
    """Return the manifest of the run that the command line names with --run, if there is one.

    Raises:
        ArtifactError: If it is there but cannot be read.
    """
    name = option_of("run")
    if name is None:
        return None
    from core.artifacts.manifest import read_manifest
    from core.artifacts.schema import MANIFEST

    artifacts_dir = Path(option_of("artifacts_dir") or "artifacts")
    limit = option_of("limit")
    names = [name] if limit is None else [f"{name}-limit{limit}", name]
    for folder in (root / run for run in names for root in (artifacts_dir / ".building", artifacts_dir)):
        if (folder / MANIFEST).exists():
            return read_manifest(folder)
    return None


def recorded_settings(settings: Settings, manifest: "Manifest | None", *stages: str) -> Settings:
    """Return `settings` with the values that the first of `stages` that was made has recorded."""
    made = manifest.stages if manifest else {}
    record = next((made[stage] for stage in made if stage in stages), None)
    return settings if record is None else from_record(settings, record.settings)


def from_record(settings: Settings, recorded: Mapping[str, Any]) -> Settings:
    """Return `settings` with every field that `recorded` names, converted to the type of its default."""
    values = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]
        if field.name in recorded:
            current, value = getattr(settings, field.name), recorded[field.name]
            values[field.name] = type(current)(value) if current is not None and value is not None else value
    return dataclasses.replace(settings, **values)  # type: ignore[type-var]
