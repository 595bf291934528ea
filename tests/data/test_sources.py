import hashlib
import json
from pathlib import Path

import datasets
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.artifacts.schema import Split
from core.data.settings import CorpusSettings
from core.data.sources import load_source
from core.errors import CorpusError
from tests.data.files import csv_of, load, write

SIX = csv_of({"joy": 3, "fear": 3})
ONE_EACH = csv_of({"joy": 1, "fear": 1})


def hub(monkeypatch: pytest.MonkeyPatch, **splits: datasets.Dataset) -> list[tuple[str, str | None]]:
    """Put a hub in place that has one corpus; return the list of what is asked of it."""
    asked: list[tuple[str, str | None]] = []

    def load_dataset(hub_id: str, revision: str | None = None) -> datasets.DatasetDict:
        asked.append((hub_id, revision))
        return datasets.DatasetDict(splits)

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    return asked


def part(texts: list[str], labels: list[int]) -> datasets.Dataset:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["sad", "glad"])}
    )
    return datasets.Dataset.from_dict({"text": texts, "label": labels}, features=features)


def test_demo_is_the_corpus_in_the_package() -> None:
    corpus = load("demo")
    assert (corpus.info.name, corpus.info.source, corpus.info.licence) == ("Everyday Feelings", "package", "CC0-1.0")
    assert corpus.info.n_rows == {Split.TRAIN: 1600, Split.VALIDATION: 400, Split.TEST: 400}
    assert corpus.classes == ("anger", "fear", "joy", "love", "sadness", "surprise")
    assert corpus.info.notes == ()
    assert corpus.info.sha256 == "3a00d74f964c6820ac7787826d7db432fbd621ebb99e62e8a52c81dae9eb7cfd"


@pytest.mark.parametrize(
    "names",
    [
        ("train.csv", "validation.csv", "test.csv"),
        ("train.csv", "val.csv", "test.csv"),
        ("train.csv", "dev.csv", "test.csv"),
        ("train.csv", "valid.csv", "test.csv"),
        ("TRAINING.csv", "Validation.csv", "Test.csv"),
    ],
)
def test_folder_has_one_file_per_split(tmp_path: Path, names: tuple[str, str, str]) -> None:
    for k, name in enumerate(names):
        write(tmp_path / "feelings" / name, f"text,label\na{k},joy\nb{k},fear\n")
    write(tmp_path / "feelings" / "README.md", "not a split")
    write(tmp_path / "feelings" / "notes.csv", "not a split")
    corpus = load(tmp_path / "feelings")
    assert corpus.frame["text"].tolist() == ["a0", "b0", "a1", "b1", "a2", "b2"]
    assert corpus.frame["split"].tolist() == ["train"] * 2 + ["validation"] * 2 + ["test"] * 2
    assert (corpus.info.name, corpus.info.source) == ("feelings", "feelings")


def test_folder_may_mix_formats(tmp_path: Path) -> None:
    write(tmp_path / "train.txt", "a;1\nb;0\n")
    write(tmp_path / "test.jsonl", '{"text": "c", "label": 1}\n{"text": "d", "label": 0}')
    pq.write_table(pa.table({"text": ["e", "f"], "label": [0.0, 1.0]}), tmp_path / "dev.parquet")
    corpus = load(tmp_path)
    assert corpus.classes == ("0", "1")
    labels = dict(zip(corpus.frame["text"], corpus.frame["label"], strict=True))
    assert labels == {"a": 1, "b": 0, "c": 1, "d": 0, "e": 0, "f": 1}


def test_folder_without_validation_gets_it_from_train_only(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", csv_of({"joy": 50, "fear": 50}))
    write(tmp_path / "test.csv", csv_of({"joy": 500, "fear": 500}))
    corpus = load(tmp_path)
    assert corpus.info.n_rows == {Split.TRAIN: 90, Split.VALIDATION: 10, Split.TEST: 1000}
    assert corpus.info.notes == ("validation: 10 rows drawn from train, stratified by label, seed 42",)


def test_digest_of_a_folder_covers_every_split_and_only_these(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", SIX)
    settings = CorpusSettings(dataset=str(tmp_path))
    only_train = load_source(settings).sha256
    write(tmp_path / "README.md", "words")
    assert load_source(settings).sha256 == only_train
    write(tmp_path / "test.csv", ONE_EACH)
    assert load_source(settings).sha256 != only_train


def test_digest_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", SIX)
    assert load(path).info.sha256 == hashlib.sha256(SIX.encode()).hexdigest()


def test_file_is_named_without_its_path(tmp_path: Path) -> None:
    info = load(write(tmp_path / "my reviews.csv", SIX)).info
    assert (info.name, info.source) == ("my reviews", "my reviews.csv")
    assert str(tmp_path) not in info.model_dump_json()


def test_public_name_hides_the_local_one(tmp_path: Path) -> None:
    path = write(tmp_path / "secret-client.csv", SIX)
    info = load(path, corpus_name="dair-ai/emotion", licence="other").info
    assert (info.name, info.source, info.licence) == ("dair-ai/emotion", "local copy", "other")
    assert "secret" not in info.model_dump_json()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"test.csv": SIX}, "has no train file (found: test.csv), expected train and optionally validation and test"),
        ({}, "has no train file (found: nothing), expected train"),
        ({"train.md": SIX}, "has no train file (found: train.md), expected train"),
        (
            {"train.csv": SIX, "val.csv": SIX, "valid.jsonl": "{}"},
            "has two files for validation: val.csv and valid.jsonl, expected one per split; remove or rename one",
        ),
        ({"train.csv": SIX, "training.tsv": SIX}, "has two files for train: train.csv and training.tsv, expected one"),
    ],
)
def test_folder_that_is_no_corpus_says_what_it_holds(tmp_path: Path, files: dict[str, str], message: str) -> None:
    (tmp_path / "folder").mkdir()
    for name, content in files.items():
        write(tmp_path / "folder" / name, content)
    with pytest.raises(CorpusError) as caught:
        load(tmp_path / "folder")
    assert message in str(caught.value)


