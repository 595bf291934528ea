"""Plain words behind every (?)."""

from types import MappingProxyType

from core.artifacts.schema import ModelName, Origin

ACCURACY = "Share of the rows whose predicted class is the true one. Frequent classes dominate it."
BALANCED_ACCURACY = (
    "Mean over the classes of the share of their rows that were found (recall); every class counts alike."
)
MACRO_F1 = (
    "Mean of the F1 of all classes; every class counts alike, however rare. F1 is high only if a class is both found"
    " (recall) and not named wrongly (precision)."
)
WEIGHTED_F1 = "Mean of the F1 of all classes, each weighted by its number of rows."
LOG_LOSS = (
    "Mean of −ln(probability given to the true class), in nats: 0 is perfect, and confident mistakes cost most. Lower"
    " is better."
)
PRECISION = "Of the rows that were predicted as this class, the share that really belongs to it."
RECALL = "Of the rows that belong to this class, the share that was found."
F1 = "Harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN)."
SUPPORT = "Rows of this split whose true class this is. Scores of few rows are rough."
PREDICTED = "Rows that were predicted as this class, rightly or not."
F1_DIFFERENCE = (
    "F1 of the second model minus F1 of the first, in percentage points. It carries no interval yet: with few rows, a"
    " few points may be chance."
)
SHARE_OF_TRUE = "Of the rows of the true class, the share that was taken for the other one."
CONFIDENCE = "Probability that the model gives to its own answer, right or wrong."
ROW_ID = "Number of the text in this run; the order of the corpus, train first, then validation, then test."
SPLIT = (
    "Train: what the models learned from. Validation: looked at while training. Test: never looked at before, so the"
    " one to quote."
)
NORMALISE = (
    "Counts: number of rows. By truth: each row of the matrix adds up to 100%, the diagonal is recall. By prediction:"
    " each column adds up to 100%, the diagonal is precision."
)

MODELS = MappingProxyType(
    {
        ModelName.DUMMY: "Always answers with the most frequent class of the train split: the floor that any model must"
        " beat.",
        ModelName.LOGREG: "The encoder stays as it was downloaded (frozen); a logistic regression on its vectors does"
        " the classifying.",
        ModelName.FINETUNED: "The same encoder with all its layers trained on this corpus.",
    }
)
ORIGINS = MappingProxyType(
    {
        Origin.HELD_OUT: "Held-out: the model was not fitted on these rows.",
        Origin.OUT_OF_FOLD: "Out-of-fold: each row was predicted by a model fitted without it (cross-validation).",
        Origin.IN_SAMPLE: "In-sample: the model was fitted on these very rows, so the scores flatter it.",
    }
)
