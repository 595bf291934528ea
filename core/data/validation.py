"""Raw frames → a checked corpus: columns, blanks, labels, splits, metadata."""

import re

import pandas as pd

from core.artifacts.manifest import CorpusInfo
from core.artifacts.schema import META_PREFIX, Split
from core.data.corpus import Corpus, count_rows
from core.data.metadata import name_metadata, plain_values
from core.data.settings import CorpusSettings
from core.data.sources import SPLIT_NAMES, Source, load_source
from core.data.splitting import add_missing_splits, sample_rows
from core.errors import CorpusError

MAX_BLANK_SHARE = 0.5
MAX_CLASSES = 1_000
MAX_SHOWN = 12


def load_corpus(settings: CorpusSettings) -> Corpus:
    """Load, check and split the corpus that `settings` names.

    Raises:
        CorpusError: If anything about it does not fit; the message says what was found, expected, and to be done.
    """
    return make_corpus(load_source(settings), settings)


def make_corpus(source: Source, settings: CorpusSettings) -> Corpus:
    """Check and split an already loaded source.

    Raises:
        CorpusError: As for `load_corpus`.
    """
    frame = _join_splits(source, settings)
    # integers of a corpus that lists its classes are positions in that list, even if the classes are named 1, 2, 3
    are_positions = not settings.classes and bool(source.classes) and pd.api.types.is_integer_dtype(frame["label"])
    frame, notes = _drop_blank(frame, source)
    frame["label"], classes = _encode_labels(
        frame["label"], settings.classes or source.classes, are_positions=are_positions
    )
    frame, classes, more_notes = _drop_unused_classes(frame, classes)
    notes += more_notes
    _check_held_out_classes(frame, classes)
    frame, more_notes = add_missing_splits(
        frame,
        classes=classes,
        validation_share=settings.validation_share,
        test_share=settings.test_share,
        seed=settings.seed,
    )
    notes += more_notes
    if settings.limit is not None:
        n_before = len(frame)
        frame = sample_rows(frame, limit=settings.limit, seed=settings.seed)
        if len(frame) < n_before:
            notes.append(f"limited to {len(frame):,} of {n_before:,} rows with --limit {settings.limit}")
    order = frame["split"].map({split.value: k for k, split in enumerate(Split)})
    frame = frame.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    info = CorpusInfo(
        name=settings.corpus_name or source.name,
        source="local copy" if settings.corpus_name and source.source not in ("hub", "package") else source.source,
        revision=source.revision,
        licence=settings.licence or source.licence,
        sha256=source.sha256,
        classes=classes,
        n_rows=count_rows(frame["split"]),
        notes=(*source.notes, *notes),
    )
    return Corpus(frame=frame, info=info)


def _join_splits(source: Source, settings: CorpusSettings) -> pd.DataFrame:
    parts = []
    for split, raw in source.frames.items():
        part = _pick_columns(raw, source, settings)
        if split is not None:
            part["split"] = split.value
        elif "split" not in part:
            part["split"] = Split.TRAIN.value
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    if frame.empty:
        raise CorpusError(
            f"{source.source} has a header but no rows, expected labelled texts; check the file given with --dataset"
        )
    for name in frame.columns:
        if name.startswith(META_PREFIX):
            frame[name] = plain_values(frame[name])
    return frame


def _pick_columns(raw: pd.DataFrame, source: Source, settings: CorpusSettings) -> pd.DataFrame:
    for column, option in ((settings.text_column, "--text-column"), (settings.label_column, "--label-column")):
        if column not in raw.columns:
            found = ", ".join(map(str, raw.columns)) or "none"
            raise CorpusError(f"{source.source} has no column {column!r} (found: {found}); name it with {option}")
    if settings.text_column == settings.label_column:
        raise CorpusError(
            f"--text-column and --label-column are both {settings.text_column!r}, expected two columns; change one of"
            f" them"
        )
    for column in (settings.text_column, settings.label_column):
        _check_single_values(raw[column], source)
    picked = pd.DataFrame({"text": raw[settings.text_column], "label": raw[settings.label_column]})
    split_column = _find_split_column(raw, settings, source)
    if split_column is not None:
        picked["split"] = raw[split_column].astype(str).str.strip().str.lower().map(SPLIT_NAMES).astype(str)
    taken = {settings.text_column, settings.label_column, split_column}
    for name in raw.columns:
        if name not in taken:
            picked[name_metadata(str(name), set(picked.columns))] = raw[name]
    return picked


def _check_single_values(values: pd.Series | pd.DataFrame, source: Source) -> None:
    if isinstance(values, pd.DataFrame):
        raise CorpusError(
            f"{source.source} has {values.shape[1]} columns named {values.columns[0]!r}, expected one; rename"
            f" the others"
        )
    odd = values.map(lambda value: isinstance(value, bytes) or pd.api.types.is_list_like(value)).astype(bool)
    if odd.any():
        kind = type(values[odd].iloc[0]).__name__
        raise CorpusError(
            f"column {values.name!r} of {source.source} holds values of type {kind}, expected one text or label per"
            f" row; name another column, or export it with single values"
        )


