"""How sure the scores of the models are, and whether the differences between them are real; `comparison.json`."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from core.analysis.results import Count, Result, Share, read_result, remedy_for
from core.artifacts.run import Run
from core.artifacts.schema import COMPARISON, ModelName, Origin, Split, Stage
from core.errors import ArtifactError

SignedShare = Annotated[float, Field(ge=-1, le=1)]


class Estimate(Result):
    """A share, or a difference of two, with its 95% interval.

    Both ends are None where the rows cannot say: a bootstrap of answers without a mistake finds none either.
    """

    value: SignedShare
    low: SignedShare | None
    high: SignedShare | None

    @model_validator(mode="after")
    def _check_ends(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has one end only")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"an interval begins at {self.low} and ends before, at {self.high}")
        return self

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return both ends, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


class ClassScores(Result):
    """Precision, recall and F1 of one class; None where one is not defined."""

    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None


class ModelScores(Result):
    """The scores of one model on some rows of one split, each with its interval; classes in label order."""

    model: ModelName
    split: Split
    origin: Origin
    n_rows: Annotated[int, Field(ge=1)]
    accuracy: Estimate
    macro_f1: Estimate
    weighted_f1: Estimate
    per_class: Annotated[tuple[ClassScores, ...], Field(min_length=1)]


class TestedDifference(Result):
    """A score of the second model minus that of the first, and how often chance alone makes one as large."""

    __test__ = False  # its name is no test

    difference: Estimate
    p_value: Share


class ClassDifference(Result):
    """F1 of the second model minus F1 of the first on one class.

    `p_adjusted` is corrected for looking at all classes at once: among the classes with at most 0.05, no more than 5%
    are expected to differ by chance alone.
    """

    f1: Estimate
    p_value: Share
    p_adjusted: Share


class PairedComparison(Result):
    """The second model against the first on the same rows of one split.

    `n_fixed` rows are right in the second model alone, `n_broken` in the first alone. A class is None where one of the
    models has no F1.
    """

    first: ModelName
    second: ModelName
    split: Split
    first_origin: Origin
    second_origin: Origin
    n_both_right: Count
    n_fixed: Count
    n_broken: Count
    n_both_wrong: Count
    accuracy: TestedDifference
    macro_f1: TestedDifference
    weighted_f1: TestedDifference
    per_class: Annotated[tuple[ClassDifference | None, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_counts(self) -> Self:
        if self.n_rows == 0:
            raise ValueError("two models are compared on no row")
        return self

    @property
    def n_rows(self) -> int:
        """Return the number of rows."""
        return self.n_both_right + self.n_fixed + self.n_broken + self.n_both_wrong


class RunComparison(Result):
    """Scores of every model on every split with their intervals, and every pair of models on every split."""

    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    scores: tuple[ModelScores, ...]
    pairs: tuple[PairedComparison, ...]

    @model_validator(mode="after")
    def _check_classes(self) -> Self:
        """Refuse other classes, and two entries for the same."""
        n_classes = [len(found.per_class) for found in self.scores] + [len(found.per_class) for found in self.pairs]
        if set(n_classes) - {len(self.classes)}:
            raise ValueError(f"an entry is not about the {len(self.classes)} classes")
        if len({(found.model, found.split) for found in self.scores}) < len(self.scores):
            raise ValueError("a model has two entries for one split")
        if len({(found.first, found.second, found.split) for found in self.pairs}) < len(self.pairs):
            raise ValueError("two models have two entries for one split")
        return self

    def scores_of(self, model: ModelName, split: Split) -> ModelScores | None:
        """Return the scores of one model on one split, or None."""
        return next((found for found in self.scores if (found.model, found.split) == (model, split)), None)

    def pair(self, first: ModelName, second: ModelName, split: Split) -> PairedComparison | None:
        """Return the second model against the first on one split, or None."""
        wanted = (first, second, split)
        return next((found for found in self.pairs if (found.first, found.second, found.split) == wanted), None)


def read_comparison(run: Run) -> RunComparison:
    """Read a run's intervals and paired tests.

    Raises:
        ArtifactError: If they are missing, do not fit the schema, or are about other classes than the run's.
    """
    comparison = read_result(run, COMPARISON, Stage.COMPARISON, RunComparison)
    if comparison.classes != run.manifest.corpus.classes:
        raise ArtifactError(
            f"{run.root / COMPARISON} is about the classes {', '.join(comparison.classes)}, expected those of the run,"
            f" {', '.join(run.manifest.corpus.classes)}; {remedy_for(run, COMPARISON, Stage.COMPARISON)}"
        )
    return comparison
