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
    "F1 of the second model minus F1 of the first, in percentage points, on the same rows. With few rows, a few points"
    " may be chance: the interval and the p-value beside it say so."
)
INTERVAL = (
    "Where the score would lie on other rows drawn like these: such intervals hold the true value 95% of the time. Of"
    " accuracy, precision, recall and the F1 of a class it is Wilson’s, of macro and weighted F1 that of a bootstrap"
    " (samples of these rows with replacement, BCa). A bootstrap has no interval where there is no mistake."
)
DIFFERENCE_INTERVAL = (
    "Where the difference would lie on other rows drawn like these, 95% of the time. Both models answer on the same"
    " rows, so what is hard for both does not blur it. Overall: paired bootstrap. Of a class: put together from both"
    " Wilson intervals (Newcombe; Zou & Donner 2008)."
)
P_VALUE = (
    "How often chance alone makes a difference this large, if the models are equally good. Accuracy: McNemar’s exact"
    " test of the rows on which only one is right. F1: the answers of both models are exchanged at random, thousands"
    " of times."
)
P_ADJUSTED = (
    "p-value corrected for looking at all classes at once (Benjamini & Hochberg 1995): of the classes with 0.05 or"
    " less, at most one in twenty is expected to be chance."
)
FLIPS = (
    "McNemar’s table. Only rows on which one model alone is right tell them apart: if both are equally good, they split"
    " evenly into fixed and broken. Click a number to see its rows."
)
OTHER_RUNS = (
    "Models of this run, and of every other run that has all rows of this split: same text, same class, same split."
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
SCORES_WITHOUT = (
    "The same metrics on the same split, once with all of its rows and again without those that say little about a"
    " model. The rows differ between the lines, so a difference is no test of the model: it says how much such rows"
    " weigh."
)
ISSUE_ROWS = (
    "The rows of the filter with one issue, the worst first. Select one to read it. Corrections belong into the corpus:"
    " nothing is changed here."
)
SUSPECTED_LABELS = (
    "Models that have not seen a row's label say how probable each class is. cleanlab takes a label for wrong if it is"
    " less probable than is usual for its class; shown are those for which another class is many times likelier. A"
    " weak judge suspects good labels: read before you change one."
)
DOUBT = "100% minus the probability that the judges together give to the label. High: they are sure that it is wrong."
SIMILARITY = "Cosine similarity of the two vectors of the frozen encoder; 100% for the same text."
OUTLIER_DISTANCE = "100% minus the mean cosine similarity to the nearest training texts."
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
        Tag.EXACT_DUPLICATE: "repeats an earlier text of its split",
        Tag.NEAR_DUPLICATE: "nearly repeats one of its split",
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
CALIBRATED = (
    "A model is calibrated if it is right as often as it says: in 80% of the rows of which it is 80% sure. Only then"
    " can its confidence decide which texts a person should see."
)
MEAN_CONFIDENCE = "Mean of the probability that the model gives to its own answer. Calibrated: equal to the accuracy."
ECE = (
    "Expected calibration error (Guo et al. 2017): |accuracy − mean confidence| in 15 bins of equal width, weighted by"
    " rows. 0 is perfect. With few rows it is above 0 by chance alone."
)
ECE_EQUAL_MASS = "The same in 15 bins with equally many rows, so that no bin rests on a handful."
BRIER = (
    "Brier score: squared distance between the probabilities of all classes and the label, mean over the rows. 0 is"
    " perfect, 2 the worst."
)
TEMPERATURE = (
    "One number by which all logits of a model are divided, fitted on the validation split for the least log loss (Guo"
    " et al. 2017). Above 1 the model becomes humbler, below 1 bolder. Its answers and its accuracy stay."
)
HANDOVER = (
    "Answers with at least this confidence are taken from the model, all others are left to a person. The confidence is"
    " the model’s own, without temperature. A threshold chosen on the test split flatters: choose it on validation,"
    " then read its effect on test."
)
KEPT_ACCURACY = "Share of the answers that are taken from the model that is right."
CAUGHT = "Texts on this side that the model would have got wrong: what the person’s work is good for."
COVERAGE_AREA = (
    "Mean of the accuracy over all shares of texts that the model may answer, the surest first. High if mistakes are"
    " unsure ones. 100% minus the area under the risk–coverage curve (AURC)."
)
CORPUS_CHECKS = (
    "Checks of the whole corpus, whatever the filter says. A difference between splits counts only if chance would"
    " hardly make it (p < 0.01) and if it is large enough to matter."
)
WEAK_SLICES = (
    "Slices whose rows this model gets wrong more often than all other rows of the split: Fisher’s exact test,"
    " corrected after Benjamini & Hochberg for all conditions, or all combinations, that were tried; p < 5%."
)
SLICE_HOLDS = (
    "What the split that was not searched says. Holds: worse, or better, than the rest there too, p < 5% after"
    " correction for all slices shown. Leans: there too, but it may be chance. No: the other way round. Few rows: fewer"
    " than a slice must have."
)
SLICE_REST = "Accuracy on all other rows of the split."
SLICE_DIFFERENCE = "Accuracy of the slice minus accuracy of the rest, in percentage points."
ERRORS_EXPLAINED = (
    "Errors in the slice beyond what it would have at the error rate of the rest: what mending the slice is worth."
    " Below 0 the slice is better than the rest."
)
EXPLAINED_AT_LEAST = (
    "Lower end of the 95% interval of “Explains” (Newcombe 1998, method 10); the table is ranked by it. It does not"
    " know how many slices were looked at: p does."
)
SLICE_P = (
    "Fisher’s exact test of the slice against the rest, corrected after Benjamini & Hochberg. On the searched split for"
    " everything that was tried, on the other for the slices shown. 0.000 is below 0.0005."
)
MODEL_GAIN = "Accuracy of the second model minus that of the first on the same rows, in percentage points."
PAIRED_INTERVAL = "95% interval of the difference on the same rows (Bonett & Price 2012)."
PAIRED_P = (
    "McNemar’s exact test over the rows that only one of the two models gets right, corrected after Benjamini &"
    " Hochberg for all slices shown. 0.000 is below 0.0005."
)
ATTRIBUTIONS = (
    "Integrated gradients (Sundararajan et al. 2017): how much each word adds to the probability of a class, on the way"
    " from a text of blanks to this one. Blue speaks for the class, orange against it; scores of all words add up"
    " to what the text does to the probability. It says what the model goes by, not what is true of the text."
)
CONVERGENCE_DELTA = (
    "How far the parts are from adding up (convergence delta): the sum of all words’ scores minus the difference"
    " between the two probabilities. Beyond 5 points, do not trust the shades; near 0, single words may still be a few"
    " points off, since errors of either sign cancel out."
)
NEAREST_TEXTS = (
    "The training texts whose vectors have the highest cosine similarity to that of this text in the frozen encoder,"
    " itself left out. ≠ marks another label than this text has, or than the first model says."
)
CLUSTERS = (
    "Texts that look alike to the frozen encoder, grouped by k-means on the vectors of all splits without looking at"
    " labels; numbered from the largest. The words are those that are more frequent in the cluster than elsewhere."
)
CLUSTER_LABEL = (
    "The label that most rows of the cluster carry, and how many of them do. Near 100%: the encoder sees the class."
)
