"""What can be wrong with the rows: labels, copies, leaks, outliers, odd texts."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from core.analysis.settings import AnalysisSettings, IssueSettings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from core.artifacts.run import Run
    from core.artifacts.schema import ModelName
    from core.artifacts.workspace import Workspace


def find_issues(workspace: "Workspace", settings: AnalysisSettings, seed: int) -> str:
    """Look for everything that the run has the means to find; what it lacks is left out."""
    from core.artifacts.schema import EMBEDDINGS, EXAMPLES, ISSUES, NEIGHBORS, TEXTS, Stage, predictions_table
    from core.artifacts.schema import Issue as Kind

    run, chosen = workspace.run, settings.issues
    possible = [EXAMPLES.path, TEXTS.path, NEIGHBORS.path, EMBEDDINGS]
    possible += [predictions_table(model).path for model in run.models]
    inputs = [path for path in possible if run.record(path) is not None]
    absent = [path for path in inputs if not run.has(path)]
    if absent:
        return f"{workspace.name}: {' and '.join(absent)} not here, so the issues stay as they are"
    recorded = asdict(chosen) | {"seed": seed}
    if workspace.is_fresh(Stage.ISSUES, recorded, inputs):
        return f"{workspace.name}: the issues are unchanged"
    from core.analysis.issues import join_issues

    libraries = ["cleanlab", "scikit-learn", "scipy", "pandas"]
    with workspace.stage(Stage.ISSUES, settings=recorded, inputs=inputs, libraries=libraries) as writer:
        examples = run.read_table(EXAMPLES, ["split", "label"])
        label, split = examples["label"].to_numpy(), examples["split"].to_numpy(dtype=object)
        texts = run.read_table(TEXTS)["text"].tolist()
        parts = [*_in_texts(texts, label, split), _suspects(run, label, chosen, seed=seed)]
        if NEIGHBORS.path in inputs and EMBEDDINGS in inputs:
            parts += _near(run, texts, split, chosen, seed=seed)
        issues = join_issues(parts)
        writer.table(ISSUES, issues)
    counts = issues.groupby("issue")["id"].nunique()
    shown = ", ".join(f"{counts.get(kind.value, 0):,} {kind.value.replace('_', ' ')}" for kind in Kind)
    return f"{workspace.name}: wrote {ISSUES.path} ({shown})"


def _in_texts(
    texts: Sequence[str], label: "npt.NDArray[np.integer]", split: "npt.NDArray[np.object_]"
) -> list["pd.DataFrame"]:
    """Return what the texts alone tell: copies, leaks, labels that contradict each other, odd texts."""
    from core.analysis import duplicates
    from core.analysis.issues import EXACT, odd_texts_frame, pairs_frame
    from core.analysis.odd_texts import find_odd_texts
    from core.artifacts.schema import Issue

    group = duplicates.group_texts(texts)
    return [
        pairs_frame(Issue.EXACT_DUPLICATE, duplicates.find_repeats(group, split)),
        pairs_frame(Issue.LEAKED, duplicates.find_leaks(group, split), detail=EXACT),
        pairs_frame(Issue.CONFLICTING_LABELS, duplicates.find_label_conflicts(group, label)),
        odd_texts_frame(find_odd_texts(texts)),
    ]


def _near(
    run: "Run", texts: Sequence[str], split: "npt.NDArray[np.object_]", settings: IssueSettings, *, seed: int
) -> list["pd.DataFrame"]:
    """Return what the vectors tell beside the texts: near copies within and across splits, outliers."""
    import numpy as np

    from core.analysis import duplicates
    from core.analysis.issues import NEAR, outliers_frame, pairs_frame
    from core.analysis.neighbors import nearest
    from core.analysis.outliers import find_outliers
    from core.artifacts.schema import NEIGHBOR_PREFIX, NEIGHBORS, SIMILARITY_PREFIX, Issue, Split

    table = run.read_table(NEIGHBORS)
    neighbors = table.filter(like=NEIGHBOR_PREFIX).to_numpy()
    similarity = table.filter(like=SIMILARITY_PREFIX).to_numpy()
    group, train = duplicates.group_texts(texts), split == Split.TRAIN
    near = partial(
        duplicates.near_pairs,
        texts,
        group,
        min_similarity=settings.near_duplicate,
        min_shared=settings.shared_letters,
    )
    ids = np.flatnonzero(~train)
    leaks = duplicates.nearest_of_each(near(ids, neighbors[ids], similarity[ids]))
    leaks = leaks.without(duplicates.find_leaks(group, split).ids)
    frames = [
        outliers_frame(find_outliers(neighbors, similarity, train)),
        pairs_frame(Issue.LEAKED, leaks, detail=NEAR),
    ]
    repeated = duplicates.find_repeats(group, split).ids
    for part in Split:
        ids = np.flatnonzero(split == part)
        if len(ids) == 0:
            continue
        if part is Split.TRAIN:
            others, alike = neighbors[ids], similarity[ids]
        else:
            vectors = np.asarray(run.read_embeddings()[ids], dtype=np.float32)
            found = nearest(vectors, vectors, k=min(len(ids), neighbors.shape[1] + 1), seed=seed)
            others, alike = ids[found.ids], found.similarity
        pairs = duplicates.later_of_each(near(ids, others, alike)).without(repeated)
        frames.append(pairs_frame(Issue.NEAR_DUPLICATE, pairs))
    return frames


def _suspects(run: "Run", label: "npt.NDArray[np.integer]", settings: IssueSettings, *, seed: int) -> "pd.DataFrame":
    """Return the suspected labels of the rows that some model has not been fitted on."""
    import numpy as np
    import pandas as pd

    from core.analysis.issues import suspects_frame
    from core.analysis.label_issues import find_suspects
    from core.artifacts.schema import EXAMPLES, Split

    probs = pooled_probabilities(run, seed=seed)
    train = (run.read_table(EXAMPLES, ["split"])["split"] == Split.TRAIN).to_numpy()
    judged = ~np.isnan(probs[:, 0])
    parts = [np.flatnonzero(judged & rows) for rows in (train, ~train)]
    return pd.concat(
        [suspects_frame(ids, find_suspects(label[ids], probs[ids], label_odds=settings.label_odds)) for ids in parts]
    )


def pooled_probabilities(run: "Run", *, seed: int) -> "npt.NDArray[np.floating]":
    """Return the class probabilities of all models that have not seen a row's label as one, shape (rows, classes).

    Rows whose label every model of the run has seen are NaN.
    """
    import numpy as np

    from core.analysis.label_issues import judge_by_letters, pool_probabilities
    from core.artifacts.schema import EXAMPLES, TEXTS, Split

    examples = run.read_table(EXAMPLES, ["split", "label"])
    label, split = examples["label"].to_numpy(), examples["split"].to_numpy(dtype=object)
    train = split == Split.TRAIN
    pooled = np.full((len(label), len(run.manifest.corpus.classes)), np.nan)
    judged = [(rows, judges) for rows in (train, ~train) if rows.any() and (judges := _judges(run, rows))]
    if judged:
        texts = run.read_table(TEXTS)["text"].tolist()
        letters = judge_by_letters(texts, label, train, n_classes=pooled.shape[1], seed=seed)
    for rows, judges in judged:
        probs = [letters, *(run.read_probabilities(model) for model in judges)]
        pooled[rows] = pool_probabilities([of_model[rows] for of_model in probs], label[rows])
    return pooled


def _judges(run: "Run", rows: "npt.NDArray[np.bool_]") -> tuple["ModelName", ...]:
    """Return the models of a run that have not seen the labels of some rows, which they all came by alike."""
    from core.analysis.label_issues import judges_of
    from core.artifacts.schema import Origin, predictions_table

    first = int(rows.argmax())
    return judges_of(
        {
            model: Origin(run.read_table(predictions_table(model), ["origin"])["origin"].iloc[first])
            for model in run.models
        }
    )
