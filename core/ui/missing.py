"""What a run lacks on this machine, and the command that makes it."""

from collections.abc import Callable
from dataclasses import dataclass

from core.artifacts.run import Run, stage_command
from core.artifacts.schema import (
    ATTRIBUTIONS,
    BEHAVIOUR,
    CALIBRATION,
    CLUSTERS,
    COMPARISON,
    CORPUS_WARNINGS,
    EMBEDDINGS,
    FIGURES_DIR,
    FINETUNED_DIR,
    ISSUES,
    METRICS,
    NEIGHBORS,
    PROJECTION,
    SLICES,
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
        name="Comparison",
        purpose="intervals of all scores, and paired tests between the models",
        stage=Stage.COMPARISON,
        path=COMPARISON,
        is_there=_has_stage(Stage.COMPARISON),
    ),
    _Part(
        name="Calibration",
        purpose="how far the confidence of the models can be trusted",
        stage=Stage.CALIBRATION,
        path=CALIBRATION,
        is_there=_has_stage(Stage.CALIBRATION),
    ),
    _Part(
        name="Neighbours",
        purpose="the nearest training texts of each row",
        stage=Stage.NEIGHBORS,
        path=NEIGHBORS.path,
        is_there=_has_stage(Stage.NEIGHBORS),
    ),
    _Part(
        name="Clusters",
        purpose="groups of texts that look alike to the frozen encoder",
        stage=Stage.CLUSTERS,
        path=CLUSTERS.path,
        is_there=_has_stage(Stage.CLUSTERS),
    ),
    _Part(
        name="Issues",
        purpose="suspected labels, duplicates, leakage, odd texts",
        stage=Stage.ISSUES,
        path=ISSUES.path,
        is_there=_has_stage(Stage.ISSUES),
    ),
    _Part(
        name="Corpus warnings",
        purpose="what to know of the corpus before its scores are trusted",
        stage=Stage.WARNINGS,
        path=CORPUS_WARNINGS,
        is_there=_has_stage(Stage.WARNINGS),
    ),
    _Part(
        name="Slices",
        purpose="groups of rows on which the models are weak",
        stage=Stage.SLICES,
        path=SLICES,
        is_there=_has_stage(Stage.SLICES),
    ),
    _Part(
        name="Attributions",
        purpose="the words that errors rest on",
        stage=Stage.ATTRIBUTIONS,
        path=ATTRIBUTIONS.path,
        is_there=_has_stage(Stage.ATTRIBUTIONS),
    ),
    _Part(
        name="Behavioural tests",
        purpose="answers to edited texts",
        stage=Stage.BEHAVIOUR,
        path=BEHAVIOUR.path,
        is_there=_has_stage(Stage.BEHAVIOUR),
    ),
    _Part(
        name="Figures",
        purpose="confusion matrices and F1 per class as image files",
        stage=Stage.FIGURES,
        path=FIGURES_DIR,
        is_there=_has_stage(Stage.FIGURES),
    ),
)
