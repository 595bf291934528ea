"""Names, columns and types of every file of a run; the only place where they are spelled.

`artifacts/README.md` describes the same files for people and is checked against this module by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

SCHEMA_VERSION = 1

MANIFEST = "manifest.json"
RESTORED = "restored.json"
EMBEDDINGS = "embeddings.npy"
METRICS = "metrics.json"
COMPARISON = "comparison.json"
CALIBRATION = "calibration.json"
SLICES = "slices.json"
CORPUS_WARNINGS = "corpus_warnings.json"
LOGREG_DIR = "models/logreg"
LOGREG_HEAD = "models/logreg/head.safetensors"
LOGREG_ESTIMATOR = "models/logreg/logreg.joblib"
FINETUNED_DIR = "models/finetuned"
FIGURES_DIR = "figures"
META_PREFIX = "meta_"
PROB_PREFIX = "prob_"
NEIGHBOR_PREFIX = "neighbor_"
SIMILARITY_PREFIX = "similarity_"
FAMILY_TYPES = {PROB_PREFIX: pa.float32(), NEIGHBOR_PREFIX: pa.int32(), SIMILARITY_PREFIX: pa.float32()}
"""Types of the further columns by their prefix; those of metadata are the corpus's own."""
CLASS_COLUMNS = ("label", "pred", "original_pred", "target")
NONE = -1


class Split(StrEnum):
    """The three parts of a corpus."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class Origin(StrEnum):
    """How a prediction relates to the data its model was fitted on."""

    HELD_OUT = "held_out"
    OUT_OF_FOLD = "out_of_fold"
    IN_SAMPLE = "in_sample"


class ModelName(StrEnum):
    """The models of a run, from the humblest to the best expected."""

    DUMMY = "dummy"
    LOGREG = "logreg"
    FINETUNED = "finetuned"


class Issue(StrEnum):
    """What can be wrong with a row of a corpus."""

    SUSPECTED_LABEL = "suspected_label"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    LEAKED = "leaked"
    CONFLICTING_LABELS = "conflicting_labels"
    OUTLIER = "outlier"
    ODD_TEXT = "odd_text"


class Edit(StrEnum):
    """How texts are edited without changing what they mean; `core.analysis.edits` makes them."""

    LOWER_CASE = "lower_case"
    EXTRA_SPACES = "extra_spaces"
    FULL_STOP = "full_stop"
    QUOTE_MARKS = "quote_marks"
    HASH_SIGNS = "hash_signs"
    EXPANDED = "expanded"
    CONTRACTED = "contracted"
    SWAPPED_LETTERS = "swapped_letters"
    WRONG_KEY = "wrong_key"
    MISSING_LETTER = "missing_letter"
    OPENING_WORD = "opening_word"
    CLOSING_WORDS = "closing_words"
    HANDLE = "handle"
    LINK = "link"
    UPPER_CASE = "upper_case"
    EXCLAMATION = "exclamation"
    NO_PUNCTUATION = "no_punctuation"
    NO_EMOJI = "no_emoji"


class Stage(StrEnum):
    """The steps that make a run, in order; each is one record in the manifest."""

    PREPARE_DATA = "prepare_data"
    EXTRACT_FEATURES = "extract_features"
    TRAIN_BASELINES = "train_baselines"
    FINE_TUNE = "fine_tune"
    PROJECTION = "analyze/projection"
    METRICS = "analyze/metrics"
    COMPARISON = "analyze/comparison"
    CALIBRATION = "analyze/calibration"
    NEIGHBORS = "analyze/neighbors"
    CLUSTERS = "analyze/clusters"
    ISSUES = "analyze/issues"
    WARNINGS = "analyze/warnings"
    SLICES = "analyze/slices"
    ATTRIBUTIONS = "analyze/attributions"
    BEHAVIOUR = "analyze/behaviour"
    FIGURES = "analyze/figures"

    @property
    def script(self) -> str:
        """Return the script that makes this stage."""
        return self.value.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One Parquet file: its path inside the run and its columns.

    `open_prefixes` names the families of further columns that the file may hold, such as `meta_` or `prob_`.
    `row_per_example` says that row i belongs to id i, for every id of the run, `gaps_in_measurements` that a measured
    value may be empty, `choices` which columns hold nothing but the values of a closed choice.
    """

    path: str
    schema: pa.Schema
    open_prefixes: tuple[str, ...] = ()
    stage: Stage
    row_per_example: bool = True
    gaps_in_measurements: bool = False
    choices: Mapping[str, type[StrEnum]] = field(default_factory=dict, hash=False)


