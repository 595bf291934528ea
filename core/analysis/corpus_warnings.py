"""What to know of a corpus before the scores on it are trusted: findings, kept with the run."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from core.analysis.results import Count, Result, read_result, remedy_for
from core.artifacts.run import Run
from core.artifacts.schema import CORPUS_WARNINGS, Split, Stage
from core.errors import ArtifactError

_MAX_NAMED = 5
_MAX_CHARS = 40


class Check(StrEnum):
    """What is looked at."""

    CLASS_SIZE = "class_size"
    IMBALANCE = "imbalance"
    LABEL_SHIFT = "label_shift"
    LENGTH_SHIFT = "length_shift"
    VOCABULARY_SHIFT = "vocabulary_shift"
    CLASS_OVERLAP = "class_overlap"


class Severity(StrEnum):
    """How much it matters, the worst first."""

    SERIOUS = "serious"
    NOTABLE = "notable"
    FINE = "fine"
    NOT_CHECKED = "not_checked"


class Finding(Result):
    """One sentence with its numbers, and the rows that it is about: `n_rows` of these classes, all if there are none.

    `split` None stands for all splits.
    """

    check: Check
    severity: Severity
    sentence: str
    split: Split | None = None
    classes: tuple[Count, ...] = ()
    n_rows: Count = 0


class CorpusWarnings(Result):
    """All findings on a corpus, those that are fine included; class order is that of the run."""

    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    findings: tuple[Finding, ...]

    @model_validator(mode="after")
    def _check_classes(self) -> Self:
        """Refuse findings about classes that there are not."""
        if any(k >= len(self.classes) for found in self.findings for k in found.classes):
            raise ValueError(f"a finding is about a class beyond the {len(self.classes)} that there are")
        return self

    @property
    def warnings(self) -> list[Finding]:
        """Return what is not fine, the worst first."""
        return [*self.of(Severity.SERIOUS), *self.of(Severity.NOTABLE)]

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [found for found in self.findings if found.severity is severity]


def read_corpus_warnings(run: Run) -> CorpusWarnings:
    """Read the findings on a run's corpus.

    Raises:
        ArtifactError: If they are missing, do not fit the schema, or are about other classes than the run's.
    """
    warnings = read_result(run, CORPUS_WARNINGS, Stage.WARNINGS, CorpusWarnings)
    if warnings.classes != run.manifest.corpus.classes:
        raise ArtifactError(
            f"{run.root / CORPUS_WARNINGS} is about other classes than the run's;"
            f" {remedy_for(run, CORPUS_WARNINGS, Stage.WARNINGS)}"
        )
    return warnings


def named(name: str) -> str:
    """Return a class name in quotes, a long one cut."""
    line = " ".join(name.split())
    return f"“{line}”" if len(line) <= _MAX_CHARS else f"“{line[: _MAX_CHARS - 1]}…”"


def listed(names: Sequence[str]) -> str:
    """Return names with commas, of many the first five."""
    more = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
