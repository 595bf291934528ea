"""Eight rows of three classes with the answers of two models, small enough to work out by hand."""

import pandas as pd

from core.analysis.rows import Rows
from core.artifacts.schema import ModelName

#       id:  0        1        2        3        4             5             6       7
SPLIT = ["train", "train", "train", "train", "validation", "validation", "test", "test"]
LABEL = [0, 1, 2, 0, 1, 2, 0, 1]
LOGREG = [0, 1, 0, 1, 1, 2, 1, 0]  # wrong: 2, 3, 6, 7
FINETUNED = [0, 1, 2, 0, 2, 0, 0, 2]  # wrong: 4, 5, 7
TEXTS = ["I am happy", "so SAD today", "a.b", "Happy again", "sad", "50% off", "happy, happy", "über"]
CONFIDENCE = [0.9, 0.8, 0.7, 0.6, 0.5, 0.95, 1.0, 0.4]


def small_rows(*, models: tuple[ModelName, ...] = (ModelName.LOGREG, ModelName.FINETUNED), texts: bool = True) -> Rows:
    frame = pd.DataFrame(
        {
            "split": pd.Categorical(SPLIT),
            "label": LABEL,
            "n_chars": [len(text) for text in TEXTS],
            "n_words": [3, 3, 1, 2, 1, 2, 2, 1],
            "umap_x": [0, 1, 2, 3, 4, 5, 6, 7],
            "umap_y": [0, 0, 1, 1, 2, 2, 3, 3],
            "meta_topic": ["work", "home", "work", None, "home", "work", "work", "home"],
            "meta_stars": [1.0, 2.5, None, 1.0, 5.0, 1.0, 2.5, 1.0],
        },
        index=pd.RangeIndex(8, name="id"),
    )
    for model, pred in ((ModelName.LOGREG, LOGREG), (ModelName.FINETUNED, FINETUNED)):
        if model in models:
            frame[f"{model}_pred"] = pred
            frame[f"{model}_confidence"] = pd.Series(CONFIDENCE, dtype="float32")
            frame[f"{model}_true_prob"] = pd.Series(CONFIDENCE, dtype="float32")
            frame[f"{model}_margin"] = pd.Series(CONFIDENCE, dtype="float32")
            frame[f"{model}_origin"] = "held_out"
    return Rows(
        frame=frame,
        texts=pd.Series(TEXTS, index=frame.index, dtype="str") if texts else None,
        classes=("joy", "sadness", "fear"),
        models=models,
        problems=(),
    )
