"""Small corpora on disk."""

from pathlib import Path

from core.data.corpus import Corpus
from core.data.settings import CorpusSettings
from core.data.validation import load_corpus


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, strings as UTF-8 and exactly as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def load(dataset: Path | str, **settings: object) -> Corpus:
    """Load a corpus."""
    return load_corpus(CorpusSettings(dataset=str(dataset), **settings))


def csv_of(counts: dict[str, int], split: str | None = None) -> str:
    """Return CSV text with `counts[label]` rows of each label, numbered, in one split if one is given."""
    header = "text,label" if split is None else "text,label,split"
    rows = [f"text {label} {i},{label}" for label, n in counts.items() for i in range(n)]
    return "\n".join([header, *(row if split is None else f"{row},{split}" for row in rows)]) + "\n"