def test_splits_that_disagree_about_the_class_list_are_refused(tmp_path: Path) -> None:
    for split, names in (("train", ["joy", "fear"]), ("test", ["fear", "joy"])):
        metadata = {"huggingface": json.dumps({"info": {"features": {"label": {"names": names}}}})}
        table = pa.table({"text": ["a", "b"], "label": [0, 1]}).replace_schema_metadata(metadata)
        pq.write_table(table, tmp_path / f"{split}.parquet")
    with pytest.raises(
        CorpusError, match=r"test\.parquet names the classes fear, joy, the files before it joy, fear, exp"
    ):
        load(tmp_path)


@pytest.mark.parametrize("dataset", ["nowhere", "C:\\data", "./nowhere/reviews", "a/b/c"])
def test_neither_path_nor_hub_id_is_refused_without_asking_the_hub(
    monkeypatch: pytest.MonkeyPatch, dataset: str
) -> None:
    asked = hub(monkeypatch)
    with pytest.raises(
        CorpusError, match=r"^no such file or folder: .*; expected a path, a hub id such as dair-ai/emotion"
    ):
        load(dataset)
    assert asked == []


def test_no_corpus_at_all_says_how_to_give_one() -> None:
    with pytest.raises(CorpusError, match="no corpus given, expected one; give it with --dataset PATH_OR_HUB_ID"):
        load_source(CorpusSettings())


def test_hub_corpus_keeps_its_splits_class_order_and_licence(monkeypatch: pytest.MonkeyPatch) -> None:
    splits = {
        "train": part(["a", "b"], [0, 1]),
        "test": part(["e", "f"], [1, 0]),
        "validation": part(["c", "d"], [1, 0]),
    }
    splits["train"].info.license = "mit"
    asked = hub(monkeypatch, **splits)
    corpus = load("emotion", dataset_revision="v1")
    assert asked == [("dair-ai/emotion", "v1")]
    assert corpus.classes == ("sad", "glad")
    assert corpus.frame["text"].tolist() == list("abcdef")
    assert corpus.frame["label"].tolist() == [0, 1, 1, 0, 1, 0]
    assert (corpus.info.name, corpus.info.source) == ("dair-ai/emotion", "hub")
    assert (corpus.info.revision, corpus.info.licence) == ("v1", "mit")


def test_digest_of_a_hub_corpus_is_that_of_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def digest(labels: list[int]) -> str:
        splits = {name: part(["a", "b"], labels) for name in ("train", "validation", "test")}
        hub(monkeypatch, **splits)
        return load("some/corpus").info.sha256

    assert digest([0, 1]) == digest([0, 1])
    assert digest([0, 1]) != digest([1, 0])


def test_hub_split_that_is_none_of_the_three_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    splits = {name: part(["a", "b"], [0, 1]) for name in ("train", "validation", "test", "unsupervised")}
    hub(monkeypatch, **splits)
    corpus = load("some/corpus")
    assert len(corpus.frame) == 6
    assert corpus.info.notes == ("split(s) left out: unsupervised",)


def test_hub_corpus_without_train_names_its_splits(monkeypatch: pytest.MonkeyPatch) -> None:
    hub(monkeypatch, corpus=part(["a", "b"], [0, 1]))
    with pytest.raises(
        CorpusError, match=r"has the splits corpus, expected at least train; download it and give one file"
    ):
        load("some/corpus")


def test_hub_out_of_reach_is_one_sentence_with_the_way_around_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        monkeypatch.setattr(datasets.config, name, True, raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)
    with pytest.raises(CorpusError) as caught:
        load("nobody/no-such-corpus")
    message = str(caught.value)
    assert message.startswith(
        "there is no folder nobody/no-such-corpus, and the hub corpus of that name cannot be loaded ("
    )
    assert message.endswith("check the id and the network, or give a local copy with --dataset PATH")
    assert "\n" not in message


def test_frames_of_a_source_are_raw(tmp_path: Path) -> None:
    source = load_source(CorpusSettings(dataset=str(write(tmp_path / "a.csv", "text,label\n ,x\n"))))
    pd.testing.assert_frame_equal(source.frames[None], pd.DataFrame({"text": [" "], "label": ["x"]}))