def _find_split_column(raw: pd.DataFrame, settings: CorpusSettings, source: Source) -> str | None:
    name = settings.split_column or "split"
    if name not in raw.columns or None not in source.frames:
        if settings.split_column is not None and None in source.frames:
            found = ", ".join(map(str, raw.columns))
            raise CorpusError(
                f"{source.source} has no column {name!r} (found: {found}); name the one with train/validation/test with"
                f" --split-column"
            )
        return None
    values = set(raw[name].astype(str).str.strip().str.lower())
    unknown = sorted(values - SPLIT_NAMES.keys())
    if not unknown:
        return name
    if settings.split_column is None and len(unknown) == len(values):
        return None
    raise CorpusError(
        f"column {name!r} of {source.source} holds {unknown[0]!r}, expected {', '.join(SPLIT_NAMES)}; correct it, or"
        f" name another with --split-column"
    )


def _drop_blank(frame: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[str]]:
    notes = []
    n_rows = len(frame)
    n_dropped = 0
    for column in ("text", "label"):
        missing = frame[column].isna()
        blank = missing | (frame[column].astype(str).str.strip() == "")
        n_blank = int(blank.sum())
        n_dropped += n_blank
        if n_dropped > MAX_BLANK_SHARE * n_rows:
            raise CorpusError(
                f"{n_dropped:,} of {n_rows:,} rows of {source.source} have no {column}, expected at most"
                f" {MAX_BLANK_SHARE:.0%}; check --{column}-column, or remove these rows"
            )
        if n_blank:
            notes.append(f"{n_blank:,} of {n_rows:,} rows dropped because their {column} is missing or blank")
            frame = frame[~blank]
    frame = frame.reset_index(drop=True)
    frame["text"] = frame["text"].astype(str)
    return frame, notes


def _encode_labels(
    labels: pd.Series, classes: tuple[str, ...], *, are_positions: bool
) -> tuple[pd.Series, tuple[str, ...]]:
    """Return integer labels and the class names that they index."""
    names = labels.map(_label_name)
    unique = sorted(set(names))
    numeric = all(re.fullmatch(r"-?\d+", name) for name in unique)
    if classes and numeric and (are_positions or not set(unique) <= set(classes)):
        indices = names.astype(int)
        outside = indices[(indices < 0) | (indices >= len(classes))]
        if len(outside):
            raise CorpusError(
                f"the label {outside.iloc[0]} ({len(outside):,} rows outside) is not in 0…{len(classes) - 1}, the"
                f" {len(classes)} classes {_listed(classes)}; correct it, drop those rows, or give the list with"
                f" --classes"
            )
        return indices, classes
    if not classes:
        if len(unique) > MAX_CLASSES:
            raise CorpusError(
                f"the labels have {len(unique):,} different values, expected at most {MAX_CLASSES:,} classes; check"
                f" --label-column"
            )
        classes = tuple(sorted(unique, key=int) if numeric else unique)
    unknown = sorted(set(unique) - set(classes))
    if unknown:
        raise CorpusError(
            f"the label {unknown[0]!r} ({int((names == unknown[0]).sum()):,} rows) is not in the class list"
            f" ({_listed(classes)}); correct it, drop those rows, or give the whole list with --classes"
        )
    position = {name: k for k, name in enumerate(classes)}
    return names.map(position).astype(int), classes


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MAX_SHOWN])
    return shown if len(names) <= MAX_SHOWN else f"{shown} and {len(names) - MAX_SHOWN} more"


def _label_name(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _drop_unused_classes(
    frame: pd.DataFrame, classes: tuple[str, ...]
) -> tuple[pd.DataFrame, tuple[str, ...], list[str]]:
    used = sorted(set(frame["label"]))
    if len(used) < 2:
        raise CorpusError(
            f"all {len(frame):,} rows have the label {classes[used[0]]!r}, expected at least two classes; check"
            f" --label-column"
        )
    if len(used) == len(classes):
        return frame, classes, []
    dropped = [name for k, name in enumerate(classes) if k not in set(used)]
    frame["label"] = frame["label"].map({old: new for new, old in enumerate(used)})
    note = f"{len(dropped)} class(es) without a row left out: {', '.join(dropped)}"
    return frame, tuple(classes[k] for k in used), [note]


def _check_held_out_classes(frame: pd.DataFrame, classes: tuple[str, ...]) -> None:
    known = set(frame.loc[frame["split"] == Split.TRAIN, "label"])
    if not known:
        raise CorpusError("no row is in the split train, expected rows to learn from; check --split-column")
    for split in (Split.VALIDATION, Split.TEST):
        unknown = sorted(set(frame.loc[frame["split"] == split, "label"]) - known)
        if unknown:
            raise CorpusError(
                f"the {split} split has the class {classes[unknown[0]]!r}, which no train row has, expected every class"
                f" in train; add such rows to train, or remove the class from {split}"
            )