EXAMPLES = Table(
    path="examples.parquet",
    schema=pa.schema(
        [
            ("id", pa.int32()),
            ("split", pa.string()),
            ("label", pa.int16()),
            ("text_sha256", pa.string()),
            ("n_chars", pa.int32()),
            ("n_words", pa.int32()),
        ]
    ),
    open_prefixes=(META_PREFIX,),
    stage=Stage.PREPARE_DATA,
)
TEXTS = Table(
    path="texts.parquet",
    schema=pa.schema([("id", pa.int32()), ("text", pa.string())]),
    stage=Stage.PREPARE_DATA,
)
FEATURES = Table(
    path="features.parquet",
    schema=pa.schema([("id", pa.int32()), ("n_tokens", pa.int32()), ("truncated", pa.bool_())]),
    stage=Stage.EXTRACT_FEATURES,
)
PROJECTION = Table(
    path="projection.parquet",
    schema=pa.schema(
        [
            ("id", pa.int32()),
            ("umap_x", pa.float32()),
            ("umap_y", pa.float32()),
            ("pca_x", pa.float32()),
            ("pca_y", pa.float32()),
        ]
    ),
    stage=Stage.PROJECTION,
)
TRAINING_LOG = Table(
    path="training_log.parquet",
    schema=pa.schema(
        [
            ("step", pa.int32()),
            ("epoch", pa.float32()),
            ("train_loss", pa.float32()),
            ("learning_rate", pa.float32()),
            ("validation_loss", pa.float32()),
            ("validation_accuracy", pa.float32()),
            ("validation_macro_f1", pa.float32()),
        ]
    ),
    stage=Stage.FINE_TUNE,
    row_per_example=False,
    gaps_in_measurements=True,
)

NEIGHBORS = Table(
    path="neighbors.parquet",
    schema=pa.schema([("id", pa.int32())]),
    open_prefixes=(NEIGHBOR_PREFIX, SIMILARITY_PREFIX),
    stage=Stage.NEIGHBORS,
)
CLUSTERS = Table(
    path="clusters.parquet",
    schema=pa.schema([("id", pa.int32()), ("cluster", pa.int16())]),
    stage=Stage.CLUSTERS,
)
ISSUES = Table(
    path="issues.parquet",
    schema=pa.schema(
        [
            ("id", pa.int32()),
            ("issue", pa.string()),
            ("detail", pa.string()),
            ("score", pa.float32()),
            ("other", pa.int32()),
            ("suggested", pa.int16()),
        ]
    ),
    stage=Stage.ISSUES,
    row_per_example=False,
    choices={"issue": Issue},
)
ATTRIBUTIONS = Table(
    path="attributions.parquet",
    schema=pa.schema(
        [
            ("id", pa.int32()),
            ("model", pa.string()),
            ("target", pa.int16()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("score", pa.float32()),
            ("delta", pa.float32()),
        ]
    ),
    stage=Stage.ATTRIBUTIONS,
    row_per_example=False,
    choices={"model": ModelName},
)
BEHAVIOUR = Table(
    path="behaviour.parquet",
    schema=pa.schema(
        [
            ("id", pa.int32()),
            ("model", pa.string()),
            ("edit", pa.string()),
            ("pred", pa.int16()),
            ("confidence", pa.float32()),
            ("original_pred", pa.int16()),
            ("original_confidence", pa.float32()),
        ]
    ),
    stage=Stage.BEHAVIOUR,
    row_per_example=False,
    choices={"model": ModelName, "edit": Edit},
)

_PREDICTION_STAGE = {
    ModelName.DUMMY: Stage.TRAIN_BASELINES,
    ModelName.LOGREG: Stage.TRAIN_BASELINES,
    ModelName.FINETUNED: Stage.FINE_TUNE,
}


def predictions_table(model: ModelName) -> Table:
    """Return the layout of one model's predictions; class k's probability is column `prob_<k>`."""
    return Table(
        path=f"predictions/{model}.parquet",
        schema=pa.schema([("id", pa.int32()), ("pred", pa.int16()), ("origin", pa.string())]),
        open_prefixes=(PROB_PREFIX,),
        stage=_PREDICTION_STAGE[model],
    )


def probability_columns(n_classes: int) -> list[str]:
    """Return `prob_0 … prob_{n_classes-1}`, in class order."""
    return [f"{PROB_PREFIX}{k}" for k in range(n_classes)]


TABLES: tuple[Table, ...] = (
    EXAMPLES,
    TEXTS,
    FEATURES,
    PROJECTION,
    TRAINING_LOG,
    NEIGHBORS,
    CLUSTERS,
    ISSUES,
    ATTRIBUTIONS,
    BEHAVIOUR,
    *(predictions_table(model) for model in ModelName),
)
