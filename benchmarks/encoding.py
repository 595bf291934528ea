"""[CLS] vectors of 2,000 texts with MiniLM: Misread against the usual ways, and against the matrix-product limit.

Run: python -m benchmarks.encoding
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import torch
import tyro
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoTokenizer, pipeline

from benchmarks.table import best_seconds, print_table
from core.data.settings import CorpusSettings
from core.data.validation import load_corpus
from core.models.checkpoints import resolve_checkpoint
from core.models.devices import Device, native_precisions
from core.models.encoder import TransformerEncoder
from core.models.settings import EncoderSettings, Precision

NOTEBOOK_BATCH = 64
MATRIX_SIZE = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingBenchmark:
    """Time [CLS] extraction several ways in one run, best of some repeats each."""

    rows: int = 2000
    """Texts of the demo corpus."""
    repeats: Annotated[int, tyro.conf.arg(aliases=("-n",))] = 3
    """Timed repeats of each way, after one that does not count."""


def matrix_flops(dtype: torch.dtype) -> float:
    """Return the floating point operations per second of a square matrix product."""
    left, right = (torch.randn(MATRIX_SIZE, MATRIX_SIZE).to(dtype) for _ in range(2))
    return 2 * MATRIX_SIZE**3 / best_seconds(lambda: left @ right, repeats=20)


def encoder_flops(config: Any, n_tokens: npt.NDArray[np.int32]) -> float:
    """Return the operations of all matrix products of a BERT-like encoder over texts of these lengths, unpadded.

    Per token and layer: four d × d projections, two d × ff, and scores and weighted sum over the text's tokens.
    """
    d, ff = config.hidden_size, config.intermediate_size
    per_token = 2 * (4 * d * d + 2 * d * ff)
    lengths = n_tokens.astype(np.float64)
    return float(config.num_hidden_layers * (per_token * lengths.sum() + 4 * d * (lengths**2).sum()))


def main() -> None:
    """Measure and print the table."""
    options = tyro.cli(EncodingBenchmark, prog="python -m benchmarks.encoding")
    texts = load_corpus(CorpusSettings(dataset="demo")).frame["text"].tolist()[: options.rows]
    checkpoint = resolve_checkpoint("minilm")
    folder = str(checkpoint.folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    feature_extraction = pipeline("feature-extraction", model=model, tokenizer=tokenizer, device="cpu")
    sentence_transformer = SentenceTransformer(folder, device="cpu")

    def notebook() -> None:
        with torch.no_grad():
            for start in range(0, len(texts), NOTEBOOK_BATCH):
                batch = tokenizer(
                    texts[start : start + NOTEBOOK_BATCH], padding=True, truncation=True, return_tensors="pt"
                )
                model(**batch).last_hidden_state[:, 0].numpy()

    ways: dict[str, Callable[[], object]] = {
        "notebook: batch 64 in given order": notebook,
        'pipeline("feature-extraction"), batch 64': lambda: [
            vectors[0][0] for vectors in feature_extraction(texts, batch_size=NOTEBOOK_BATCH)
        ],
        "sentence-transformers encode": lambda: sentence_transformer.encode(texts),
    }
    precisions = [p for p in (Precision.FLOAT32, Precision.BFLOAT16) if p in native_precisions("cpu")]
    encoders, vectors = {}, {}
    for precision in precisions:
        device = Device(kind="cpu", precision=precision)
        encoder = TransformerEncoder(checkpoint, EncoderSettings(), device=device)
        encoders[precision] = encoder
        vectors[precision] = np.zeros((len(texts), encoder.dimension), dtype=np.float16)
        ways[f"Misread, {precision}"] = lambda e=encoder, out=vectors[precision]: e.encode(texts, out)  # type: ignore[misc]

    seconds = {name: best_seconds(way, repeats=options.repeats) for name, way in ways.items()}
    n_tokens = encoders[precisions[0]].tokenizer(texts).n_tokens
    work = encoder_flops(model.config, n_tokens)
    limits = {precision: matrix_flops(encoders[precision].device.dtype) / work * len(texts) for precision in precisions}
    reference = seconds["sentence-transformers encode"]
    rows = []
    for name, taken in seconds.items():
        rate = len(texts) / taken
        precision = Precision.BFLOAT16 if name.endswith(Precision.BFLOAT16) else Precision.FLOAT32
        rows.append([name, f"{rate:.0f}", f"{reference / taken:.2f}×", f"{rate / limits[precision]:.0%} ({precision})"])
    print_table(
        f"[CLS] of {len(texts):,} texts, MiniLM, {torch.get_num_threads()} threads, best of {options.repeats}",
        ["way", "texts/s", "against sentence-transformers", "of the matrix-product limit"],
        rows,
    )
    for precision in precisions[1:]:
        cosine = lowest_cosine(vectors[precisions[0]], vectors[precision])
        print(f"\nlowest cosine of {precision} to float32: {cosine:.5f}")


def lowest_cosine(first: npt.NDArray[np.float16], second: npt.NDArray[np.float16]) -> float:
    """Return the smallest cosine between the vectors of two arrays, row by row."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    return float(((a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)).min())


if __name__ == "__main__":
    main()
