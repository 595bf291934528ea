import pytest
import torch

from core.errors import ModelError
from core.models.devices import Device, choose_device, out_of_memory_explained
from core.models.settings import Precision


@pytest.fixture
def cpu_with(monkeypatch: pytest.MonkeyPatch):
    def set_capabilities(**capabilities: bool) -> None:
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512": True, **capabilities})

    return set_capabilities


@pytest.mark.parametrize("instructions", ["avx512_bf16", "amx_bf16", "bf16"])
def test_auto_is_bfloat16_where_the_cpu_has_it(cpu_with, instructions: str):
    cpu_with(**{instructions: True})
    assert choose_device(Precision.AUTO, kind="cpu") == Device(kind="cpu", precision=Precision.BFLOAT16)


@pytest.mark.parametrize("capabilities", [{}, {"avx512_bf16": False, "amx_bf16": False}, {"amx_fp16": True}])
def test_auto_is_float32_where_the_cpu_would_emulate(cpu_with, capabilities: dict[str, bool]):
    cpu_with(**capabilities)
    assert choose_device(Precision.AUTO, kind="cpu").precision is Precision.FLOAT32


def test_bfloat16_is_refused_where_the_cpu_would_emulate(cpu_with):
    cpu_with()
    with pytest.raises(ModelError, match="--precision bfloat16 asked for, but this cpu computes natively in float32"):
        choose_device(Precision.BFLOAT16, kind="cpu")


def test_float16_on_a_cpu_is_refused_in_one_sentence(cpu_with):
    cpu_with(avx512_bf16=True)
    with pytest.raises(ModelError) as refused:
        choose_device(Precision.FLOAT16, kind="cpu")
    assert str(refused.value) == (
        "--precision float16 asked for, but this cpu computes natively in bfloat16, float32 only; choose one of these"
        " or auto"
    )


def test_float32_is_taken_when_asked_for(cpu_with):
    cpu_with(avx512_bf16=True)
    assert choose_device(Precision.FLOAT32, kind="cpu").precision is Precision.FLOAT32


def test_a_precision_names_its_torch_type():
    assert Device(kind="cpu", precision=Precision.BFLOAT16).dtype is torch.bfloat16
    assert Device(kind="cpu", precision=Precision.FLOAT32).dtype is torch.float32


def test_out_of_memory_is_one_sentence():
    message = r"out of memory on a batch of 32,768 tokens, expected it to fit; .*lower --batch-tokens"
    with pytest.raises(ModelError, match=message), out_of_memory_explained(32_768):
        raise torch.OutOfMemoryError("CUDA")
