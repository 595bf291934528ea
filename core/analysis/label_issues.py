"""Labels that look wrong to models which have not seen them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.artifacts.schema import ModelName, Origin

IntArray = npt.NDArray[np.integer]
FloatArray = npt.NDArray[np.floating]
_SMALLEST = 1e-6
_LARGEST_WEIGHT = 3.0
_N_FOLDS = 5
_LETTERS_ALPHA = 1e-5
_N_EPOCHS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Rows whose label looks wrong, the worst first; arrays of shape (suspects,).

    `positions` are those in the arrays that were judged, `suggested` the class thought likeliest, `score` is
    1 - probability of the label.
    """

    positions: IntArray
    suggested: IntArray
    score: FloatArray


def judges_of(origins: Mapping[ModelName, Origin]) -> tuple[ModelName, ...]:
    """Return the models whose answers to some rows were made without having seen their labels.

    Args:
        origins: How each model's predictions of these rows relate to what it was fitted on.
    """
    return tuple(
        model for model, origin in origins.items() if model is not ModelName.DUMMY and origin is not Origin.IN_SAMPLE
    )


def find_suspects(label: IntArray, probs: FloatArray, *, label_odds: float) -> Suspects:
    """Return the rows whose label cleanlab takes for wrong and that is far less likely than another class.

    Where models are weak, cleanlab's own cut takes in most of their mistakes; the odds keep those that are certain.

    Args:
        label: Labels, shape (n,).
        probs: Class probabilities of models that have not seen these labels, shape (n, classes).
        label_odds: How many times likelier another class must be than the label; 1 keeps cleanlab's own cut.

    Source: Northcutt et al. 2021, "Confident Learning", as in `cleanlab.filter.find_label_issues`, ranked by
    `cleanlab.rank.get_self_confidence_for_each_label`.
    """
    if len(np.unique(label)) < 2:
        return Suspects(positions=label[:0], suggested=label[:0], score=probs[:0, 0])
    import warnings

    from cleanlab.filter import find_label_issues

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="May not flag all label issues")  # of classes with hardly a row
        found = find_label_issues(label.astype(np.int64), probs, n_jobs=1)
    suggested = probs.argmax(axis=1)
    own = probs[np.arange(len(label)), label]
    found &= (suggested != label) & (label_odds * own <= probs.max(axis=1))
    positions = np.flatnonzero(found)
    positions = positions[np.argsort(own[positions], kind="stable")]
    return Suspects(positions=positions, suggested=suggested[positions], score=1 - own[positions])


def pool_probabilities(probs: Sequence[FloatArray], label: IntArray) -> FloatArray:
    """Return the probabilities of several models as one, each weighted by how well they foretell the labels together.

    The pool is the product of the probabilities to the power of one weight per model, normalised; the weights, in
    [0, 3], are those of the highest likelihood. A few numbers fitted to all rows cannot learn a single label.

    Args:
        probs: Class probabilities of each model, each of shape (n, classes).
        label: Labels, shape (n,).

    Source: Genest and Zidek 1986, "Combining Probability Distributions", the logarithmic opinion pool.
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax, softmax

    logs = np.log(np.clip(np.stack(probs).astype(np.float64), _SMALLEST, 1))
    each = np.arange(len(label))

    def loss(weights: FloatArray) -> float:
        return float(-log_softmax(np.tensordot(weights, logs, 1), axis=1)[each, label].mean())

    start = np.full(len(probs), 1 / len(probs))
    fitted = minimize(loss, start, method="L-BFGS-B", bounds=[(0, _LARGEST_WEIGHT)] * len(probs))
    pooled: FloatArray = softmax(np.tensordot(fitted.x, logs, 1), axis=1)
    return pooled


def judge_by_letters(
    texts: Sequence[str], label: IntArray, train: npt.NDArray[np.bool_], *, n_classes: int, seed: int
) -> FloatArray:
    """Return the class probabilities of a logistic regression on runs of letters that has not seen the row's label.

    It errs on other texts than the encoders do, so that together they are wrong less often. Train rows are predicted
    out of fold, the others by the model of all train rows. Time grows with the number of texts, not faster.

    Args:
        texts: All texts.
        label: Labels, shape (texts,).
        train: Which texts the model is fitted on, shape (texts,).
        n_classes: Number of classes of the run.
        seed: Seed of the folds.

    Raises:
        ValueError: If the train rows have a single class, or no class has two rows.
    """
    import warnings

    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.model_selection import StratifiedKFold

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=200_000)
    features = vectors.fit_transform(texts).astype(np.float32)
    probs = np.zeros((len(label), n_classes), dtype=np.float32)
    rows = np.flatnonzero(train)
    folds = StratifiedKFold(min(_N_FOLDS, int(np.bincount(label[rows]).max())), shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = [(rows[kept], rows[out]) for kept, out in folds.split(rows, label[rows])]
        others = np.flatnonzero(~train)
        for kept, out in [*parts, (rows, others)] if len(others) else parts:
            model = SGDClassifier(
                loss="log_loss", alpha=_LETTERS_ALPHA, max_iter=_N_EPOCHS, tol=None, random_state=seed
            ).fit(features[kept], label[kept])
            probs[np.ix_(out, model.classes_)] = model.predict_proba(features[out])
    return probs
