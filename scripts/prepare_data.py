"""Load, check and split a labelled corpus.

Example: python -m scripts.prepare_data --run reviews --dataset reviews.csv --text-column body --label-column stars
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.data.settings import CorpusSettings
from scripts.cli import RunOptions, check_seed, name_run, print_next, publish, run_script
from scripts.recorded import recorded_manifest, recorded_settings

if TYPE_CHECKING:
    from pydantic import JsonValue

    from core.artifacts.workspace import Workspace
    from core.data.corpus import Corpus


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDataOptions(RunOptions):
    """Load, check and split a labelled corpus into a run."""

    corpus: CorpusSettings = CorpusSettings()


def run(options: PrepareDataOptions) -> None:
    """Prepare the corpus and publish it."""
    from core.artifacts.workspace import open_workspace

    check_seed(options.corpus.seed)
    name = name_run(options.run, dataset=options.corpus.dataset, limit=options.corpus.limit)
    with open_workspace(options.artifacts_dir, name) as workspace:
        print(prepare(workspace, options.corpus))
        publish(workspace)
    print_next(name, "extract_features", options.artifacts_dir)


def prepare(workspace: "Workspace", settings: CorpusSettings) -> str:
    """Load a corpus and make it the workspace's; return one line that says what came out.

    Raises:
        CorpusError: If the corpus does not fit; nothing is written then.
    """
    from core.data.validation import load_corpus

    corpus = load_corpus(settings)
    recorded = {key: value for key, value in asdict(settings).items() if key != "dataset"}
    recorded |= {"classes": list(settings.classes), "source_sha256": corpus.info.sha256}
    return store_corpus(workspace, corpus, recorded)


def prepare_smoke_run(workspace: "Workspace", parent: Path, *, limit: int) -> str:
    """Make a small part of the corpus of the run in `parent` the workspace's.

    Raises:
        ArtifactError: If the run in `parent` or its texts are missing.
    """
    from core.artifacts.run import Run
    from core.artifacts.schema import Stage
    from core.data.stored import corpus_of_run

    whole = Run.open(parent)
    corpus = corpus_of_run(whole, limit=limit)
    made = whole.manifest.stages.get(Stage.PREPARE_DATA)
    return store_corpus(workspace, corpus, (made.settings if made else {}) | {"limit": limit})


def store_corpus(workspace: "Workspace", corpus: "Corpus", recorded: "dict[str, JsonValue]") -> str:
    """Write a corpus as examples and texts; return one line that says what came out."""
    import pandas as pd

    from core.artifacts.files import sha256_of_text
    from core.artifacts.schema import EXAMPLES, META_PREFIX, TEXTS, Stage

    info = corpus.info
    counts = ", ".join(f"{split} {n:,}" for split, n in info.n_rows.items())
    summary = f"{workspace.name}: {len(corpus.frame):,} texts of {info.name}, {len(info.classes)} classes ({counts})"
    summary = "\n".join([summary, *(f"  note: {note}" for note in info.notes)])
    if workspace.is_fresh(Stage.PREPARE_DATA, recorded, []):
        return f"{summary}\n  unchanged"
    frame = corpus.frame
    text = frame["text"]
    examples = pd.DataFrame(
        {
            "id": range(len(frame)),
            "split": frame["split"],
            "label": frame["label"],
            "text_sha256": [sha256_of_text(value) for value in text],
            "n_chars": text.map(len),
            "n_words": text.map(lambda value: len(value.split())),
        }
    )
    meta = [name for name in frame.columns if name.startswith(META_PREFIX)]
    with workspace.stage(
        Stage.PREPARE_DATA,
        settings=recorded,
        inputs=[],
        libraries=["pandas", "datasets"],
    ) as writer:
        writer.corpus = info
        writer.table(EXAMPLES, pd.concat([examples, frame[meta]], axis=1))
        writer.table(TEXTS, pd.DataFrame({"id": examples["id"], "text": text}))
    return f"{summary}\n  wrote {EXAMPLES.path} and {TEXTS.path}"


def default_options() -> PrepareDataOptions:
    """Return the options with the settings that the run was made with."""
    return PrepareDataOptions(corpus=recorded_settings(CorpusSettings(), recorded_manifest(), "prepare_data"))


def main() -> None:
    """Run from the command line."""
    run_script("prepare_data", default_options, run)


if __name__ == "__main__":
    main()
