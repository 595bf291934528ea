"""Plain words behind every (?)."""

from types import MappingProxyType

from core.analysis.row_filter import Projection
from core.analysis.tags import Tag
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
LOSS = (
    "−ln(probability that the model gives to the label), in nats: 0 for a label it is sure of, 0.69 for one given 50%,"
    " above 3 for one given less than 5%."
)
MARGIN = "Distance between the two highest probabilities: near 0 the model could hardly decide."
ERRORS = "Rows of this split that the chosen model gets wrong, whatever the filter says about label and answer."
ERROR_RATE = "Share of these rows that the chosen model gets wrong: 100% minus accuracy."
FIXED = "Wrong by the baseline, right by the fine-tuned model."
BROKEN = "Right by the baseline, wrong by the fine-tuned model."
WRONG_IN_BOTH = "Wrong by the baseline and by the fine-tuned model: hard texts, or wrong labels."
RIGHT_IN_BOTH = "Right by the baseline and by the fine-tuned model."
ROW_ID = "Number of the text in this run; the order of the corpus, train first, then validation, then test."
WORDS = "Runs of characters between spaces, as counted when the corpus was prepared."
TRUNCATED = "Rows whose text is longer in tokens than the encoder reads: the models never see the end of it."
TYPICAL_WORDS = (
    "Words that stand in the texts of a class, twice or more, and more often than in all others: log-odds ratio with an"
    " informative Dirichlet prior, as z-score (Monroe, Colaresi & Quinn 2008, “Fightin’ Words”). The prior of a word is"
    " its count in all compared texts. Words are in lower case, apostrophes inside included. Among thousands of words"
    " some reach a z of 3 by chance alone."
)
SPLIT = (
    "Train: what the models learned from. Validation: looked at while training. Test: never looked at before, so the"
    " one to quote."
)
NORMALISE = (
    "Counts: number of rows. By truth: each row of the matrix adds up to 100%, the diagonal is recall. By prediction:"
    " each column adds up to 100%, the diagonal is precision."
)
MATRIX_DIFFERENCE = (
    "Difference: the second model's matrix minus the first's. More on the diagonal and less off it is better."
)
PAIR_DIFFERENCE = "Rows of the second model minus rows of the first; below 0 is an improvement."
TAGS = "Rows with any of these tags. Tags about answers are those of the model in view."
TAG_ERRORS = "Rows with this tag that the model in view gets wrong; the interval is Wilson's, 95%."
TAG_MEANINGS = MappingProxyType(
    {
        Tag.SHORT: "among the shortest tenth by words",
        Tag.LONG: "among the longest tenth by words",
        Tag.TRUNCATED: "longer than the encoder reads",
        Tag.LOW_MARGIN: "top two classes within 10 points",
        Tag.SURE_BUT_WRONG: "wrong at 90% confidence or more",
        Tag.FRAGILE: "a harmless edit changes the answer",
        Tag.NEIGHBOURS_DISAGREE: "neighbours mostly labelled otherwise",
        Tag.SUSPECTED_LABEL: "the label looks wrong",
        Tag.LEAKED: "stands in train too, or nearly so",
        Tag.EXACT_DUPLICATE: "the same text stands here again",
        Tag.NEAR_DUPLICATE: "nearly the same text stands here",
        Tag.CONFLICTING_LABELS: "the same text has another label",
        Tag.OUTLIER: "unlike all other texts",
        Tag.ODD_TEXT: "empty, one word, other script, long",
    }
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
PROJECTIONS = (
    "The vectors of the frozen encoder, flattened to two dimensions. UMAP keeps close neighbours together and bends the"
    " rest. PCA looks along the two directions in which the vectors spread most."
)
READING_A_MAP = MappingProxyType(
    {
        Projection.UMAP: "Near points are texts that the frozen encoder takes for similar. Far distances, the sizes of"
        " gaps and the axes mean little on a UMAP.",
        Projection.PCA: "Texts that the frozen encoder takes for similar lie near each other. This is a shadow of many"
        " dimensions on two: points that lie near each other may still be far apart.",
    }
)
REGION = (
    "The rows of one split inside the rectangle against all others of it, whatever their label and the answers are."
    " Intervals are Wilson score intervals of 95%. A rectangle drawn because it looks bad there will look bad: check it"
    " on another split."
)
