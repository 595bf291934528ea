"""Settings that a run was made with, as defaults for making more of it."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import ArtifactError
from scripts.cli import name_run, option_of

if TYPE_CHECKING:
    from core.artifacts.manifest import Manifest

Settings = TypeVar("Settings")


def recorded_manifest() -> "Manifest | None":
    """Return the manifest of the run that the command line names, by --run or by its corpus, if there is one.

    One that cannot be read counts as none, since the run is then made anew.

    Raises:
        ArtifactError: If a later Misread made it, or the name is no plain folder name.
    """
    run, dataset = option_of("run") or option_of("run_name"), option_of("dataset")
    if run is None and dataset is None:
        return None
    name = name_run(run, dataset=dataset)
    from core.artifacts.manifest import NewerSchemaError, read_manifest

    artifacts_dir = Path(option_of("artifacts_dir") or "artifacts")
    limit = option_of("limit")
    names = [name] if limit is None else [f"{name}-limit{limit}", name]
    for folder in (root / run for run in names for root in (artifacts_dir / ".building", artifacts_dir)):
        try:
            return read_manifest(folder)
        except NewerSchemaError:
            raise
        except ArtifactError:
            continue
    return None


def recorded_settings(settings: Settings, manifest: "Manifest | None", *stages: str) -> Settings:
    """Return `settings` with the values that the first of `stages` that was made has recorded.

    A manifest may come from anybody: give this settings of a stage, never the options of a script, which name paths.
    """
    made = manifest.stages if manifest else {}
    record = next((made[stage] for stage in made if stage in stages), None)
    return settings if record is None else from_record(settings, record.settings)


def recorded_seed(manifest: "Manifest | None", stage: str, *, default: int) -> int:
    """Return the seed that a stage was made with, `default` if it was not made.

    Raises:
        ArtifactError: If what is recorded is no number.
    """
    made = manifest.stages if manifest else {}
    seed = next((made[key].settings.get("seed", default) for key in made if key == stage), default)
    if not isinstance(seed, int):
        raise ArtifactError(
            f"the manifest records {seed!r} as seed of {stage}, expected a number; give it anew with --preset, or make"
            f" a run of another name with --run"
        )
    return seed


def from_record(settings: Settings, recorded: Mapping[str, Any]) -> Settings:
    """Return `settings` with every field that `recorded` names, converted to the type of its default.

    Raises:
        ArtifactError: If a recorded value is of another kind.
    """
    values = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]
        if field.name in recorded:
            current, value = getattr(settings, field.name), recorded[field.name]
            try:
                values[field.name] = type(current)(value) if current is not None and value is not None else value
            except (TypeError, ValueError) as error:
                raise ArtifactError(
                    f"the manifest records {value!r} as {field.name}, expected a {type(current).__name__}; give it anew"
                    f" with --preset, or make a run of another name with --run"
                ) from error
    return dataclasses.replace(settings, **values)  # type: ignore[type-var]
