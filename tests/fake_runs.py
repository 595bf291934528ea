"""A run with everything in it, made in a moment from random but seeded predictions, without any model."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analysis.edits import RULES
from core.analysis.metrics import RunMetrics, compute_metrics
from core.analysis.rows import Rows
from core.analysis.slice_counts import Tried, count_slices, count_split
from core.analysis.slice_scores import sliced_models
from core.analysis.slices import Condition, RunSlices, SliceKind
from core.artifacts.files import sha256_of_text
from core.artifacts.manifest import CorpusInfo, EncoderInfo
from core.artifacts.run import Run
from core.artifacts.schema import (
    BEHAVIOUR,
    CLUSTERS,
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    FIGURES_DIR,
    FINETUNED_DIR,
    ISSUES,
    LOGREG_HEAD,
    METRICS,
    NEIGHBOR_PREFIX,
    NEIGHBORS,
    NONE,
    PROJECTION,
    SIMILARITY_PREFIX,
    SLICES,
    TEXTS,
    TRAINING_LOG,
    Edit,
    Issue,
    ModelName,
    Origin,
    Split,
    Stage,
    Table,
    predictions_table,
    probability_columns,
)
from core.artifacts.workspace import Workspace, open_workspace
from tests.fake_findings import write_findings

EMOTIONS = ("sadness", "joy", "love", "anger", "fear", "surprise")
ACCURACY = {ModelName.DUMMY: 0.0, ModelName.LOGREG: 0.62, ModelName.FINETUNED: 0.9}
CHECKPOINT = f"{FINETUNED_DIR}/model.safetensors"
DIMENSION = 4


def write_fake_run(
    artifacts_dir: Path,
    name: str = "fake",
    *,
    classes: Sequence[str] = EMOTIONS,
    n_rows: int = 240,
    texts: Mapping[int, str] = MappingProxyType({}),
    metadata: Mapping[str, Sequence[object]] = MappingProxyType({}),
    splits: Sequence[str] = ("train", "validation", "test"),
    models: Sequence[ModelName] = tuple(ModelName),
    stages: Sequence[Stage] = tuple(Stage),
    absent_from_test: int | None = None,
    without: Sequence[str] = (),
    corpus_name: str = "Fake Feelings",
    source: str = "package",
    seed: int = 0,
) -> Path:
    """Write a run and return its folder.

    Args:
        artifacts_dir: Where runs live.
        name: Name of the run.
        classes: Class names.
        n_rows: Rows over all splits: 80% train, 10% validation, 10% test.
        texts: Texts of some rows by id; all others are about their class.
        metadata: Further columns of the corpus by name, one value per row.
        splits: Splits that have rows, train first.
        models: Models that predict.
        stages: Stages to make; a stage whose inputs are left out must be left out too.
        absent_from_test: A class without rows in the test split, never predicted there.
        without: Files to delete afterwards, though the manifest lists them.
        corpus_name: Name of the corpus.
        source: Kind of corpus, as in the manifest.
        seed: Seed of everything random.
    """
    made = {
        "classes": tuple(classes),
        "n_rows": n_rows,
        "texts": dict(texts),
        "metadata": {column: list(values) for column, values in metadata.items()},
        "splits": tuple(splits),
        "models": tuple(models),
        "stages": tuple(stages),
        "absent_from_test": absent_from_test,
        "corpus_name": corpus_name,
        "source": source,
        "seed": seed,
    }
    root = artifacts_dir / name
    if root.exists():  # a run that is made anew goes the way of all runs
        _make(artifacts_dir, name, **made)
    else:
        shutil.copytree(_template(name, made), root)
    for path in without:
        (root / path).unlink()
    return root


_TEMPLATES: dict[str, Path] = {}


def _template(name: str, made: dict[str, Any]) -> Path:
    """Return the folder of a run that was made like this once, so that it need not be made again for each test."""
    key = repr((name, made))
    if key not in _TEMPLATES:
        if not _TEMPLATES:
            _TEMPLATES[""] = Path(tempfile.mkdtemp(prefix="misread-fake-runs-"))
            atexit.register(shutil.rmtree, _TEMPLATES[""], ignore_errors=True)
        folder = _TEMPLATES[""] / str(len(_TEMPLATES))
        with patch("os.fsync"):  # nothing of it has to outlive a power cut
            _make(folder, name, **made)
        _TEMPLATES[key] = folder / name
    return _TEMPLATES[key]


def _make(
    artifacts_dir: Path,
    name: str,
    *,
    classes: Sequence[str],
    n_rows: int,
    texts: Mapping[int, str],
    metadata: Mapping[str, Sequence[object]],
    splits: Sequence[str],
    models: Sequence[ModelName],
    stages: Sequence[Stage],
    absent_from_test: int | None,
    corpus_name: str,
    source: str,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    n_held_out = n_rows // 10
    n_others = len(splits) - 1
    split = np.repeat(list(splits), [n_rows - n_others * n_held_out, *[n_held_out] * n_others])
    label = np.concatenate([np.arange(len(classes)), rng.integers(0, len(classes), n_rows)])[:n_rows]
    if absent_from_test is not None:
        label[(split == "test") & (label == absent_from_test)] = (absent_from_test + 1) % len(classes)
    info = CorpusInfo(
        name=corpus_name,
        source=source,
        revision="1.0",
        licence="CC0-1.0",
        sha256=sha256_of_text(corpus_name),
        classes=tuple(classes),
        n_rows={part: int((split == part.value).sum()) for part in Split},
        notes=("2 repeated texts were dropped",),
    )
    with open_workspace(artifacts_dir, name) as workspace:
        if Stage.PREPARE_DATA in stages:
            _prepare_data(workspace, info, split, label, own_texts=texts, metadata=metadata)
        if Stage.EXTRACT_FEATURES in stages:
            _extract_features(workspace, rng)
        predicted = {
            model: _predict(rng, label, len(classes), ACCURACY[model], split=split, absent_from_test=absent_from_test)
            for model in models
        }
        if Stage.TRAIN_BASELINES in stages:
            _train_baselines(workspace, predicted, split)
        if Stage.FINE_TUNE in stages and ModelName.FINETUNED in predicted:
            _fine_tune(workspace, predicted[ModelName.FINETUNED], split)
        if Stage.PROJECTION in stages:
            _project(workspace, rng)
        if Stage.METRICS in stages:
            _measure(workspace, predicted, label, split)
        for stage, (inputs, table, make) in _ROW_TABLES.items():
            if stage in stages and all(workspace.run.has(path) for path in inputs):
                with workspace.stage(
                    stage, settings=_RECORDED.get(stage, {}), inputs=inputs, libraries=["numpy"]
                ) as writer:
                    writer.table(table, make(workspace.run, label, split))
        write_findings(workspace, stages, label, split)
        if Stage.SLICES in stages and sliced_models(workspace.run.models) and len(splits) > 1:
            with workspace.stage(Stage.SLICES, settings={}, inputs=[EXAMPLES.path], libraries=["scipy"]) as writer:
                writer.text(SLICES, _slices(workspace.run, label, split).model_dump_json(exclude_defaults=True))
        if Stage.FIGURES in stages:
            with workspace.stage(Stage.FIGURES, settings={}, inputs=[METRICS], libraries=["altair"]) as writer:
                writer.text(f"{FIGURES_DIR}/per_class_f1_test.svg", "<svg/>")
        workspace.publish()


def _prepare_data(
    workspace: Workspace,
    info: CorpusInfo,
    split: npt.NDArray[np.str_],
    label: npt.NDArray[np.integer],
    *,
    own_texts: Mapping[int, str],
    metadata: Mapping[str, Sequence[object]],
) -> None:
    texts = [own_texts.get(i, f"text {i} about {info.classes[k]}") for i, k in enumerate(label)]
    settings = {"dataset": "demo", "seed": 42, "dataset_revision": None}
    with workspace.stage(Stage.PREPARE_DATA, settings=settings, inputs=[], libraries=["pandas"]) as writer:
        writer.corpus = info
        writer.table(
            EXAMPLES,
            pd.DataFrame(
                {
                    "id": np.arange(len(label)),
                    "split": split,
                    "label": label,
                    "text_sha256": [sha256_of_text(text) for text in texts],
                    "n_chars": [len(text) for text in texts],
                    "n_words": [len(text.split()) for text in texts],
                }
                | {f"meta_{name}": list(values) for name, values in metadata.items()}
            ),
        )
        writer.table(TEXTS, pd.DataFrame({"id": np.arange(len(texts)), "text": texts}))


def _extract_features(workspace: Workspace, rng: np.random.Generator) -> None:
    n_rows = workspace.run.manifest.n_rows
    settings = {"model_ckpt": "minilm", "pooling": "cls", "max_length": 128, "batch_tokens": 4096}
    with workspace.stage(Stage.EXTRACT_FEATURES, settings=settings, inputs=[TEXTS.path], libraries=["numpy"]) as writer:
        writer.encoder = EncoderInfo(
            name="all-MiniLM-L6-v2", sha256="c3" * 32, pooling="cls", dimension=DIMENSION, max_length=128
        )
        writer.facts = {"precision": "bfloat16", "n_truncated": 3}
        writer.table(FEATURES, pd.DataFrame({"id": np.arange(n_rows), "n_tokens": 9, "truncated": False}))
        with writer.path(EMBEDDINGS, n_rows=n_rows) as path, path.open("wb") as file:
            np.save(file, rng.normal(size=(n_rows, DIMENSION)).astype(np.float16))


def _predict(
    rng: np.random.Generator,
    label: npt.NDArray[np.integer],
    n_classes: int,
    accuracy: float,
    *,
    split: npt.NDArray[np.str_],
    absent_from_test: int | None,
) -> pd.DataFrame:
    """Return predictions that are right about as often as asked, wrong ones mostly for a neighbouring class."""
    n_rows = len(label)
    neighbour = (label + 1 + (rng.random(n_rows) < 0.3) * rng.integers(0, n_classes, n_rows)) % n_classes
    pred = np.where(rng.random(n_rows) < accuracy, label, neighbour)
    if accuracy == 0:
        pred = np.full(n_rows, np.bincount(label[split == "train"]).argmax())
    if absent_from_test is not None:
        pred = np.where((split == "test") & (pred == absent_from_test), (absent_from_test + 1) % n_classes, pred)
    probs = np.full((n_rows, n_classes), 0.2 / max(1, n_classes - 1))
    probs[np.arange(n_rows), pred] = 0.8
    frame = pd.DataFrame(probs.astype(np.float32), columns=probability_columns(n_classes))
    frame.insert(0, "pred", pred)
    frame.insert(0, "id", np.arange(n_rows))
    return frame


def _with_origin(frame: pd.DataFrame, split: npt.NDArray[np.str_], train_origin: Origin) -> pd.DataFrame:
    return frame.assign(origin=np.where(split == "train", train_origin.value, Origin.HELD_OUT.value))


_TRAIN_ORIGIN = {
    ModelName.DUMMY: Origin.IN_SAMPLE,
    ModelName.LOGREG: Origin.OUT_OF_FOLD,
    ModelName.FINETUNED: Origin.IN_SAMPLE,
}


def _train_baselines(
    workspace: Workspace, predicted: dict[ModelName, pd.DataFrame], split: npt.NDArray[np.str_]
) -> None:
    settings = {"logreg_c": 1.0, "logreg_max_iter": 3000, "n_folds": 5}
    with workspace.stage(
        Stage.TRAIN_BASELINES, settings=settings, inputs=[EMBEDDINGS], libraries=["scikit-learn"]
    ) as writer:
        for model in (ModelName.DUMMY, ModelName.LOGREG):
            if model in predicted:
                writer.table(predictions_table(model), _with_origin(predicted[model], split, _TRAIN_ORIGIN[model]))
        writer.text(LOGREG_HEAD, "weights")


def _fine_tune(workspace: Workspace, predicted: pd.DataFrame, split: npt.NDArray[np.str_]) -> None:
    settings = {"num_train_epochs": 3, "batch_size": 16, "learning_rate": 2e-4, "weight_decay": 0.01}
    with workspace.stage(
        Stage.FINE_TUNE, settings=settings, inputs=[TEXTS.path], libraries=["pandas", "numpy"]
    ) as writer:
        writer.facts = {"precision": "bfloat16", "device": "cpu"}
        writer.table(predictions_table(ModelName.FINETUNED), _with_origin(predicted, split, Origin.IN_SAMPLE))
        writer.table(TRAINING_LOG, training_log())
        with writer.folder(FINETUNED_DIR) as folder:
            (folder / "config.json").write_text("{}", encoding="utf-8")
            (folder / "model.safetensors").write_text("weights", encoding="utf-8")


def training_log() -> pd.DataFrame:
    """Return 3 epochs of 10 steps: train loss every 2 steps, validation metrics at the end of each epoch."""
    step = np.arange(2, 31, 2)
    ends = step % 10 == 0
    epoch = step / 10
    return pd.DataFrame(
        {
            "step": step,
            "epoch": epoch,
            "train_loss": 1.6 * np.exp(-epoch / 1.5),
            "learning_rate": 2e-4 * (1 - epoch / 3),
            "validation_loss": np.where(ends, 1.7 * np.exp(-epoch / 2), np.nan),
            "validation_accuracy": np.where(ends, 1 - 0.6 * np.exp(-epoch / 1.5), np.nan),
            "validation_macro_f1": np.where(ends, 0.97 - 0.7 * np.exp(-epoch / 1.5), np.nan),
        }
    )


def _project(workspace: Workspace, rng: np.random.Generator) -> None:
    n_rows = workspace.run.manifest.n_rows
    frame = pd.DataFrame(rng.normal(size=(n_rows, 4)), columns=["umap_x", "umap_y", "pca_x", "pca_y"])
    frame.insert(0, "id", np.arange(n_rows))
    settings = {"n_neighbors": 15, "min_dist": 0.1}
    with workspace.stage(Stage.PROJECTION, settings=settings, inputs=[EMBEDDINGS], libraries=["umap-learn"]) as writer:
        writer.table(PROJECTION, frame)


def _measure(
    workspace: Workspace,
    predicted: dict[ModelName, pd.DataFrame],
    label: npt.NDArray[np.integer],
    split: npt.NDArray[np.str_],
) -> None:
    classes = workspace.run.manifest.corpus.classes
    metrics = []
    for model in workspace.run.models:
        frame = predicted[model]
        for part in Split:
            rows = split == part.value
            if not rows.any():
                continue
            origin = _TRAIN_ORIGIN[model] if part is Split.TRAIN else Origin.HELD_OUT
            metrics.append(
                compute_metrics(
                    label[rows],
                    frame["pred"].to_numpy()[rows],
                    frame[probability_columns(len(classes))].to_numpy()[rows],
                    classes=classes,
                    model=model,
                    split=part,
                    origin=origin,
                )
            )
    inputs = [predictions_table(model).path for model in workspace.run.models]
    with workspace.stage(Stage.METRICS, settings={}, inputs=inputs, libraries=["scikit-learn"]) as writer:
        writer.text(METRICS, RunMetrics(classes=classes, metrics=tuple(metrics)).model_dump_json(indent=2))


def _nearest(run: Run, label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]) -> pd.DataFrame:
    """Return the next three training rows in the order of the corpus as the nearest."""
    n_train = int((split == "train").sum())
    n_nearest = min(3, n_train - 1)
    ids = np.arange(len(label))
    columns: dict[str, npt.NDArray[np.generic]] = {"id": ids}
    for j in range(n_nearest):
        columns[f"{NEIGHBOR_PREFIX}{j}"] = ((ids + 1 + j) % n_train).astype(np.int32)
    for j in range(n_nearest):
        columns[f"{SIMILARITY_PREFIX}{j}"] = np.full(len(ids), 0.9 - 0.1 * j, dtype=np.float32)
    return pd.DataFrame(columns)


def _clusters(run: Run, label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]) -> pd.DataFrame:
    """Return four clusters that change from row to row."""
    return pd.DataFrame({"id": np.arange(len(label)), "cluster": np.arange(len(label)) % 4})


def _issues(run: Run, label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]) -> pd.DataFrame:
    """Return one row with each issue at both ends of the corpus: ids 0 to 6, and the last seven."""
    issues = list(Issue)
    n_rows, n_classes = len(label), len(run.manifest.corpus.classes)
    ids = np.concatenate([np.arange(len(issues)), np.arange(n_rows - len(issues), n_rows)])
    suspected = np.tile([issue is Issue.SUSPECTED_LABEL for issue in issues], 2)
    paired = np.tile([issue not in (Issue.SUSPECTED_LABEL, Issue.OUTLIER, Issue.ODD_TEXT) for issue in issues], 2)
    return pd.DataFrame(
        {
            "id": ids,
            "issue": [issue.value for issue in issues] * 2,
            "detail": ["one_word" if issue is Issue.ODD_TEXT else "" for issue in issues] * 2,
            "score": np.tile(np.linspace(0.9, 0.6, len(issues)), 2).astype(np.float32),
            "other": np.where(paired, 8, NONE),
            "suggested": np.where(suspected, (label[ids] + 1) % n_classes, NONE),
        }
    )


def _edited(run: Run, label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]) -> pd.DataFrame:
    """Return three edits of each row of the last split.

    A typo changes every fourth answer, small letters none, and capital letters, which may change the tone, the second.
    """
    n_classes = len(run.manifest.corpus.classes)
    ids = np.flatnonzero(split == split[-1])
    frames = []
    for model in run.models:
        if model is ModelName.DUMMY:
            continue
        pred = run.read_table(predictions_table(model), ["pred"])["pred"].to_numpy()[ids]
        changed = np.where(np.arange(len(ids)) % 4 == 0, (pred + 1) % n_classes, pred)
        shouted = np.where(np.arange(len(ids)) == 1, (pred + 1) % n_classes, pred)
        edits = {Edit.SWAPPED_LETTERS: changed, Edit.LOWER_CASE: pred, Edit.UPPER_CASE: shouted}
        for edit, answer in edits.items():
            frames.append(
                pd.DataFrame(
                    {
                        "id": ids,
                        "model": model.value,
                        "edit": edit.value,
                        "pred": answer,
                        "confidence": np.float32(0.7),
                        "original_pred": pred,
                        "original_confidence": np.float32(0.8),
                    }
                )
            )
    columns = [field.name for field in BEHAVIOUR.schema]
    return pd.concat(frames) if frames else pd.DataFrame({name: [] for name in columns})


_RECORDED = {Stage.BEHAVIOUR: {"edited_rows": 200, "seed": 42, "rules": RULES}}


def _slices(run: Run, label: npt.NDArray[np.integer], split: npt.NDArray[np.str_]) -> RunSlices:
    """Return the first six classes, the second cluster of `_clusters`, and those of its rows that are of class 0."""
    models, classes = sliced_models(run.models), run.manifest.corpus.classes
    held = [part for part in (Split.VALIDATION, Split.TEST) if (split == part.value).any()]
    pred = {f"{model}_pred": run.read_table(predictions_table(model), ["pred"])["pred"] for model in models}
    frame = pd.DataFrame({"split": split, "label": label, "cluster": np.arange(len(label)) % 4} | pred)
    rows = Rows(frame=frame, texts=None, classes=classes, models=models, problems=())
    cluster = Condition(kind=SliceKind.CLUSTER, number=1)
    of_classes = [Condition(kind=SliceKind.CLASS, number=k) for k in range(min(6, len(classes)))]
    found = [*((one,) for one in of_classes), (cluster,), (of_classes[0], cluster)]
    tried = Tried(n_simple=len(found) - 1, n_combined=(1,) * len(models))
    return RunSlices(
        classes=classes,
        models=models,
        searched_on=held[0],
        min_support=3,
        n_simple=tried.n_simple,
        n_combined=tried.n_combined,
        totals=tuple(count_split(rows, models, part) for part in held),
        slices=count_slices(rows, models, held, found, tried=tried),
    )


_EVERY_PREDICTION = [predictions_table(ModelName.FINETUNED).path]
_ROW_TABLES: dict[Stage, tuple[list[str], Table, Callable[..., pd.DataFrame]]] = {
    Stage.NEIGHBORS: ([EMBEDDINGS], NEIGHBORS, _nearest),
    Stage.CLUSTERS: ([EMBEDDINGS], CLUSTERS, _clusters),
    Stage.ISSUES: ([TEXTS.path, EMBEDDINGS], ISSUES, _issues),
    Stage.BEHAVIOUR: ([TEXTS.path, *_EVERY_PREDICTION], BEHAVIOUR, _edited),
}
