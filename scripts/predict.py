"""Classify new text with a model of a run, or with any checkpoint folder.

Examples:
  python -m scripts.predict --run demo --text "I am so excited today!"
  python -m scripts.predict --model_dir artifacts/demo/models/finetuned --file texts.csv --csv > answers.csv
  cat lines.txt | python -m scripts.predict --run demo --model logreg --json
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import UseAppendAction

from core.errors import MisreadError
from scripts.cli import RunOptions, run_script

if TYPE_CHECKING:
    import pandas as pd

    from core.models.classifier import Classifier

MAX_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictOptions(RunOptions):
    """Classify new text: from --text, from a file, or one per line from standard input."""

    model: Literal["finetuned", "logreg"] = "finetuned"
    """Which model of the run."""
    model_dir: Path | None = None
    """A fine-tuned checkpoint folder to use instead of a run."""
    model_ckpt: str | None = None
    """Where the frozen encoder of logreg is, if it is neither the packaged one nor on the hub."""
    text: Annotated[tuple[str, ...], UseAppendAction] = ()
    """A text to classify."""
    file: Path | None = None
    """File of texts: .txt with one per line, or .csv/.tsv/.jsonl/.parquet with a text column."""
    text_column: str = "text"
    """Column of --file that holds the text."""
    json: bool = False
    """Print one JSON object per text."""
    csv: bool = False
    """Print CSV."""


def run(options: PredictOptions) -> None:
    """Classify and print."""
    texts = read_texts(options)
    if options.json and options.csv:
        raise MisreadError("both --json and --csv given, expected one way to print; leave out one of them")
    kept = {row: text for row, text in enumerate(texts, start=1) if text.strip()}
    if len(kept) < len(texts):
        print(f"{len(texts) - len(kept):,} blank text(s) left out", file=sys.stderr)
    answers = predict(load_model(options), list(kept.values()))
    answers.insert(0, "row", list(kept))
    if options.json:
        print(answers.to_json(orient="records", lines=True, force_ascii=False), end="")
    elif options.csv:
        print(answers.to_csv(index=False), end="")
    else:
        print(as_text_table(answers))


def read_texts(options: PredictOptions) -> list[str]:
    """Return the texts to classify, blank ones included, so that their positions are those of the source.

    Raises:
        MisreadError: If there are none, or the file cannot be read.
    """
    from core.data.texts import is_unicode, read_text_file

    texts = list(options.text)
    if options.file is not None:
        texts += read_text_file(options.file, options.text_column)
    if not texts and options.file is None and not sys.stdin.isatty():
        texts = read_standard_input()
    broken = [text for text in texts if not is_unicode(text)]
    if broken:
        raise MisreadError(
            f"the text {broken[0]!r} is not UTF-8, expected whole characters; convert it, for example with: iconv -f"
            f" WINDOWS-1252 -t UTF-8"
        )
    if not any(text.strip() for text in texts):
        raise MisreadError(
            'no text given, expected at least one; give it with --text "…", --file PATH or standard input'
        )
    return texts


def read_standard_input() -> list[str]:
    """Return the lines of standard input.

    Raises:
        CorpusError: If they are not UTF-8.
    """
    from core.data.texts import split_lines
    from core.errors import CorpusError

    try:
        return split_lines(sys.stdin.buffer.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"standard input is not UTF-8 (byte 0x{error.object[error.start]:02x} at offset {error.start:,}), expected"
            f" text; convert it, for example with: iconv -f WINDOWS-1252 -t UTF-8"
        ) from error


def load_model(options: PredictOptions) -> "Classifier":
    """Return the classifier that the options name.

    Raises:
        MisreadError: If it is not there or cannot be loaded.
    """
    from core.artifacts.run import Run
    from core.artifacts.schema import ModelName
    from core.models.classifier import TransformerClassifier
    from core.models.predictor import load_classifier

    if options.model_dir is not None:
        return TransformerClassifier.load(options.model_dir)
    found = Run.open(options.artifacts_dir / (options.run or "demo"))
    return load_classifier(found, ModelName(options.model), model_ckpt=options.model_ckpt)


def predict(classifier: "Classifier", texts: list[str]) -> "pd.DataFrame":
    """Return text, prediction, probability, whether the text was cut, and one probability column per class."""
    import pandas as pd

    answer = classifier.predict_proba(texts, progress=len(texts) > 256)
    exact = answer.probs.astype(float)  # rounded as float32, 0.9545 would print as 0.9545000196
    probs = pd.DataFrame(exact.round(4), columns=[f"prob_{name}" for name in classifier.classes])
    head = pd.DataFrame(
        {
            "text": texts,
            "prediction": [classifier.classes[k] for k in answer.probs.argmax(axis=1)],
            "probability": exact.max(axis=1).round(4),
            "truncated": answer.truncated,
        }
    )
    return pd.concat([head, probs], axis=1)


def as_text_table(answers: "pd.DataFrame") -> str:
    """Return the answers as lines for a terminal: prediction, percent, text; cut texts are marked."""
    width = max(len(name) for name in answers["prediction"])
    lines = []
    columns = (answers[name] for name in ("text", "prediction", "probability", "truncated"))
    for full_text, prediction, probability, truncated in zip(*columns, strict=True):
        text = " ".join(full_text.split())
        shown = text if len(text) <= MAX_SHOWN_CHARS else f"{text[: MAX_SHOWN_CHARS - 1]}…"
        cut = "  (only its beginning was read)" if truncated else ""
        lines.append(f"{prediction:<{width}}  {probability:6.1%}  {shown}{cut}")
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    run_script("predict", PredictOptions, run)


if __name__ == "__main__":
    main()
