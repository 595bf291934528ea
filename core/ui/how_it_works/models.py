"""The models of a run and how they are trained: baselines and fine-tuning, explained with its own figures."""

from functools import partial

import pandas as pd

from core.analysis.metrics import RunMetrics, SplitMetrics
from core.artifacts.run import Run
from core.artifacts.schema import TRAINING_LOG, ModelName, Split, Stage
from core.charts.labels import MODEL_LABELS, ORIGIN_LABELS, SPLIT_LABELS
from core.ui.formatting import count, percent, plain
from core.ui.how_it_works.pipeline import Findings, Step, fact_of, setting_of
from core.ui.reads import load_training_log

_NOT_MEASURED = "Scores come with step 7."


def model_steps(run: Run, metrics: RunMetrics | None) -> list[Step]:
    """Return the steps that train models."""
    return [_baselines_step(run, metrics), _fine_tuning_step(run, metrics)]


def _baselines_step(run: Run, metrics: RunMetrics | None) -> Step:
    folds = setting_of(run, Stage.TRAIN_BASELINES, "n_folds")
    return Step(
        title="Two baselines",
        text=(
            "A **baseline** is a simple model to compare with. The first one is a dummy: it always answers with the"
            " most frequent class of the train split. A model that is worth anything must beat it.",
            "The second is a **logistic regression**, a linear head on the frozen vectors. For each class it multiplies"
            " the numbers of a vector by weights and adds them up; the sums become probabilities. It shows how much"
            " the encoder knows without being trained on this corpus.",
            f"The head has learned from the train rows, so its answers there would flatter it. They are"
            f" **out-of-fold** instead: train is divided into {f'up to {plain(folds)} ' if folds else ''}parts"
            " (*folds*), and each part is answered by a head that was fitted to the other parts.",
        ),
        stage=Stage.TRAIN_BASELINES,
        find=partial(_find_baselines, run, metrics),
    )


def _find_baselines(run: Run, metrics: RunMetrics | None) -> Findings:
    shown = [(ModelName.DUMMY, Split.TEST), (ModelName.LOGREG, Split.TEST), (ModelName.LOGREG, Split.TRAIN)]
    setting, fact = partial(setting_of, run, Stage.TRAIN_BASELINES), partial(fact_of, run, Stage.TRAIN_BASELINES)
    n_iter, limit = fact("n_iter"), setting("logreg_max_iter")
    return Findings(
        table=score_table(metrics, shown),
        sentences=() if metrics else (_NOT_MEASURED,),
        facts=[
            ("Inverse regularisation C", setting("logreg_c")),
            ("Iterations", f"{n_iter} of at most {limit}" if n_iter and limit else limit and f"at most {limit}"),
            ("Converged", fact("converged")),
        ],
    )


def _fine_tuning_step(run: Run, metrics: RunMetrics | None) -> Step:
    return Step(
        title="Fine-tuning",
        text=(
            "**Fine-tuning** puts a new classification head on the encoder and trains all layers together on the train"
            " split. It starts from the texts again, not from the vectors of step 3.",
            "The texts are taken in small **batches**. After each batch all weights move a little so that the error"
            " becomes smaller; the **learning rate** says how little. One pass over train is an **epoch**.",
            "After each epoch the model is measured on validation. The epoch with the highest macro F1 there is kept"
            " (step 9 says what that is).",
            "On train its scores are **in-sample**: it was trained on these very rows, so they flatter it. Compare"
            " models on test.",
        ),
        stage=Stage.FINE_TUNE,
        find=partial(_find_fine_tuning, run, metrics),
    )


def _find_fine_tuning(run: Run, metrics: RunMetrics | None) -> Findings:
    shown = [(ModelName.FINETUNED, Split.TEST), (ModelName.FINETUNED, Split.TRAIN)]
    setting, fact = partial(setting_of, run, Stage.FINE_TUNE), partial(fact_of, run, Stage.FINE_TUNE)
    epoch, epochs = fact("best_epoch"), setting("num_train_epochs")
    return Findings(
        table=score_table(metrics, shown),
        sentences=() if metrics else (_NOT_MEASURED,),
        facts=[
            ("Starts from", setting("model_ckpt")),
            ("Epochs", epochs),
            ("Batch size", setting("batch_size")),
            ("Peak learning rate", setting("learning_rate")),
            ("Epoch kept", f"{epoch} of {epochs}" if epoch and epochs else epoch),
            ("Macro F1 on validation", _best_validation_score(run)),
            ("Computed in", " on ".join(value for name in ("precision", "device") if (value := fact(name)))),
        ],
    )


def _best_validation_score(run: Run) -> str | None:
    if run.record(TRAINING_LOG.path) is None:
        return None
    scores = load_training_log(run)["validation_macro_f1"].dropna()
    return f"{percent(float(scores.max()))} at its best epoch, while training" if len(scores) else None


def score_table(metrics: RunMetrics | None, shown: list[tuple[ModelName, Split]]) -> pd.DataFrame | None:
    """Return accuracy and macro F1 of some models on some splits, those that were measured; None without any."""
    found = [one for model, split in shown if metrics and (one := metrics.get(model, split)) is not None]
    if not found:
        return None
    return pd.DataFrame(
        {
            "Model and basis": [f"{MODEL_LABELS[one.model]}\n{_basis(one)}" for one in found],
            "Accuracy": [percent(one.accuracy) for one in found],
            "Macro F1": [percent(one.macro_f1) for one in found],
        }
    )


def _basis(metrics: SplitMetrics) -> str:
    origin = ORIGIN_LABELS[metrics.origin].removesuffix(" predictions")
    return f"{SPLIT_LABELS[metrics.split]}, {count(metrics.n_rows, 'row')}, {origin}"
