"""Where a corpus comes from: the package, a file, a folder with one file per split, or the hub."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from core.artifacts.files import sha256_of
from core.artifacts.schema import Split
from core.data.formats import SUFFIXES, read_file
from core.data.settings import CorpusSettings
from core.errors import CorpusError

DEMO_FILE = Path(__file__).parent / "everyday_feelings" / "feelings.csv"
HUB_ALIASES = {"emotion": "dair-ai/emotion"}
SPLIT_NAMES = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "validation": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "val": Split.VALIDATION,
    "dev": Split.VALIDATION,
    "test": Split.TEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Raw frames of a corpus: one per split, or a single one under the key None; `sha256` covers all of its bytes."""

    frames: dict[Split | None, pd.DataFrame]
    name: str
    source: str
    sha256: str
    classes: tuple[str, ...] = ()
    revision: str | None = None
    licence: str | None = None
    notes: tuple[str, ...] = field(default=())


def load_source(settings: CorpusSettings) -> Source:
    """Load what `settings.dataset` names.

    Raises:
        CorpusError: If it does not exist, cannot be reached, or cannot be read.
    """
    dataset = settings.dataset
    if dataset is None:
        raise CorpusError("no corpus given, expected one; give it with --dataset PATH_OR_HUB_ID")
    if dataset == "demo":
        frame, _ = read_file(DEMO_FILE, text_column="text", label_column="label")
        return Source(
            frames={None: frame},
            name="Everyday Feelings",
            source="package",
            sha256=sha256_of(DEMO_FILE),
            licence="CC0-1.0",
        )
    path = Path(dataset).expanduser()
    if path.is_dir():
        return _load_folder(path, settings)
    if path.exists() or path.suffix.lower() in SUFFIXES:
        frame, classes = read_file(path, text_column=settings.text_column, label_column=settings.label_column)
        return Source(frames={None: frame}, name=path.stem, source=path.name, sha256=sha256_of(path), classes=classes)
    hub_id = HUB_ALIASES.get(dataset, dataset)
    if not re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", hub_id):
        raise CorpusError(
            f"no such file or folder: {dataset}; expected a path, a hub id such as dair-ai/emotion, or 'demo', so check"
            f" --dataset"
        )
    return _load_hub(hub_id, settings)


def _load_folder(folder: Path, settings: CorpusSettings) -> Source:
    files: dict[Split, Path] = {}
    for path in sorted(folder.iterdir()):
        split = SPLIT_NAMES.get(path.stem.lower())
        if split is None or path.suffix.lower() not in SUFFIXES:
            continue
        if split in files:
            raise CorpusError(
                f"{folder} has two files for {split}: {files[split].name} and {path.name}, expected one per split;"
                f" remove or rename one"
            )
        files[split] = path
    if Split.TRAIN not in files:
        found = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) or "nothing"
        raise CorpusError(
            f"{folder} has no train file (found: {found}), expected train and optionally validation and test as"
            f" {' '.join(SUFFIXES)}; rename the files"
        )
    frames: dict[Split | None, pd.DataFrame] = {}
    classes: tuple[str, ...] = ()
    digest = hashlib.sha256()
    for split in Split:
        if split in files:
            frames[split], found_classes = read_file(
                files[split], text_column=settings.text_column, label_column=settings.label_column
            )
            if classes and found_classes not in ((), classes):
                raise CorpusError(
                    f"{files[split].name} names the classes {', '.join(found_classes)}, the files before it"
                    f" {', '.join(classes)}, expected the same list; export them again"
                )
            classes = classes or found_classes
            digest.update(f"{split}:{sha256_of(files[split])}\n".encode())
    return Source(
        frames=frames,
        name=folder.resolve().name,
        source=folder.resolve().name,
        sha256=digest.hexdigest(),
        classes=classes,
    )


def _load_hub(hub_id: str, settings: CorpusSettings) -> Source:
    import datasets
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        loaded = datasets.load_dataset(hub_id, revision=settings.dataset_revision)
    except (
        datasets.exceptions.DatasetsError,
        HfHubHTTPError,
        OfflineModeIsEnabled,
        OSError,
        ValueError,
    ) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise CorpusError(
            f"there is no folder {hub_id}, and the hub corpus of that name cannot be loaded ({reason}), expected a"
            f" reachable hub or a cached copy; check the id and the network, or give a local copy with --dataset PATH"
        ) from error
    frames: dict[Split | None, pd.DataFrame] = {}
    classes: tuple[str, ...] = ()
    digests, left_out = [], []
    licence = None
    for name, part in loaded.items():
        split = SPLIT_NAMES.get(str(name).lower())
        if split is None:
            left_out.append(str(name))
            continue
        frames[split] = part.to_pandas()
        # the fingerprint that `datasets` keeps depends on where and when the corpus was cached
        rows = frames[split].to_json(orient="records", lines=True)
        digests.append(f"{split}:{hashlib.sha256(rows.encode()).hexdigest()}")
        licence = licence or part.info.license or None
        feature = part.features.get(settings.label_column)
        if isinstance(feature, datasets.ClassLabel):
            classes = tuple(feature.names)
    if Split.TRAIN not in frames:
        raise CorpusError(
            f"the hub corpus {hub_id} has the splits {', '.join(map(str, loaded)) or 'none'}, expected at least train;"
            f" download it and give one file per split with --dataset FOLDER"
        )
    return Source(
        frames=frames,
        name=hub_id,
        source="hub",
        sha256=hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest(),
        classes=classes,
        revision=settings.dataset_revision,
        notes=(f"split(s) left out: {', '.join(left_out)}",) if left_out else (),
        licence=licence,
    )
