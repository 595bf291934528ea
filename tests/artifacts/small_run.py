"""A run of three texts, every value of it written out."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from core.artifacts.files import sha256_of_text
from core.artifacts.manifest import CorpusInfo, EncoderInfo
from core.artifacts.run import Run
from core.artifacts.schema import (
    ATTRIBUTIONS,
    BEHAVIOUR,
    CLUSTERS,
    EMBEDDINGS,
    EXAMPLES,
    FEATURES,
    FINETUNED_DIR,
    ISSUES,
    METRICS,
    NEIGHBORS,
    PROJECTION,
    TEXTS,
    TRAINING_LOG,
    ModelName,
    Split,
    Stage,
    predictions_table,
)
from core.artifacts.workspace import Workspace, open_workspace

REPOSITORY = Path(__file__).parents[2]
NAME = "small"
WORDS = ("so glad", "so low", "so so glad")
VECTORS = np.array([[0.5, 1.0], [-0.25, 2.0], [4.0, -8.0]], dtype=np.float16)

FRAMES = {
    FEATURES: pd.DataFrame({"id": [0, 1, 2], "n_tokens": [4, 4, 5], "truncated": [False, False, True]}),
    PROJECTION: pd.DataFrame(
        {"id": [0, 1, 2], "umap_x": [0.5, 1.5, 2.5], "umap_y": [0, 0, 1], "pca_x": [1, 2, 3], "pca_y": [-1, -2, -3]}
    ),
    TRAINING_LOG: pd.DataFrame(
        {
            "step": [1, 2],
            "epoch": [0.5, 1.0],
            "train_loss": [0.75, 0.5],
            "learning_rate": [0.25, 0.125],
            "validation_loss": [np.nan, 0.5],
            "validation_accuracy": [np.nan, 1.0],
            "validation_macro_f1": [np.nan, 1.0],
        }
    ),
    NEIGHBORS: pd.DataFrame({"id": [0, 1, 2], "neighbor_0": [-1, 0, 0], "similarity_0": [0.0, 0.5, 0.75]}),
    CLUSTERS: pd.DataFrame({"id": [0, 1, 2], "cluster": [0, 1, 0]}),
    ISSUES: pd.DataFrame(
        {
            "id": [1, 2],
            "issue": ["suspected_label", "near_duplicate"],
            "detail": ["", ""],
            "score": [0.75, 1.0],
            "other": [-1, 0],
            "suggested": [0, -1],
        }
    ),
    ATTRIBUTIONS: pd.DataFrame(
        {
            "id": [1, 1],
            "model": ["finetuned", "finetuned"],
            "target": [1, 1],
            "start": [0, 3],
            "end": [2, 6],
            "score": [0.25, -0.5],
            "delta": [0.125, 0.125],
        }
    ),
    BEHAVIOUR: pd.DataFrame(
        {
            "id": [2],
            "model": ["logreg"],
            "edit": ["upper_case"],
            "pred": [1],
            "confidence": [0.5],
            "original_pred": [0],
            "original_confidence": [0.75],
        }
    ),
    **{
        predictions_table(model): pd.DataFrame(
            {
                "id": [0, 1, 2],
                "pred": [0, 1, 1],
                "origin": ["in_sample", "held_out", "held_out"],
                "prob_0": [0.75, 0.25, 0.5],
                "prob_1": [0.25, 0.75, 0.5],
            }
        )
        for model in ModelName
    },
}


def examples(words: Sequence[str] = WORDS) -> pd.DataFrame:
    """Return the examples of three texts, one per split."""
    return pd.DataFrame(
        {
            "id": [0, 1, 2],
            "split": ["train", "validation", "test"],
            "label": [0, 1, 0],
            "text_sha256": [sha256_of_text(text) for text in words],
            "n_chars": [len(text) for text in words],
            "n_words": [len(text.split()) for text in words],
            "meta_stars": [5, 1, 4],
            "meta_shop": ["north", "", "south"],
        }
    )


def texts(words: Sequence[str] = WORDS) -> pd.DataFrame:
    """Return the texts table."""
    return pd.DataFrame({"id": [0, 1, 2], "text": list(words)})


def make_corpus(workspace: Workspace, words: Sequence[str] = WORDS, **settings: object) -> None:
    """Make the stage prepare_data."""
    with workspace.stage(
        Stage.PREPARE_DATA, settings={"seed": 1, **settings}, inputs=[], libraries=["pandas"]
    ) as writer:
        writer.corpus = CorpusInfo(
            name="small",
            source="package",
            sha256="0" * 64,
            classes=("joy", "sadness"),
            n_rows=dict.fromkeys(Split, 1),
        )
        writer.table(EXAMPLES, examples(words))
        writer.table(TEXTS, texts(words))


def make_features(workspace: Workspace, vectors: np.ndarray = VECTORS, **settings: object) -> None:
    """Make the stage extract_features."""
    with workspace.stage(
        Stage.EXTRACT_FEATURES, settings={"pooling": "cls", **settings}, inputs=[TEXTS.path], libraries=["numpy"]
    ) as writer:
        writer.encoder = EncoderInfo(name="tiny", sha256="1" * 64, pooling="cls", dimension=2, max_length=8)
        with writer.path(EMBEDDINGS, n_rows=len(vectors)) as path, path.open("wb") as file:
            np.save(file, vectors)
        writer.table(FEATURES, FRAMES[FEATURES])


def make_models(workspace: Workspace) -> None:
    """Make baselines, fine-tuned model, projection and metrics."""
    with workspace.stage(Stage.TRAIN_BASELINES, settings={}, inputs=[EMBEDDINGS], libraries=[]) as writer:
        for model in (ModelName.DUMMY, ModelName.LOGREG):
            writer.table(predictions_table(model), FRAMES[predictions_table(model)])
    with workspace.stage(Stage.FINE_TUNE, settings={}, inputs=[TEXTS.path], libraries=[]) as writer:
        with writer.folder(FINETUNED_DIR) as folder:
            (folder / "config.json").write_text("{}", encoding="utf-8")
        writer.table(predictions_table(ModelName.FINETUNED), FRAMES[predictions_table(ModelName.FINETUNED)])
        writer.table(TRAINING_LOG, FRAMES[TRAINING_LOG])
    with workspace.stage(Stage.PROJECTION, settings={}, inputs=[EMBEDDINGS], libraries=[]) as writer:
        writer.table(PROJECTION, FRAMES[PROJECTION])
    for table in (NEIGHBORS, CLUSTERS, ISSUES, ATTRIBUTIONS, BEHAVIOUR):
        with workspace.stage(table.stage, settings={}, inputs=[EMBEDDINGS], libraries=[]) as writer:
            writer.table(table, FRAMES[table])
    inputs = [predictions_table(model).path for model in ModelName]
    with workspace.stage(Stage.METRICS, settings={}, inputs=inputs, libraries=[]) as writer:
        writer.text(METRICS, "{}")


def make_run(artifacts_dir: Path) -> Run:
    """Make and publish all of it."""
    with open_workspace(artifacts_dir, NAME) as workspace:
        make_corpus(workspace)
        make_features(workspace)
        make_models(workspace)
        assert workspace.publish()
    return Run.open(artifacts_dir / NAME)


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@contextmanager
def process_that(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run code in a process of its own; yield it once it has printed `ready`, and kill it (SIGKILL) at the end."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
