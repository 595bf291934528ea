"""Peak memory and time of `extract_features` over growing corpora of short synthetic texts, with a tiny encoder.

Run: python -m benchmarks.scale
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from transformers import AutoTokenizer, BertConfig, BertModel

from benchmarks.table import print_table
from core.models.checkpoints import resolve_checkpoint

WORDS = "the a my your this that dog train rain song friend work day night went was felt saw said made very so"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleBenchmark:
    """Run the extraction script over corpora of several sizes, each in a process of its own."""

    rows: tuple[int, ...] = (100_000, 300_000, 1_000_000)
    """Texts per corpus."""


def save_tiny_encoder(folder: Path) -> None:
    """Write a one-layer BERT with random weights and the packaged tokenizer."""
    torch.manual_seed(0)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(resolve_checkpoint("minilm").folder).save_pretrained(folder)


def write_corpus(path: Path, n_rows: int) -> None:
    """Write a CSV of texts of 3 to 12 words, with two labels."""
    rng, words = random.Random(0), WORDS.split()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows([" ".join(rng.choices(words, k=rng.randint(3, 12))), f"class {i % 2}"] for i in range(n_rows))


def run_script(script: str, *arguments: object) -> tuple[float, float]:
    """Run a script to its end; return its seconds and its peak memory in GB.

    Raises:
        subprocess.CalledProcessError: If it fails.
    """
    command = [sys.executable, "-m", f"scripts.{script}", *map(str, arguments)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    return time.perf_counter() - started, usage.ru_maxrss * 1024 / 1e9


def main() -> None:
    """Measure and print the table."""
    options = tyro.cli(ScaleBenchmark, prog="python -m benchmarks.scale")
    table = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        save_tiny_encoder(root / "tiny")
        for n_rows in options.rows:
            write_corpus(root / "corpus.csv", n_rows)
            run = ("--run", f"rows-{n_rows}", "--artifacts-dir", root / "artifacts")
            run_script("prepare_data", *run, "--dataset", root / "corpus.csv")
            seconds, gigabytes = run_script("extract_features", *run, "--model-ckpt", root / "tiny")
            table.append([f"{n_rows:,}", f"{seconds:.0f}", f"{n_rows / seconds:,.0f}", f"{gigabytes:.2f}"])
    print_table("extract_features, tiny encoder", ["texts", "seconds", "texts/s", "peak memory, GB"], table)


if __name__ == "__main__":
    main()
