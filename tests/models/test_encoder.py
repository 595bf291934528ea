import json
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from core.errors import ModelError
from core.models.checkpoints import Checkpoint, resolve_checkpoint
from core.models.devices import Device, cpu_has_bfloat16
from core.models.encoder import TransformerEncoder, load_encoder_model
from core.models.settings import EncoderSettings, Pooling, Precision
from tests.tiny_models import HIDDEN_SIZE, tiny_rows

CPU_FLOAT32 = Device(kind="cpu", precision=Precision.FLOAT32)
CPU_BFLOAT16 = Device(kind="cpu", precision=Precision.BFLOAT16)
TEXTS = [row["text"] for row in tiny_rows(40)] + ["party", "the day was quiet " * 40, "!"]


@pytest.fixture(params=["tiny_bert", "tiny_distilbert"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Each architecture in turn."""
    return request.getfixturevalue(request.param)


def encode(
    folder: Path | str, texts: list[str], *, device: Device = CPU_FLOAT32, **settings
) -> npt.NDArray[np.float16]:
    encoder = TransformerEncoder(resolve_checkpoint(str(folder)), EncoderSettings(**settings), device=device)
    out = np.zeros((len(texts), encoder.dimension), dtype=np.float16)
    encoder.encode(texts, out)
    return out


def hidden_states_one_by_one(folder: Path, *, max_length: int) -> list[npt.NDArray[np.float32]]:
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    with torch.no_grad():
        return [
            model(**tokenizer(text, truncation=True, max_length=max_length, return_tensors="pt"))
            .last_hidden_state[0]
            .numpy()
            for text in TEXTS
        ]


def test_cls_vectors_equal_the_model_called_text_by_text(folder: Path):
    expected = np.stack([states[0] for states in hidden_states_one_by_one(folder, max_length=16)])
    np.testing.assert_allclose(encode(folder, TEXTS, max_length=16), expected, rtol=2e-3, atol=2e-3)


def test_mean_vectors_equal_the_mean_over_a_texts_own_tokens(folder: Path):
    expected = np.stack([states.mean(axis=0) for states in hidden_states_one_by_one(folder, max_length=16)])
    vectors = encode(folder, TEXTS, max_length=16, pooling=Pooling.MEAN)
    np.testing.assert_allclose(vectors, expected, rtol=2e-3, atol=2e-3)


def test_vectors_do_not_depend_on_the_order_of_the_texts(tiny_distilbert: Path):
    order = np.random.default_rng(0).permutation(len(TEXTS))
    shuffled = encode(tiny_distilbert, [TEXTS[i] for i in order], batch_tokens=64)
    np.testing.assert_allclose(shuffled, encode(tiny_distilbert, TEXTS, batch_tokens=64)[order], rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("batch_tokens", [1, 100, 100_000])
def test_vectors_do_not_depend_on_the_batch(tiny_bert: Path, batch_tokens: int):
    vectors = encode(tiny_bert, TEXTS, batch_tokens=batch_tokens)
    np.testing.assert_allclose(vectors, encode(tiny_bert, TEXTS), rtol=2e-3, atol=2e-3)


def test_different_texts_have_different_vectors(folder: Path):
    vectors = encode(folder, ["furious day", "sunshine day"]).astype(np.float32)
    assert np.abs(vectors[0] - vectors[1]).max() > 0.1


def test_counts_come_with_the_vectors(tiny_bert: Path):
    encoder = TransformerEncoder(resolve_checkpoint(str(tiny_bert)), EncoderSettings(max_length=5), device=CPU_FLOAT32)
    counts = encoder.encode(["the day", "we danced at home"], np.zeros((2, HIDDEN_SIZE), dtype=np.float16))
    assert counts.n_tokens.tolist() == [4, 6]
    assert counts.truncated.tolist() == [False, True]


def test_max_length_is_at_most_what_the_checkpoint_reads(tiny_bert: Path):
    encoder = TransformerEncoder(
        resolve_checkpoint(str(tiny_bert)), EncoderSettings(max_length=512), device=CPU_FLOAT32
    )
    assert encoder.max_length == 64


def test_no_texts_give_no_vectors(tiny_bert: Path):
    assert encode(tiny_bert, []).shape == (0, HIDDEN_SIZE)


def test_vectors_that_are_not_finite_are_refused(tiny_bert: Path):
    encoder = TransformerEncoder(resolve_checkpoint(str(tiny_bert)), EncoderSettings(), device=CPU_FLOAT32)
    with torch.no_grad():
        encoder.model.encoder.layer[-1].output.LayerNorm.bias.fill_(1e6)  # float16 ends at 65504
    with pytest.raises(ModelError, match="not finite in float32, expected numbers"):
        encoder.encode(["the day"], np.zeros((1, HIDDEN_SIZE), dtype=np.float16))


@pytest.mark.skipif(not cpu_has_bfloat16(), reason="this CPU has no bfloat16")
def test_bfloat16_points_where_float32_points():
    exact = encode("minilm", TEXTS).astype(np.float32)
    fast = encode("minilm", TEXTS, device=CPU_BFLOAT16).astype(np.float32)
    cosine = (exact * fast).sum(axis=1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(fast, axis=1)
    assert cosine.min() >= 0.9995


def test_checkpoint_that_lacks_weights_is_refused(tiny_bert: Path, tmp_path: Path):
    folder = tmp_path / "incomplete"
    shutil.copytree(tiny_bert, folder)
    weights = load_file(folder / "model.safetensors")
    lost = next(name for name in weights if name.endswith("attention.self.query.weight"))
    save_file({name: tensor for name, tensor in weights.items() if name != lost}, folder / "model.safetensors")
    with pytest.raises(ModelError, match=r"lack 1 of the model that config.json describes \(first: .*query.weight\)"):
        load_encoder_model(Checkpoint(folder=folder, name="incomplete", sha256=""))


def test_cut_off_weights_are_refused(tiny_bert: Path, tmp_path: Path):
    folder = tmp_path / "cut"
    shutil.copytree(tiny_bert, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(ModelError, match="cannot be loaded as an encoder"):
        load_encoder_model(Checkpoint(folder=folder, name="cut", sha256=""))


def test_code_that_comes_with_a_checkpoint_is_never_run(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "hostile"
    shutil.copytree(tiny_bert, folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "hostile", "auto_map": {"AutoConfig": "code.Config", "AutoModel": "code.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "code.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.setattr("builtins.input", lambda *_: "y")
    with pytest.raises(ModelError, match="cannot be loaded as an encoder"):
        load_encoder_model(Checkpoint(folder=folder, name="hostile", sha256=""))
    assert not (tmp_path / "ran").exists()
