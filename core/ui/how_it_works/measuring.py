"""The steps that measure a run, explained and worked through on its own test split."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from core.analysis.confusions import best_of
from core.analysis.metrics import RunMetrics, SplitMetrics
from core.analysis.worked_examples import (
    AverageGap,
    ConfusionExcerpt,
    WorkedClass,
    excerpt_confusion,
    explain_average_gap,
    work_through_class,
)
from core.artifacts.run import Run
from core.artifacts.schema import METRICS, Split, Stage
from core.charts.labels import MODEL_LABELS, basis_of, short_labels
from core.ui.formatting import count, percent, plain
from core.ui.how_it_works.pipeline import Findings, Step
from core.ui.reads import load_metrics
from core.ui.scores import measured_models

_NO_TEST = "No model was measured on the test split of this run, so there is nothing to work through."
_UNREADABLE = "The scores of this run cannot be read; the message at the top of this page says why."


def measured(run: Run) -> RunMetrics | None:
    """Return the metrics of a run, None if they were never made.

    Raises:
        ArtifactError: If they are damaged.
    """
    return None if run.record(METRICS) is None else load_metrics(run)


def measuring_steps(metrics: RunMetrics | None) -> list[Step]:
    """Return the steps from the confusion matrix to the scores of all classes together."""
    tested = measured_models(metrics, Split.TEST) if metrics else []
    best = best_of(tested) if tested else None
    excuse = _NO_TEST if metrics else _UNREADABLE
    return [
        Step(
            title="Confusion matrix",
            text=(
                "On every row of the test split the answer of the model is compared with the label. The **confusion"
                " matrix** counts the pairs: one line per true class, one column per predicted class.",
                "Right answers stand on the diagonal. Read along a line to see what the rows of a class were taken"
                " for; read down a column to see what an answer was given for.",
            ),
            stage=Stage.METRICS,
            find=partial(_find_confusion, best, excuse),
        ),
        Step(
            title="Precision, recall and F1 of a class",
            text=(
                "**Recall**: of the rows that belong to the class, how many were found? **Precision**: of the rows that"
                " were given the name of the class, how many deserve it?",
                "Each is easy to have alone. A model that gives every row the same class finds all rows of that class,"
                " and is wrong on all others. **F1** is their harmonic mean, which is high only if both are.",
                "The counts behind them: *true positives* (TP) were found, *false negatives* (FN) were missed, and"
                " *false positives* (FP) were given the name without deserving it.",
            ),
            stage=Stage.METRICS,
            paths=(),
            find=partial(_find_class, best, excuse),
        ),
        Step(
            title="One number for all classes",
            text=(
                "**Accuracy** is the share of right answers. If most rows belong to one class, a model that only knows"
                " that class looks good.",
                "**Macro F1** is the plain mean of the F1 of all classes that have a row or an answer. A rare class"
                " counts as much as a frequent one. **Weighted F1** is the same mean with each class counting by its"
                " number of rows.",
                "Look at macro F1 if each class matters, at weighted F1 if each row does. Where they differ, large and"
                " small classes are not recognised equally well.",
                "The test rows are a sample: on others drawn like them each score would come out a little different. A"
                " **95% interval** says by how much. Of two models, the difference on the same rows has an interval"
                " of its own, and a **p-value** says how often chance alone would show one as large.",
            ),
            stage=Stage.METRICS,
            paths=(),
            find=partial(_find_averages, best, excuse),
        ),
    ]


def _find_confusion(best: SplitMetrics | None, excuse: str) -> Findings:
    if best is None:
        return Findings(sentences=(excuse,))
    excerpt = excerpt_confusion(best)
    if excerpt is None:
        return Findings(
            sentences=(f"{MODEL_LABELS[best.model]} makes no mistake here, so only the diagonal has rows.",),
            basis=_basis(best),
        )
    return Findings(sentences=(confusion_sentence(excerpt),), table=_excerpt_table(excerpt), basis=_basis(best))


def confusion_sentence(excerpt: ConfusionExcerpt) -> str:
    """Return the biggest confusion in words, as Markdown."""
    biggest = excerpt.biggest
    n_true = sum(excerpt.counts[0])
    return (
        f"The biggest confusion: **{biggest.n_rows:,} of the {count(n_true, 'row')}** whose class is"
        f" **{plain(biggest.true)}** were taken for **{plain(biggest.predicted)}** ({percent(biggest.share_of_true)})."
    )


def _excerpt_table(excerpt: ConfusionExcerpt) -> pd.DataFrame:
    labels = short_labels(excerpt.names)
    columns = [f"predicted {label}" for label in labels]
    if excerpt.n_classes > 2:
        columns.append("any other class" if excerpt.n_classes > 3 else "the other class")
    lines = [
        [f"true {label}", *(f"{n:,}" for n in line[: len(columns)])]
        for label, line in zip(labels, excerpt.counts, strict=True)
    ]
    return pd.DataFrame(lines, columns=["", *columns])


def _find_class(best: SplitMetrics | None, excuse: str) -> Findings:
    if best is None:
        return Findings(sentences=(excuse,))
    worked = work_through_class(best)
    return Findings(
        sentences=(f"Worked through for the class **{plain(worked.scores.name)}**:",),
        facts=class_facts(worked),
        basis=_basis(best),
    )


def class_facts(worked: WorkedClass) -> list[tuple[str, str | None]]:
    """Return counts and scores of one class, each score with its sum."""
    tp, fn, fp = worked.true_positives, worked.false_negatives, worked.false_positives
    scores = worked.scores
    return [
        ("Found (TP)", count(tp, "row")),
        ("Missed (FN)", count(fn, "row")),
        ("Wrongly named so (FP)", count(fp, "row")),
        ("Recall", _sum(f"{tp:,} / ({tp:,} + {fn:,})", scores.recall, "it has no row")),
        ("Precision", _sum(f"{tp:,} / ({tp:,} + {fp:,})", scores.precision, "it was never predicted")),
        ("F1", _sum(f"2·{tp:,} / (2·{tp:,} + {fp:,} + {fn:,})", scores.f1, "it has neither row nor answer")),
    ]


def _sum(terms: str, score: float | None, reason: str) -> str:
    return f"not defined: {reason}" if score is None else f"{terms} = {percent(score)}"


def _find_averages(best: SplitMetrics | None, excuse: str) -> Findings:
    if best is None:
        return Findings(sentences=(excuse,))
    return Findings(
        sentences=gap_sentences(explain_average_gap(best), best),
        facts=[
            ("Accuracy", percent(best.accuracy)),
            ("Macro F1", percent(best.macro_f1)),
            ("Weighted F1", percent(best.weighted_f1)),
        ],
        basis=_basis(best),
    )


def gap_sentences(gap: AverageGap, metrics: SplitMetrics) -> Sequence[str]:
    """Return what parts macro from weighted F1, in words, as Markdown."""
    if percent(metrics.macro_f1) == percent(metrics.weighted_f1):
        return ("Macro and weighted F1 are the same to one decimal: no class makes a difference that shows.",)
    scores = gap.scores
    side = "below" if (scores.f1 or 0.0) < metrics.macro_f1 else "above"
    weighted = "higher" if gap.gap > 0 else "lower"
    return (
        f"Weighted F1 is {weighted} than macro F1. **{plain(scores.name)}** accounts for the largest part: its F1 is"
        f" {percent(scores.f1)}, {side} macro F1, and it has {count(scores.support, 'row')}. It"
        f" counts for {percent(gap.weighted_share)} of weighted F1 and for {percent(gap.macro_share)} of macro F1.",
    )


def _basis(metrics: SplitMetrics) -> str:
    return f"{MODEL_LABELS[metrics.model]} · {basis_of(metrics)}"
