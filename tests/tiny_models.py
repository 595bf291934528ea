"""Two transformers of a few thousand weights, and a corpus that they can learn; made in a moment, from nothing."""

import csv
import random
from pathlib import Path

import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast

SIGNAL_WORDS = {
    "calm": ("quiet", "still", "gentle", "restful"),
    "cross": ("furious", "unfair", "shouted", "slammed"),
    "merry": ("laughed", "danced", "party", "sunshine"),
}
FILLER_WORDS = ("the", "a", "we", "they", "day", "house", "was", "and", "then", "at", "work", "home", "some", "more")
CHANNELS = ("letter", "chat")
MAX_POSITIONS = 64
HIDDEN_SIZE = 32


def write_tiny_bert(folder: Path) -> Path:
    """Write a BERT of two layers with random weights, as a checkpoint folder, and return the folder."""
    torch.manual_seed(0)
    tokenizer = make_tokenizer()
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=HIDDEN_SIZE,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_POSITIONS,
        initializer_range=0.1,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_tiny_distilbert(folder: Path) -> Path:
    """Write a DistilBERT of two layers with random weights, as a checkpoint folder, and return the folder."""
    torch.manual_seed(0)
    tokenizer = make_tokenizer()
    config = DistilBertConfig(
        vocab_size=len(tokenizer),
        dim=HIDDEN_SIZE,
        n_layers=2,
        n_heads=2,
        hidden_dim=64,
        max_position_embeddings=MAX_POSITIONS,
        initializer_range=0.1,
    )
    DistilBertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Return a WordPiece tokenizer that knows the words of the tiny corpus, and all others letter by letter."""
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    words = [word for signals in SIGNAL_WORDS.values() for word in signals] + list(FILLER_WORDS)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "!", *letters, *(f"##{one}" for one in letters)]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys([*tokens, *words]))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=MAX_POSITIONS,
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
        mask_token="[MASK]",
    )


def tiny_rows(n_rows: int = 120, *, seed: int = 0) -> list[dict[str, str]]:
    """Return texts of three classes in turn, each with one or two words that give its class away, and a channel."""
    draw = random.Random(seed)
    rows = []
    for number in range(n_rows):
        label = list(SIGNAL_WORDS)[number % len(SIGNAL_WORDS)]
        words = draw.choices(FILLER_WORDS, k=draw.randint(3, 12))
        for _ in range(draw.randint(1, 2)):
            words.insert(draw.randrange(len(words) + 1), draw.choice(SIGNAL_WORDS[label]))
        rows.append({"text": " ".join(words), "label": label, "channel": draw.choice(CHANNELS)})
    return rows


def write_tiny_corpus(path: Path, n_rows: int = 120) -> Path:
    """Write the rows as CSV and return the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["text", "label", "channel"])
        writer.writeheader()
        writer.writerows(tiny_rows(n_rows))
    return path
