"""The corpus and what a frozen encoder makes of it: splits, tokens, vectors, map; explained with a run's figures."""

from functools import partial

from core.analysis.row_filter import RowFilter
from core.artifacts.run import Run
from core.artifacts.schema import EMBEDDINGS, FEATURES, Split, Stage
from core.charts.labels import SPLIT_LABELS
from core.ui.data.reads import load_class_balance
from core.ui.formatting import count, percent, plain
from core.ui.how_it_works.pipeline import Findings, Step, setting_of
from core.ui.overview.provenance import encoder_facts
from core.ui.reads import load_token_lengths

_LISTED_CLASSES = 12


def corpus_steps(run: Run) -> list[Step]:
    """Return the steps from the corpus to the vectors."""
    return [_corpus_step(run), _tokens_step(run), _vectors_step(run)]


def _corpus_step(run: Run) -> Step:
    return Step(
        title="The corpus",
        text=(
            "A **corpus** is a collection of texts. Each text has a **label**: the one **class** that is the right"
            " answer for it. A text with its label is a **row**.",
            "The rows are kept in three **splits**. Models learn from *train*. *Validation* is looked at while a model"
            " is trained, to choose its best state. *Test* is looked at only at the end.",
            "Why three: a model can learn its training texts by heart, and a choice made on validation fits validation"
            " best. Only rows that had no part in either show how it does on new texts.",
        ),
        stage=Stage.PREPARE_DATA,
        find=partial(_find_corpus, run),
    )


def _find_corpus(run: Run) -> Findings:
    corpus = run.manifest.corpus
    balance = load_class_balance(run, RowFilter())
    largest_first = balance.largest_first()
    largest, smallest = largest_first[0], largest_first[-1]
    parts = (f"{SPLIT_LABELS[split]} {corpus.n_rows.get(split, 0):,}" for split in Split)
    names = f": {', '.join(corpus.classes)}" if len(corpus.classes) <= _LISTED_CLASSES else ""
    return Findings(
        facts=[
            ("Corpus", corpus.name),
            ("Rows", f"{run.manifest.n_rows:,}: {', '.join(parts)}"),
            ("Classes", f"{len(corpus.classes):,}{names}"),
            ("Largest class", f"{corpus.classes[largest]}, {count(balance.totals[largest], 'row')} over all splits"),
            ("Smallest class", f"{corpus.classes[smallest]}, {count(balance.totals[smallest], 'row')} over all splits"),
            *(("Note", note) for note in corpus.notes),
        ]
    )


def _tokens_step(run: Run) -> Step:
    return Step(
        title="Texts become tokens",
        text=(
            "An **encoder** is a neural network that reads text. It does not read words but **tokens**: pieces of words"
            " from a fixed list. A frequent word is one token, a rare one is several. Most encoders add special tokens"
            " that mark where a text begins and ends.",
            "An encoder reads a limited number of tokens. A longer text is cut at its end (**truncation**), and"
            " the encoder never sees what was cut. A higher limit costs more time and memory.",
        ),
        stage=Stage.EXTRACT_FEATURES,
        paths=(FEATURES.path,),
        shared="together with step 3",
        find=partial(_find_tokens, run),
    )


def _find_tokens(run: Run) -> Findings:
    lengths, encoder = load_token_lengths(run), run.manifest.encoder
    cut = f"{lengths.n_truncated:,} of {count(lengths.n_texts, 'text')} ({percent(lengths.truncated_share)})"
    return Findings(
        facts=[
            ("Limit", None if encoder is None else count(encoder.max_length, "token")),
            ("Median length", f"{lengths.median:g} tokens"),
            ("Longest text", count(lengths.longest, "token")),
            ("Texts that are cut", cut),
        ],
        basis="all splits, special tokens counted",
    )


def _vectors_step(run: Run) -> Step:
    encoder = run.manifest.encoder
    numbers = "" if encoder is None else f", {encoder.dimension:,} of them in this run"
    pooled = (
        "The mean over the vectors of all its tokens stands for the whole text (**mean pooling**)."
        if encoder is not None and encoder.pooling == "mean"
        else "The vector of the first token, which BERT-like encoders call **[CLS]**, stands for the whole text."
    )
    return Step(
        title="Each text becomes a vector",
        text=(
            f"Inside the encoder each token is a **vector**: a list of numbers{numbers}. From layer to layer, the"
            " vector of a token takes in what the other tokens say.",
            f"{pooled} Texts that the encoder takes for similar have similar vectors.",
            "The encoder is **frozen** here. It is used as it was published and learns nothing from this corpus.",
        ),
        stage=Stage.EXTRACT_FEATURES,
        paths=(EMBEDDINGS,),
        shared="together with step 2",
        find=lambda: Findings(facts=encoder_facts(run)),
    )


def map_step(run: Run) -> Step:
    """Return the step that lays the vectors out on a plane."""
    neighbours, encoder = setting_of(run, Stage.PROJECTION, "n_neighbors"), run.manifest.encoder
    many = f"{encoder.dimension:,} numbers" if encoder is not None else "hundreds of numbers"
    return Step(
        title="The map",
        text=(
            f"Nobody can look at {many} per text. Two methods lay the vectors of step 3 out on a plane.",
            f"**UMAP** tries to keep the {f'{plain(neighbours)} ' if neighbours else ''}nearest neighbours of each"
            " text near, by the angle between vectors (*cosine distance*). Points close together are mostly texts that"
            " the encoder takes for similar. How far apart two groups lie, how large they are, and the axes mean"
            " little.",
            "**PCA** shows the vectors from the side from which they differ most, like a shadow. Points far apart are"
            " far apart in truth; points close together need not be close.",
            "Both show the frozen encoder. Classes that overlap here may still be told apart by the fine-tuned one.",
        ),
        stage=Stage.PROJECTION,
        find=partial(_find_map, run),
    )


def _find_map(run: Run) -> Findings:
    setting = partial(setting_of, run, Stage.PROJECTION)
    return Findings(
        facts=[
            ("Points", f"{run.manifest.n_rows:,}, all splits"),
            ("UMAP neighbours", setting("n_neighbors")),
            ("UMAP minimal distance", setting("min_dist")),
            ("Seed", setting("seed")),
        ]
    )
