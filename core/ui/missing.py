"""What a run lacks on this machine, and the command that makes it."""

from collections.abc import Callable
from dataclasses import dataclass

from core.artifacts.run import Run, stage_command
from core.artifacts.schema import (
    EMBEDDINGS,
    FIGURES_DIR,
    FINETUNED_DIR,
    METRICS,
    PROJECTION,
    TEXTS,
    ModelName,
    Stage,
    predictions_table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPart:
    """One part of a run that is not on disk: its name, what it is good for, and the command that makes it."""

    name: str
    purpose: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """`path` is the file, or one of the files, by which the command is chosen."""

    name: str
    purpose: str
    stage: Stage
    path: str
    is_there: Callable[[Run], bool]


def missing_parts(run: Run) -> list[MissingPart]:
    """Return the parts that are not on disk, in the order in which they can be made."""
    return [
        MissingPart(name=part.name, purpose=part.purpose, command=stage_command(run, part.stage, part.path))
        for part in _PARTS
        if not part.is_there(run)
    ]


def commands_of(parts: list[MissingPart]) -> dict[str, list[MissingPart]]:
    """Return the parts by command, each command once, in the order in which to run them."""
    by_command: dict[str, list[MissingPart]] = {}
    for part in parts:
        by_command.setdefault(part.command, []).append(part)
    return by_command


def _has_predictions(*models: ModelName) -> Callable[[Run], bool]:
    return lambda run: all(run.has(predictions_table(model).path) for model in models)


def _has_stage(stage: Stage) -> Callable[[Run], bool]:
    return lambda run: run.has_stage(stage)


_PARTS = (
    _Part(
        name="Texts",
        purpose="the words of each row",
        stage=Stage.PREPARE_DATA,
        path=TEXTS.path,
        is_there=lambda run: run.has(TEXTS.path),
    ),
    _Part(
        name="Embeddings",
        purpose="the frozen encoder's vectors, for neighbours and maps of new texts",
        stage=Stage.EXTRACT_FEATURES,
        path=EMBEDDINGS,
        is_there=lambda run: run.has(EMBEDDINGS),
    ),
    _Part(
        name="Baselines",
        purpose="predictions of the most frequent class and of the logistic regression",
        stage=Stage.TRAIN_BASELINES,
        path=predictions_table(ModelName.LOGREG).path,
        is_there=_has_predictions(ModelName.DUMMY, ModelName.LOGREG),
    ),
    _Part(
        name="Fine-tuned predictions",
        purpose="what the fine-tuned encoder says about each row",
        stage=Stage.FINE_TUNE,
        path=predictions_table(ModelName.FINETUNED).path,
        is_there=_has_predictions(ModelName.FINETUNED),
    ),
    _Part(
        name="Fine-tuned checkpoint",
        purpose="the model itself, to try it on new texts",
        stage=Stage.FINE_TUNE,
        path=f"{FINETUNED_DIR}/config.json",
        is_there=lambda run: run.has_checkpoint,
    ),
    _Part(
        name="Projection",
        purpose="the two-dimensional map of the embeddings",
        stage=Stage.PROJECTION,
        path=PROJECTION.path,
        is_there=_has_stage(Stage.PROJECTION),
    ),
    _Part(
        name="Metrics",
        purpose="every score on these pages",
        stage=Stage.METRICS,
        path=METRICS,
        is_there=_has_stage(Stage.METRICS),
    ),
    _Part(
        name="Figures",
        purpose="confusion matrices and F1 per class as image files",
        stage=Stage.FIGURES,
        path=FIGURES_DIR,
        is_there=_has_stage(Stage.FIGURES),
    ),
)
