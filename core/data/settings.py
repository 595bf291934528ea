"""Settings of a corpus; light to import, so that `--help` answers at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSettings:
    """Which labelled texts to use, and how to read them."""

    dataset: str | None = None
    """Hub id (dair-ai/emotion), file (.csv .tsv .jsonl .parquet, or .txt with text;label lines), or
    folder with one file per split; 'demo' is the packaged one; by default the corpus that the run has already."""
    dataset_revision: str | None = None
    """Commit, tag or branch of a hub corpus; the newest when not given."""
    text_column: str = "text"
    """Column that holds the text."""
    label_column: str = "label"
    """Column that holds the label, a string or an integer."""
    split_column: str | None = None
    """Column with train/validation/test; by default a column 'split' is used if there is one."""
    classes: tuple[str, ...] = ()
    """Class names in order; integer labels index into them. By default they come from the corpus."""
    corpus_name: str | None = None
    """Public name to record, when the corpus is a local copy of a published one."""
    licence: str | None = None
    """Licence of the texts, recorded in the manifest."""
    validation_share: float = 0.1
    """Share of the rows without a split that becomes validation where the corpus has no such split."""
    test_share: float = 0.1
    """Share of the rows without a split that becomes test where the corpus has no such split."""
    seed: int = 42
    """Seed of the split (and of everything random in later stages of a build)."""
    limit: int | None = None
    """Use about N rows only, drawn by class and split: a smoke run in seconds, kept apart as RUN-limitN."""
