"""Results of the analysis that a run keeps as JSON: what they have in common, and reading them back without trust."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.artifacts.run import Run, stage_command
from core.artifacts.schema import Stage
from core.errors import ArtifactError

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class Result(BaseModel):
    """A result that is written to a run and read back: frozen, every number finite, every field known."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_Result = TypeVar("_Result", bound=Result)


def read_result(run: Run, path: str, stage: Stage, kind: type[_Result]) -> _Result:
    """Read a JSON file of a run.

    Raises:
        ArtifactError: If it is missing or does not fit the schema.
    """
    try:
        return kind.model_validate_json(run.read_bytes(path, stage))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ArtifactError(
            f"{run.root / path} does not fit the schema ({error.error_count()} problems, first:"
            f" {where + ': ' if where else ''}{first['msg']}); {remedy_for(run, path, stage)}"
        ) from error


def remedy_for(run: Run, path: str, stage: Stage) -> str:
    """Return what to do about a file whose content cannot be used."""
    return f"delete it, then make it again with: {stage_command(run, stage, path)}"
