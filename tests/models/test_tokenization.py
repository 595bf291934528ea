import shutil
from pathlib import Path

import pytest

from core.errors import ModelError
from core.models.tokenization import Tokenizer


@pytest.fixture
def tokenizer(tiny_bert: Path) -> Tokenizer:
    return Tokenizer(tiny_bert, max_length=6)


def test_tokens_are_counted_before_the_cut(tokenizer: Tokenizer):
    tokenized = tokenizer(["the day", "we danced and then they laughed at work", "the day was quiet"])
    assert tokenized.n_tokens.tolist() == [4, 10, 6]
    assert tokenized.truncated.tolist() == [False, True, False]
    assert [len(row) for row in tokenized.token_ids] == [4, 6, 6]


def test_cut_text_ends_with_the_separator(tokenizer: Tokenizer):
    (row,) = tokenizer(["we danced and then they laughed at work"]).token_ids
    words = tokenizer.pretrained.convert_ids_to_tokens(row)
    assert words == ["[CLS]", "we", "danced", "and", "then", "[SEP]"]


def test_text_of_a_megabyte_is_cut_and_counted(tokenizer: Tokenizer):
    text = "the day " * 131_072
    assert len(text) == 1024**2
    tokenized = tokenizer([text, "party"])
    assert tokenized.n_tokens.tolist() == [262_146, 3]
    assert len(tokenized.token_ids[0]) == 6


def test_text_without_a_known_sign_has_only_special_tokens_and_unknowns(tokenizer: Tokenizer):
    assert tokenizer(["", "\u200b", "😀"]).n_tokens.tolist() == [2, 2, 3]


def test_no_texts_give_no_rows(tokenizer: Tokenizer):
    assert tokenizer([]).token_ids == []


def test_max_length_is_at_most_what_the_checkpoint_reads(tiny_bert: Path):
    assert Tokenizer(tiny_bert, max_length=10_000).max_length == 64


def test_max_length_without_room_for_a_word_is_refused(tiny_bert: Path):
    with pytest.raises(ModelError, match="--max-length is 2, expected more than the 2 special tokens"):
        Tokenizer(tiny_bert, max_length=2)


def test_checkpoint_without_tokenizer_is_refused(tiny_bert: Path, tmp_path: Path):
    shutil.copy(tiny_bert / "config.json", tmp_path)
    shutil.copy(tiny_bert / "model.safetensors", tmp_path)
    with pytest.raises(ModelError, match="has no readable tokenizer"):
        Tokenizer(tmp_path, max_length=8)


@pytest.mark.parametrize("payload", ["{", "{}", "[]", ""])
def test_damaged_tokenizer_is_refused(tiny_bert: Path, tmp_path: Path, payload: str):
    shutil.copytree(tiny_bert, tmp_path / "damaged")
    (tmp_path / "damaged" / "tokenizer.json").write_text(payload)
    with pytest.raises(ModelError, match="has no readable tokenizer"):
        Tokenizer(tmp_path / "damaged", max_length=8)
